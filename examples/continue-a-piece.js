/**
 * Plays on from a MIDI file: reads it, predicts the notes that follow, writes them.
 *
 *   node examples/continue-a-piece.js [primer.mid] [out.mid]
 */
import { writeFile } from 'node:fs/promises';
import { builtInOpening, generate, midiFromNotes, noteName, tableOfGenerated } from 'cadenza';
import { createOnnxEngine, loadModel, readNotes } from 'cadenza/node';

const [primerPath, outPath = 'continued.mid'] = process.argv.slice(2);

const model = await loadModel('tutorial');
const engine = await createOnnxEngine();
const primer = primerPath === undefined ? builtInOpening() : await readNotes(primerPath);

const played = [];
for await (const note of generate(model, engine, primer, { notes: 20, seed: 1 })) {
  console.log(`${note.start.toFixed(2)} s  ${noteName(note.pitch)}`); // each as soon as it is known
  played.push(note);
}
await writeFile(outPath, midiFromNotes(tableOfGenerated(played)));
