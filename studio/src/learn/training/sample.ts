/**
 * Ten seconds of a model in the middle of its training, always from the same beginning and by the same
 * chances.
 */
import {
  builtInOpening,
  type Engine,
  type KeyEvent,
  type LoadedModel,
  type NoteTable,
  notesOfKeys,
} from '../../../../src/index.js';

export const SAMPLE_SECONDS = 10;
/** A model that has learned little may play a cluster without end. */
const MOST_NOTES = 150;
const SEED = 1;

/**
 * Lets the model play on from the built-in opening.
 *
 * @param pause called between notes, so that the worker can listen; false ends it
 */
export async function playSample(
  { kind, ...loaded }: LoadedModel,
  engine: Engine,
  pause: () => Promise<boolean>,
): Promise<{ notes: NoteTable; seconds: number } | undefined> {
  const notes = builtInOpening();
  const start = { piece: { notes }, cut: notes.end.reduce((last, end) => Math.max(last, end), 0) };
  const player = await kind.player(loaded, engine);
  try {
    const from = player.countsFrom(start);
    const seconds = SAMPLE_SECONDS - (start.cut - from);
    const options = { seed: SEED };
    const asked = { ...start, seconds, notes: MOST_NOTES, mayOverlap: true, isCutOff: true, options };
    const keys: KeyEvent[] = [];
    for await (const { event } of player.play(asked)) {
      if (!(await pause())) return undefined;
      keys.push({ ...event, time: event.time - from });
    }
    return { notes: notesOfKeys(keys, SAMPLE_SECONDS), seconds: SAMPLE_SECONDS };
  } finally {
    await player.release();
  }
}
