/** Which pitch classes sound in each second of a piece, and how alike its seconds are. */
import { type GridNotes, TICKS_PER_SECOND } from '../../notes/grid.js';
import { pitchClassOf } from './features.js';

/** Weights of the seconds around one: the mean over four seconds, its own in their middle. */
const SMOOTHING = [0.5, 1, 1, 1, 0.5];

/**
 * (seconds, 12) The time that each pitch class sounds, by seconds from the first onset, smoothed over four
 * seconds and scaled to length 1; zeros where nothing sounds.
 *
 * @param most seconds to look at
 */
export function chromaFrames({ length, key, onset, offset }: GridNotes, most: number): Float64Array {
  let end = 0;
  for (let i = 0; i < length; i++) end = Math.max(end, offset[i], onset[i] + 1);
  const frames = Math.min(most, Math.ceil(end / TICKS_PER_SECOND));
  const sounding = new Float64Array(frames * 12);
  for (let i = 0; i < length; i++) {
    const pitchClass = pitchClassOf(key[i]);
    const release = Math.max(offset[i], onset[i] + 1); // a note without length is heard too
    for (let from = onset[i]; from < release; ) {
      const frame = Math.floor(from / TICKS_PER_SECOND);
      if (frame >= frames) break;
      const to = Math.min(release, (frame + 1) * TICKS_PER_SECOND);
      sounding[frame * 12 + pitchClass] += to - from;
      from = to;
    }
  }
  return normalised(smoothed(sounding, frames), frames);
}

function smoothed(sounding: Float64Array, frames: number): Float64Array {
  const result = new Float64Array(sounding.length);
  const middle = (SMOOTHING.length - 1) / 2;
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < SMOOTHING.length; i++) {
      const other = frame + i - middle;
      if (other < 0 || other >= frames) continue;
      for (let c = 0; c < 12; c++) result[frame * 12 + c] += SMOOTHING[i] * sounding[other * 12 + c];
    }
  }
  return result;
}

function normalised(chroma: Float64Array, frames: number): Float64Array {
  for (let frame = 0; frame < frames; frame++) {
    const row = chroma.subarray(frame * 12, frame * 12 + 12);
    const size = Math.hypot(...row);
    if (size > 0) for (let c = 0; c < 12; c++) row[c] /= size;
  }
  return chroma;
}

/** (frames, frames) Cosine similarity of all pairs of frames, 0 … 1. */
export function selfSimilarity(chroma: Float64Array): Float32Array {
  const frames = chroma.length / 12;
  const similarity = new Float32Array(frames * frames);
  for (let i = 0; i < frames; i++) {
    for (let j = i; j < frames; j++) {
      let product = 0;
      for (let c = 0; c < 12; c++) product += chroma[i * 12 + c] * chroma[j * 12 + c];
      similarity[i * frames + j] = product;
      similarity[j * frames + i] = product;
    }
  }
  return similarity;
}
