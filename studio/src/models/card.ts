/**
 * The Markdown of model cards, as data: headings, paragraphs, lists, tables, code; with emphasis, code and
 * links within. What a card says is never taken for HTML, whoever wrote it.
 */

export type Inline =
  | { readonly type: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string };

export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly type: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly type: 'code'; readonly text: string };

/** The blocks of a card. */
export function parseCard(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line.trim() === '') {
      at++;
    } else if (line.startsWith('```')) {
      const end = lines.findIndex((other, i) => i > at && other.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      blocks.push({ type: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last + 1;
    } else {
      const isSame = kindOf(line);
      let end = at + 1;
      while (end < lines.length && isSame(lines[end])) end++;
      blocks.push(...blocksOf(lines.slice(at, end)));
      at = end;
    }
  }
  return blocks;
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const TABLE_ROW = /^\s*\|/;

/** Tells which of the lines after this one belong to it. */
function kindOf(line: string): (next: string) => boolean {
  if (HEADING.test(line)) return () => false;
  if (TABLE_ROW.test(line)) return (next) => TABLE_ROW.test(next);
  const isOther = (next: string) =>
    next.trim() === '' || HEADING.test(next) || TABLE_ROW.test(next) || next.startsWith('```');
  if (ITEM.test(line)) return (next) => !isOther(next);
  return (next) => !isOther(next) && !ITEM.test(next);
}

function blocksOf(lines: readonly string[]): Block[] {
  const [first] = lines;
  const heading = HEADING.exec(first);
  if (heading !== null) {
    return [{ type: 'heading', level: heading[1].length, content: parseInline(heading[2]) }];
  }
  if (TABLE_ROW.test(first)) return [{ type: 'table', rows: tableRows(lines) }];
  if (!ITEM.test(first)) return [{ type: 'paragraph', content: parseInline(joinLines(lines)) }];
  const items: string[][] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item !== null) items.push([item[2]]);
    else items[items.length - 1].push(line);
  }
  const isOrdered = ITEM.exec(first)?.[1] !== undefined;
  return [{ type: 'list', isOrdered, items: items.map((item) => parseInline(joinLines(item))) }];
}

const joinLines = (lines: readonly string[]) => lines.map((line) => line.trim()).join(' ');

/** Rows with anything in them; the line of dashes under the head is none. */
function tableRows(lines: readonly string[]): Inline[][][] {
  return lines
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
    .filter((cells) => cells.some((cell) => cell !== '') && !cells.every((cell) => /^:?-*:?$/.test(cell)))
    .map((cells) => cells.map(parseInline));
}

const INLINE =
  /`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)|(?<![\w*])[*_]([^*_\s](?:[^*_]*[^*_\s])?)[*_](?![\w*])/;

export function parseInline(text: string): Inline[] {
  const found = INLINE.exec(text);
  if (found === null) return text === '' ? [] : [{ type: 'text', text }];
  const [all, code, strong, linkText, href, emphasis] = found;
  const before = text.slice(0, found.index);
  const own: Inline =
    code !== undefined
      ? { type: 'code', text: code }
      : strong !== undefined
        ? { type: 'strong', text: strong }
        : emphasis !== undefined
          ? { type: 'emphasis', text: emphasis }
          : isWebLink(href)
            ? { type: 'link', text: linkText, href }
            : { type: 'text', text: linkText };
  const rest = parseInline(text.slice(found.index + all.length));
  return [...(before === '' ? [] : [{ type: 'text' as const, text: before }]), own, ...rest];
}

/** Only links to web pages are links here: others lead nowhere from this page, or do harm. */
function isWebLink(href: string): boolean {
  return /^https?:\/\//i.test(href);
}
