/**
 * Sizes of models that can be chosen, a row each: options of the command line and fields of a page are made
 * of them.
 */

/** Values of the rows, by name; what is left out is usual for the kind. */
export interface ModelSizes {
  readonly layers?: number;
  readonly hiddenSize?: number;
  readonly headSize?: number;
  readonly contextUnits?: number;
  readonly keyFeatures?: number;
  /** Whether a performance model hears what it recalls of the piece. */
  readonly recall?: boolean;
  /** Whether it is told how far the end is, and in whose style a piece is; as `recall` where not given. */
  readonly guidance?: boolean;
  /** The styles that it learns to tell apart, by name; none where not given. */
  readonly styles?: readonly string[];
}

export interface SizeRow {
  readonly name: Exclude<keyof ModelSizes, 'recall' | 'guidance' | 'styles'>;
  readonly least: number;
  readonly most: number;
  /** What a page calls it. */
  readonly label: string;
  /** What the help of the command line says of it. */
  readonly help: string;
  /** More than this takes a page too long. */
  readonly fieldMost?: number;
}

/** Those that people choose; the others follow from them, and can be set in the library. */
export const SIZE_ROWS: readonly SizeRow[] = [
  {
    name: 'layers',
    least: 1,
    most: 8,
    label: 'Layers',
    help: 'LSTM layers of a performance model (default: 2)',
    fieldMost: 4,
  },
  {
    name: 'hiddenSize',
    least: 1,
    most: 4096,
    label: 'Units',
    help: 'units of each of them (default: 512)',
    fieldMost: 448,
  },
];
