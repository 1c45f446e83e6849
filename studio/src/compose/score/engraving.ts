/** What the page and the engraver tell one another. */

/** Engrave this. */
export interface EngraveRequest {
  readonly musicXml: string;
  /** Pixels across. */
  readonly width: number;
}

/** Draw this page, of those that were engraved last. */
export interface PageRequest {
  readonly page: number;
}

/** From here on other notes sound. */
export interface Moment {
  /** Quarter notes from the beginning. */
  readonly at: number;
  /** Ids of the notes that begin here. */
  readonly on: readonly string[];
  /** Ids of the notes that end here. */
  readonly off: readonly string[];
  /** The page on which it is. */
  readonly page: number;
}

export type EngraverAnswer =
  | { readonly kind: 'engraved'; readonly pages: number; readonly moments: readonly Moment[] }
  | { readonly kind: 'page'; readonly page: number; readonly svg: string }
  | { readonly kind: 'failed'; readonly message: string };
