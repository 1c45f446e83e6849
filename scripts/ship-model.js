/**
 * Makes a shipped model of a finished run: its best weights, with licence and credit in the file.
 *
 *   npm run build && node scripts/ship-model.js RUN NAME LICENCE CREDIT
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeCheckpoint } from '../dist/checkpoint/checkpoint.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { loadModel } from '../dist/node/load-model.js';

const [run, name, license, credit] = process.argv.slice(2);
if (credit === undefined) {
  process.stderr.write('usage: node scripts/ship-model.js RUN NAME LICENCE CREDIT\n');
  process.exit(2);
}
const { checkpoint } = await loadModel(run);
const { config, tensors } = checkpoint;
const path = join(fileURLToPath(new URL('../models/', import.meta.url)), name, `${name}.safetensors`);
// The tutorial model is held to the last bit; the larger ones are halved.
const weights = config.kind === 'tutorial' ? 'F32' : 'F16';
await writeFileAtomic(path, encodeCheckpoint({ config, tensors, license, credit }, { weights }));
process.stdout.write(`${path}\n`);
