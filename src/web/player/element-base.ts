/** What the elements share. Where there is no page (a server that renders one), it can be imported too. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class ElementBase extends Base {
  /**
   * The height that the attribute says, as a style sheet: strict security policies allow no style attribute.
   */
  protected applyHeight(): void {
    const root = this.shadowRoot;
    if (!root) return;
    const height = Number(this.getAttribute('height'));
    const [first] = root.adoptedStyleSheets;
    const own = new CSSStyleSheet();
    if (height > 0) own.replaceSync(`:host { height: ${height}px; }`);
    root.adoptedStyleSheets = [first, own];
  }
}
