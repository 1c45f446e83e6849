/**
 * Trains on a folder of MIDI files and plays a piece with what was learned.
 *
 *   node examples/train-a-model.js FOLDER [RUN_FOLDER]
 */
import { writeFile } from 'node:fs/promises';
import { builtInOpening, generate, isTutorial, midiFromNotes, tableOfGenerated } from 'cadenza';
import { createOnnxEngine, loadModel, trainRun } from 'cadenza/node';

const [folder, out] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder of MIDI files');

let run = '';
for await (const progress of trainRun({ paths: [folder], out, epochs: 2, batchSize: 16 })) {
  if (progress.type === 'start') run = progress.folder;
  if (progress.type === 'step')
    console.log(`step ${progress.updates}: loss ${progress.losses.loss.toFixed(4)}`);
  if (progress.type === 'epoch') console.log(`epoch ${progress.epoch}: ${JSON.stringify(progress.train)}`);
}

const model = await loadModel(run);
// Models of events, such as those of `preset: 'performance'`, play with perform(): see play-a-performance.js.
if (!isTutorial(model)) throw new Error(`${run} holds no tutorial model`);
const played = [];
for await (const note of generate(model, await createOnnxEngine(), builtInOpening())) played.push(note);
await writeFile(`${run}/sample.mid`, midiFromNotes(tableOfGenerated(played)));
