/** Styles, from a corpus that names composers to music in the style of one of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';

const COMPOSERS = ['Erik Satie', 'Clara Schumann', 'Fanny Hensel'];
/** Of two of them there are enough pieces to learn from. */
const PIECES = [15, 16, 3].flatMap((count, c) =>
  Array.from({ length: count }, (_, n) => ({ file: `${c}-${n}.mid`, composer: COMPOSERS[c] })),
);
const tableOf = (pieces: typeof PIECES) =>
  [
    'canonical_composer,midi_filename,split',
    ...pieces.map(({ file, composer }) => `${composer},${file},train`),
    'Erik Satie,held-out.mid,validation',
  ].join('\n');

const folder = tempFolder(
  {
    'corpus/corpus.csv': tableOf(PIECES),
    'corpus/held-out.mid': pieceBytes(99, 20),
    ...Object.fromEntries(PIECES.map(({ file }, n) => [`corpus/${file}`, pieceBytes(n, 12)])),
  },
  afterAll,
);
const cadenza = (...args: string[]) =>
  runCadenza(args, { cwd: folder, env: { CADENZA_CACHE: join(folder, 'cache') } });
const TRAIN = [
  'train',
  'corpus',
  '--preset',
  'performance',
  '--layers',
  '1',
  '--hidden-size',
  '8',
  '--quiet',
];

describe('a model of a corpus that names composers', () => {
  beforeAll(async () => {
    const { code, stderr } = await cadenza(...TRAIN, '--steps', '3', '--out', 'run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('learns the styles of those with enough pieces, and lists them', async () => {
    const { stdout } = await cadenza('summary', 'run');
    expect(stdout).toContain('\nStyles: Clara Schumann, Erik Satie\n');
    const { stdout: json } = await cadenza('summary', 'run', '--json');
    expect(JSON.parse(json).config).toMatchObject({
      representation: 'performance-guided',
      styles: ['Clara Schumann', 'Erik Satie'],
    });
  });

  it('plays in a style, and refuses one that it has not learned', async () => {
    const ask = ['generate', '--model', 'run', '--notes', '8', '--max-step', '1', '--quiet', '--force'];
    const { code, stdout } = await cadenza(...ask, '--style', 'satie', '--style-strength', '1.5');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'output.mid\n' });
    const first = readFileSync(join(folder, 'output.mid'));
    await cadenza(...ask, '--style', 'Erik Satie', '--style-strength', '1.5');
    expect(readFileSync(join(folder, 'output.mid'))).toEqual(first);
    expect(await cadenza(...ask, '--style', 'hensel')).toMatchObject({
      code: 1,
      stderr: 'cadenza: no such style: "hensel"; there are Clara Schumann, Erik Satie\n',
    });
  });

  it('goes on with them, unless the corpus names other composers', async () => {
    const resume = ['train', '--resume', 'run', '--steps', '4', '--quiet'];
    expect(await cadenza(...resume)).toMatchObject({ code: 0, stderr: '' });
    const others = PIECES.map((piece, n) => (n === 0 ? { ...piece, composer: 'Fanny Hensel' } : piece));
    writeFileSync(join(folder, 'corpus/corpus.csv'), tableOf(others));
    const { code, stderr } = await cadenza(...resume);
    expect(code).toBe(1);
    expect(stderr).toContain('its files have changed');
  });
});

it('a model that has learned no styles says so', async () => {
  const path = join(folder, 'plain.safetensors');
  writeFileSync(path, tinyEventModel());
  const { code, stderr } = await cadenza('generate', '--model', path, '--style', 'satie', '--quiet');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'cadenza: --style is for models that have learned styles, such as maestro; leave it out, or choose another --model\n',
  });
});
