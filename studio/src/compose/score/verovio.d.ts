/** What of Verovio is used; it comes without types. */
declare module 'verovio/esm' {
  export const LOG_ERROR: number;
  export function enableLog(level: number, module: unknown): void;
  export class VerovioToolkit {
    constructor(module: unknown);
    setOptions(options: Readonly<Record<string, unknown>>): void;
    loadData(data: string): boolean;
    getLog(): string;
    getPageCount(): number;
    getPageWithElement(id: string): number;
    renderToSVG(page: number): string;
    renderToTimemap(options?: { readonly includeMeasures?: boolean }): readonly {
      /** Quarter notes. */
      readonly qstamp: number;
      readonly on?: readonly string[];
      readonly off?: readonly string[];
      readonly measureOn?: string;
    }[];
  }
}

declare module 'verovio/wasm?url' {
  const url: string;
  export default url;
}
