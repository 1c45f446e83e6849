/**
 * Playing in a style, and to an end: of all that is played the model is told so. How strongly, is how far
 * what is predicted then is taken away from what is predicted untold (classifier-free guidance, Ho & Salimans
 * 2022).
 */
import type { TensorData } from '../../engine/engine.js';
import { styleNamed } from '../../playing/styles.js';
import { USUAL_STRENGTH, type Wishes } from '../../playing/wishes.js';
import { NONE, placeOfGiven } from '../../representation/events.js';
import type { EventLstm } from './network.js';

/** What a model is to be guided by. */
export interface Guidance {
  /** Which column of its events tells the style, and which one it is; NONE where none is asked for. */
  readonly place: number;
  readonly style: number;
  /** What of it is contrasted with what is predicted without, by the names of what is given. */
  readonly contrasted: readonly string[];
  /** 0 as without, 1 as predicted, more is more of it. */
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
  if (style === undefined && !isEnding) return undefined;
  const hasStrength = style !== undefined && styleStrength !== 1;
  return {
    place: style === undefined ? NONE : placeOfGiven(representation, 'style'),
    style: style === undefined ? NONE : styleNamed(config.styles ?? [], style),
    contrasted: [...(hasStrength ? ['style'] : []), ...(isEnding ? ['left'] : [])],
    strength: Math.max(...(hasStrength ? [styleStrength] : []), ...(isEnding ? [ENDING_STRENGTH] : []), 0),
  };
}

/** Moves what is predicted away from what is predicted untold, so many times the way between them. */
export function contrast(logits: TensorData, untold: TensorData, strength: number): void {
  for (let i = 0; i < logits.length; i++) logits[i] = untold[i] + strength * (logits[i] - untold[i]);
}
