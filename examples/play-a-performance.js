/**
 * Plays on from the built-in opening with velocity and pedal, within limits, and writes what was played.
 *
 *   node examples/play-a-performance.js [out.mid]
 */
import { writeFile } from 'node:fs/promises';
import {
  builtInOpening,
  gridOf,
  midiFromNotes,
  notesOfEvents,
  perform,
  pitchesOfKey,
  primerEvents,
} from 'cadenza';
import { createOnnxEngine, loadModel } from 'cadenza/node';

const [outPath = 'performance.mid'] = process.argv.slice(2);

const model = await loadModel('maestro');
const engine = await createOnnxEngine({ threads: 1 });
const primer = primerEvents(gridOf(builtInOpening()), 20); // the first 20 seconds of it
const options = { seconds: 10, seed: 1, pitches: pitchesOfKey('C major'), maxPolyphony: 6 };

const played = [];
for await (const event of perform(model, engine, primer, options)) {
  played.push(event); // { variation, time, pitch, velocity }, each as soon as it is known
}
const notes = notesOfEvents(played);
await writeFile(outPath, midiFromNotes(notes));
console.log(`${notes.length} notes in ${options.seconds} s, written to ${outPath}`);
