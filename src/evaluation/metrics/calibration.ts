/**
 * What a model makes of pieces, minute by minute (after Braverman et al., "Calibration, Entropy Rates, and
 * Memory in Language Models", ICML 2020).
 */

/** Bits a note of each minute, over all pieces that last so long. */
export interface Calibration {
  /** What the model is called. */
  readonly model: string;
  readonly generated: readonly number[];
  readonly reference?: readonly number[];
}
