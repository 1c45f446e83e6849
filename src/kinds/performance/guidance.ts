/**
 * Playing in a style, and to an end. The primer is heard as if it were in that style, and so is what is
 * played. How strongly, is how far what is predicted then is taken away from what is predicted untold
 * (classifier-free guidance, Ho & Salimans 2022).
 */
import type { TensorData } from '../../engine/engine.js';
import { styleNamed } from '../../playing/styles.js';
import { USUAL_STRENGTH, type Wishes } from '../../playing/wishes.js';
import { type EventTable, NONE, placeOfGiven } from '../../representation/events.js';
import type { EventLstm } from './network.js';

/** What a model is to be guided by. */
export interface Guidance {
  /** Which column of its events tells the style, and which one it is; NONE where none is asked for. */
  readonly place: number;
  readonly style: number;
  /** 0 as untold, 1 as predicted, more is more of it. */
  readonly strength: number;
}

/** How strongly it is guided to an end: as told, every other ending of `pop909` is taken for a real one. */
const ENDING_STRENGTH = 2.5;

/**
 * What is asked of a model; nothing where it is untold.
 *
 * @throws CadenzaError when it has not learned the style
 */
export function guidanceOf(
  { config, representation }: EventLstm,
  { style, styleStrength = USUAL_STRENGTH, isEnding }: Wishes,
): Guidance | undefined {
  const ending = isEnding ? ENDING_STRENGTH : 0;
  if (style === undefined) return isEnding ? { place: NONE, style: NONE, strength: ending } : undefined;
  const index = styleNamed(config.styles ?? [], style);
  const place = placeOfGiven(representation, 'style');
  return { place, style: index, strength: Math.max(styleStrength, ending) };
}

/** Whether what is predicted untold is needed too. */
export const isContrasted = (guidance: Guidance | undefined) => (guidance?.strength ?? 1) !== 1;

/** The same events, told that they are in a style. */
export function told({ length, columns }: EventTable, guidance: Guidance | undefined): EventTable {
  const { place = NONE, style = NONE } = guidance ?? {};
  return { length, columns: columns.map((column, k) => (k === place ? column.map(() => style) : column)) };
}

/** Moves what is predicted away from what is predicted untold, so many times the way between them. */
export function contrast(logits: TensorData, untold: TensorData, strength: number): void {
  for (let i = 0; i < logits.length; i++) logits[i] = untold[i] + strength * (logits[i] - untold[i]);
}
