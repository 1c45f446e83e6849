/**
 * Trains on a folder of MIDI files and plays a piece with what was learned.
 *
 *   node examples/train-a-model.js FOLDER [RUN_FOLDER]
 */
import { writeFile } from 'node:fs/promises';
import { builtInOpening, midiFromNotes, notesOfKeys } from 'cadenza';
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

// Any kind of model plays on in the same way; what else can be asked of it is in `loaded.kind.wishes`.
const loaded = await loadModel(run);
const player = await loaded.kind.player(loaded, await createOnnxEngine());
const opening = builtInOpening();
const cut = Math.max(...opening.end);
const keys = [];
for await (const { event } of player.play({ piece: { notes: opening }, cut, notes: 100, options: {} })) {
  keys.push({ ...event, time: event.time - cut });
}
await player.release();
await writeFile(`${run}/sample.mid`, midiFromNotes(notesOfKeys(keys, keys.at(-1).time)));
