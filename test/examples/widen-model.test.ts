/** A model that is widened says what it said before, whatever it heard. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { encodeCheckpoint, namedViews } from '../../src/index.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { Random } from '../../src/random.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { PERFORMANCE_RECALL } from '../../src/representation/performance-recall.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const TABLE = [
  'midi_filename,split,canonical_composer',
  ...Array.from({ length: 15 }, (_, i) => `${i}.mid,train,Erik Satie`),
  ...Array.from({ length: 15 }, (_, i) => `other-${i}.mid,test,Nobody`),
].join('\n');

it.each([
  [PERFORMANCE, 3],
  [PERFORMANCE, 0],
  [PERFORMANCE_RECALL, 3],
  [PERFORMANCE_RECALL, 0],
])('says the same: $0.name, $1 context units', async (representation, contextUnits) => {
  const config: EventLstmConfig = {
    kind: 'events',
    formatVersion: 1,
    representation: representation.name,
    layers: 2,
    hiddenSize: 8,
    headSize: 6,
    contextUnits,
    keyFeatures: 2,
  };
  const { parameters } = new EventLstm(config, representation, 1);
  const random = new Random(1);
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const weights = Float32Array.from({ length: size }, () => random.next() - 0.5);
  const folder = tempFolder({
    'narrow.safetensors': encodeCheckpoint({ config, tensors: namedViews(weights, parameters) }),
    'piece.mid': pieceBytes(1, 200),
    'table.csv': TABLE,
  });
  const [narrow, wide, piece, table] = [
    'narrow.safetensors',
    'wide.safetensors',
    'piece.mid',
    'table.csv',
  ].map((name) => join(folder, name));
  const script = join(import.meta.dirname, '../../scripts/widen-model.js');
  await promisify(execFile)(process.execPath, [script, narrow, wide, '--styles', table]);
  const answer = async (args: string[]) => {
    const { stdout, stderr, code } = await runCadenza([...args, '--json']);
    expect([stderr, code]).toEqual(['', 0]);
    return JSON.parse(stdout);
  };
  const { config: wider } = await answer(['summary', wide]);
  expect([wider.representation, wider.styles]).toEqual(['performance-guided', ['Erik Satie']]);
  const bitsOf = async (model: string): Promise<Record<string, number>> =>
    (await answer(['evaluate', model, piece, '--no-cache'])).bitsPerNote.attributes;
  const [before, after] = [await bitsOf(narrow), await bitsOf(wide)];
  expect(Object.keys(before)).toEqual(['time', 'symbol', 'velocity']);
  for (const [name, bits] of Object.entries(before)) expect(after[name], name).toBeCloseTo(bits, 5);
});
