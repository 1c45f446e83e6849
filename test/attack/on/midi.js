/** MIDI files, read in all ways and written again. */
import { builtInOpening, listen, midiFromNotes, READINGS, readMidi } from '../../../dist/index.js';
import { madeUpMidi } from '../midi-grammar.js';
import { mutated } from '../mutate.js';

const opening = midiFromNotes(builtInOpening());

export const make = (random) =>
  random.below(2) === 0 ? madeUpMidi(random) : mutated([opening, madeUpMidi(random)], random);

export async function use(bytes) {
  const midi = readMidi(bytes, 'a.mid');
  listen(midi);
  for (const reading of Object.values(READINGS)) reading(midi);
  const notes = READINGS.sounding(midi);
  if (notes.length > 0) readMidi(midiFromNotes(notes), 'b.mid');
}
