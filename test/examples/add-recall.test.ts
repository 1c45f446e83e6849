/** A model that is widened to recall says what it said before. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { encodeCheckpoint, namedViews } from '../../src/index.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { Random } from '../../src/random.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: PERFORMANCE.name,
  layers: 2,
  hiddenSize: 8,
  headSize: 6,
  contextUnits: 3,
  keyFeatures: 2,
};

it('says the same', async () => {
  const { parameters } = new EventLstm(CONFIG, PERFORMANCE, 1);
  const random = new Random(1);
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const weights = Float32Array.from({ length: size }, () => random.next() - 0.5);
  const folder = tempFolder({
    'narrow.safetensors': encodeCheckpoint({ config: CONFIG, tensors: namedViews(weights, parameters) }),
    'piece.mid': pieceBytes(1, 200),
  });
  const [narrow, wide, piece] = ['narrow.safetensors', 'wide.safetensors', 'piece.mid'].map((name) =>
    join(folder, name),
  );
  const script = join(import.meta.dirname, '../../scripts/add-recall.js');
  await promisify(execFile)(process.execPath, [script, narrow, wide]);
  const bitsOf = async (model: string) => {
    const { stdout, stderr, code } = await runCadenza(['evaluate', model, piece, '--json', '--no-cache']);
    expect([stderr, code]).toEqual(['', 0]);
    return (JSON.parse(stdout) as { bitsPerNote: { attributes: Record<string, number> } }).bitsPerNote
      .attributes;
  };
  const [before, after] = [await bitsOf(narrow), await bitsOf(wide)];
  expect(Object.keys(before)).toEqual(['time', 'symbol', 'velocity']);
  for (const [name, bits] of Object.entries(before)) expect(after[name], name).toBeCloseTo(bits, 5);
});
