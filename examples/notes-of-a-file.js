/**
 * From notes to MIDI bytes and back again, with nothing that needs Node: the same lines run in a browser.
 *
 *   node examples/notes-of-a-file.js
 */
import {
  builtInOpening,
  durationsOf,
  instrumentsOf,
  midiFromNotes,
  noteName,
  readMidi,
  stepsOf,
} from 'cadenza';

const bytes = midiFromNotes(builtInOpening(), { trackName: 'Prelude' });
const midi = readMidi(bytes, 'prelude.mid');
for (const { name, program, notes } of instrumentsOf(midi)) {
  const steps = stepsOf(notes);
  const durations = durationsOf(notes);
  console.log(`${name}, program ${program}: ${notes.length} notes`);
  for (let i = 0; i < 5; i++) {
    console.log(
      `${noteName(notes.pitch[i])}  step ${steps[i].toFixed(3)} s  duration ${durations[i].toFixed(3)} s`,
    );
  }
}
