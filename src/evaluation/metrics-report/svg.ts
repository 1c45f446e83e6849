/** Small change of SVG and HTML. */

/** Text as the content of an element or an attribute; characters that XML cannot have are replaced. */
export function escapeXml(content: string): string {
  return content
    .replace(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** A coordinate, to a tenth of a pixel. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function svgText(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

/** An image that scales with the page; its colours are the page's, by class. */
export function svgImage(width: number, height: number, title: string, content: readonly string[]): string {
  return `<svg viewBox="0 0 ${width} ${coordinate(height)}" role="img"><title>${escapeXml(title)}</title>
${content.join('\n')}
</svg>`;
}
