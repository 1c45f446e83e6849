/** Ten seconds of a model in the middle of its training, always from the same beginning and by the same chances. */
import {
  builtInOpening,
  type Engine,
  generate,
  gridOf,
  isTutorial,
  type LoadedModel,
  type NoteTable,
  notesOfEvents,
  type PlayedEvent,
  perform,
  primerEvents,
  tableOfGenerated,
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
  loaded: LoadedModel,
  engine: Engine,
  pause: () => Promise<boolean>,
): Promise<{ notes: NoteTable; seconds: number } | undefined> {
  const opening = builtInOpening();
  if (isTutorial(loaded)) {
    const played = [];
    for await (const note of generate(loaded, engine, opening, { notes: MOST_NOTES, seed: SEED })) {
      if (!(await pause())) return undefined;
      if (note.start > SAMPLE_SECONDS) break;
      played.push({ ...note, duration: Math.min(note.duration, SAMPLE_SECONDS - note.start) });
    }
    return { notes: tableOfGenerated(played), seconds: SAMPLE_SECONDS };
  }
  const events: PlayedEvent[] = [];
  const limits = { seconds: SAMPLE_SECONDS, notes: MOST_NOTES, seed: SEED };
  for await (const event of perform(loaded, engine, primerEvents(gridOf(opening)), limits)) {
    if (!(await pause())) return undefined;
    events.push(event);
  }
  return { notes: notesOfEvents(events), seconds: SAMPLE_SECONDS };
}
