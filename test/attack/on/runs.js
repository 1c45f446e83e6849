/** Run folders in which something was changed: gone on with, and played from. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInOpening, midiFromNotes } from '../../../dist/index.js';
import { loadModel, trainRun } from '../../../dist/node/index.js';
import { mutated } from '../mutate.js';
import { mutatedHeader, mutatedJson } from '../mutate-json.js';

const root = mkdtempSync(join(tmpdir(), 'cadenza-attack-'));
const piece = join(root, 'a.mid');
writeFileSync(piece, midiFromNotes(builtInOpening()));
const whole = join(root, 'whole');
const sizes = {
  preset: 'performance',
  layers: 1,
  hiddenSize: 4,
  headSize: 4,
  contextUnits: 2,
  keyFeatures: 1,
};
const some = { paths: [piece], ...sizes, batchSize: 1, steps: 2, threads: 1, out: whole, cache: false };
for await (const _ of trainRun(some));

/** The files by number, which is the first byte of a case. */
const FILES = ['config.json', 'losses.jsonl', 'last.safetensors', 'best.safetensors', 'lock'];
const textOf = (json) => new TextEncoder().encode(JSON.stringify(json));
const seeds = FILES.map((name) =>
  name === 'lock'
    ? textOf({ pid: 2 ** 22 + 1, host: 'a', id: 'b' })
    : new Uint8Array(readFileSync(join(whole, name))),
);

function changed(file, random) {
  if (random.below(4) === 0) return mutated([seeds[file]], random);
  if (FILES[file].endsWith('.safetensors')) return mutatedHeader(seeds[file], random);
  if (FILES[file] === 'config.json')
    return textOf(mutatedJson(JSON.parse(new TextDecoder().decode(seeds[file])), random));
  return mutated([seeds[file]], random);
}

export function make(random) {
  const file = random.below(FILES.length);
  const bytes = changed(file, random);
  const all = new Uint8Array(1 + bytes.length);
  all[0] = file;
  all.set(bytes, 1);
  return all;
}

export async function use(bytes) {
  const folder = join(root, 'changed');
  rmSync(folder, { recursive: true, force: true });
  cpSync(whole, folder, { recursive: true });
  const path = join(folder, FILES[bytes[0]]);
  writeFileSync(path, bytes.subarray(1));
  const refused = await goOn(folder).catch((error) => error);
  // What could not be read is not written over.
  if (bytes[0] === 0 && Buffer.compare(readFileSync(path), bytes.subarray(1)) !== 0)
    throw new Error('config.json was changed');
  if (refused !== undefined) throw refused;
}

async function goOn(folder) {
  await loadModel(folder);
  for await (const { type } of trainRun({ resume: folder, steps: 3, cache: false }))
    if (type === 'step') break;
}
