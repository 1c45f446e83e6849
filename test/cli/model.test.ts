/** What every command that takes a model makes of good and bad ones. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/checkpoint/safetensors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/index.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { constantModel } from '../helpers/tiny-model.js';

const SHIPPED = fileURLToPath(new URL('../../models/tutorial/tutorial.safetensors', import.meta.url));
const TINY = constantModel({ step: 0.25, duration: 0.5 });

function withMetadata(change: (metadata: Record<string, string>) => Record<string, string>): Uint8Array {
  const { tensors, metadata } = readSafetensors(TINY, 'tiny');
  return writeSafetensors(tensors, change(metadata));
}

function withConfig(change: Record<string, unknown>): Uint8Array {
  return withMetadata(({ cadenza_config, ...rest }) => ({
    ...rest,
    cadenza_config: JSON.stringify({ ...JSON.parse(cadenza_config), ...change }),
  }));
}

function headerOf(length: bigint): Uint8Array {
  const bytes = new Uint8Array(64);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

describe('a model that is no good', () => {
  const files = {
    'empty.safetensors': '',
    'cut.safetensors': TINY.subarray(0, -7),
    'header.safetensors': TINY.subarray(0, 20),
    'long.safetensors': Buffer.concat([TINY, TINY]),
    'absurd.safetensors': headerOf(2n ** 63n),
    'huge-header.safetensors': headerOf(99_999_999n),
    'text.safetensors': 'this is no safetensors file at all',
    'bare.safetensors': withMetadata(() => ({})),
    'newer.safetensors': withMetadata((metadata) => ({ ...metadata, cadenza_format: '2' })),
    'newer-kind.safetensors': withConfig({ formatVersion: 2 }),
    'other-kind.safetensors': withConfig({ kind: 'performance' }),
    'other-size.safetensors': withConfig({ hiddenSize: 3 }),
    'monstrous.safetensors': withConfig({ hiddenSize: 1e9 }),
    'model.bin': TINY,
    'folder/readme.txt': 'not a run',
    'runs/tutorial-007/config.json': '{}',
    'model.safetensors': TINY,
  };

  it.each([
    ['missing', 'gone', /gone: no such model; name a shipped model \(.*tutorial.*\)/],
    ['nearly a shipped one', 'tutoral', /tutoral: no such model; did you mean tutorial\?/],
    ['nearly a file', 'modle.safetensors', /did you mean model\.safetensors\?/],
    ['empty', 'empty.safetensors', /0 bytes/],
    ['cut short', 'cut.safetensors', /cut short/],
    ['cut short in its header', 'header.safetensors', /cut short/],
    ['too long', 'long.safetensors', /too long/],
    ['of an absurd header size', 'absurd.safetensors', /promise a header of 9,223,372,036,854,775,808 bytes/],
    ['of a header larger than the file', 'huge-header.safetensors', /cut short/],
    ['text', 'text.safetensors', /not a safetensors file/],
    ['of another program', 'bare.safetensors', /not a Cadenza model/],
    ['of a newer format', 'newer.safetensors', /format 2 is newer .*update Cadenza/],
    ['of a newer version of its kind', 'newer-kind.safetensors', /version 2 is newer .*update Cadenza/],
    ['of another kind', 'other-kind.safetensors', /is a performance, expected a tutorial/],
    ['of weights that do not fit', 'other-size.safetensors', /shape/],
    ['of impossible sizes', 'monstrous.safetensors', /hiddenSize is 1000000000/],
    ['of another name', 'model.bin', /not a model; name a \.safetensors file/],
    ['a folder that is no run', 'folder', /not a run folder/],
    ['a folder of runs', 'runs', /did you mean runs.tutorial-007\?/],
    ['a run without weights', 'runs/tutorial-007', /no weights yet/],
  ])('%s: one line that names it, exit code 1, nothing written', async (_, name, message) => {
    const folder = tempFolder(files);
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await runCadenza(['generate', '--model', name], { cwd: folder });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\n$/);
    expect(stderr).toContain(name);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says so in every command', async () => {
    const folder = tempFolder({ ...files, 'piece.mid': '' });
    for (const args of [
      ['summary', 'cut.safetensors'],
      ['evaluate', 'cut.safetensors', 'piece.mid'],
    ]) {
      const { code, stdout, stderr } = await runCadenza(args, { cwd: folder });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^cadenza: cut\.safetensors: file is cut short[^\n]+\n$/);
    }
  });

  it('is not even read when it is longer than any model', async () => {
    const folder = tempFolder({ 'giant.safetensors': '' });
    truncateSync(join(folder, 'giant.safetensors'), 5 * 2 ** 30); // a hole in a sparse file takes no room
    const { code, stderr } = await runCadenza(['generate', '--model', 'giant.safetensors'], { cwd: folder });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cadenza: giant\.safetensors is longer than 1024 MiB/),
    ]);
  });

  it('by numbers beyond bounds: one line, nothing written', async () => {
    const { config, tensors } = decodeCheckpoint(TINY, 'tiny');
    for (const tensor of tensors.values()) tensor.data.fill(3e38);
    const folder = tempFolder({ 'wild.safetensors': encodeCheckpoint({ config, tensors }) });
    const { code, stderr } = await runCadenza(['generate', '--model', 'wild.safetensors'], { cwd: folder });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cadenza: the model predicted no finite numbers[^\n]+\n$/),
    ]);
    expect(readdirSync(folder)).toEqual(['wild.safetensors']);
  });

  it('by steps of hours: says how many notes a file can hold', async () => {
    const folder = tempFolder({ 'slow.safetensors': constantModel({ step: 3600 }) });
    const args = ['generate', '--model', 'slow.safetensors', '--quiet'];
    const { code, stderr } = await runCadenza(args, { cwd: folder });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cadenza: with note 20 .* 19 hours .*--notes 19\n$/),
    ]);
    expect((await runCadenza([...args, '--notes', '19'], { cwd: folder })).stdout).toBe('output.mid\n');
  });
});

describe('cadenza summary', () => {
  it('--json describes the shipped model', async () => {
    const { code, stdout, stderr } = await runCadenza(['summary', 'tutorial', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const { layers, config, ...counts } = JSON.parse(stdout);
    expect(counts).toEqual({
      model: 'tutorial',
      totalParameters: 265_602,
      trainableParameters: 265_602,
      nonTrainableParameters: 0,
    });
    expect(config).toMatchObject({ kind: 'tutorial', windowLength: 150, hiddenSize: 128, denseSize: 256 });
    const rows = layers.map((layer: Record<string, unknown>) => Object.values(layer));
    expect(rows).toEqual([
      ['input_1', 'InputLayer', [null, 150, 3], 0, []],
      ['lstm', 'LSTM', [null, 150, 128], 67_584, ['input_1']],
      ['lstm_1', 'LSTM', [null, 128], 131_584, ['lstm']],
      ['dense', 'Dense', [null, 256], 33_024, ['lstm_1']],
      ['duration', 'Dense', [null, 1], 257, ['dense']],
      ['pitch', 'Dense', [null, 128], 32_896, ['dense']],
      ['step', 'Dense', [null, 1], 257, ['dense']],
    ]);
  });

  it('prints the table that Keras prints', async () => {
    const { code, stdout, stderr } = await runCadenza(['summary', 'tutorial']);
    expect([code, stderr]).toEqual([0, '']);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'));
    expect(rows).toEqual([
      'Model: "tutorial"',
      expect.stringMatching(/^_+$/),
      'Layer (type)|Output Shape|Param #|Connected to',
      expect.stringMatching(/^=+$/),
      'input_1 (InputLayer)|(None, 150, 3)|0',
      'lstm (LSTM)|(None, 150, 128)|67,584|input_1[0][0]',
      'lstm_1 (LSTM)|(None, 128)|131,584|lstm[0][0]',
      'dense (Dense)|(None, 256)|33,024|lstm_1[0][0]',
      'duration (Dense)|(None, 1)|257|dense[0][0]',
      'pitch (Dense)|(None, 128)|32,896|dense[0][0]',
      'step (Dense)|(None, 1)|257|dense[0][0]',
      expect.stringMatching(/^=+$/),
      'Total params: 265,602',
      'Trainable params: 265,602',
      'Non-trainable params: 0',
      '',
    ]);
    // Columns line up.
    const starts = stdout
      .split('\n')
      .slice(2, 11)
      .filter((line) => line.includes('('));
    expect(new Set(starts.slice(1).map((line) => line.indexOf('(None')))).toEqual(
      new Set([starts[0].indexOf('Output')]),
    );
  });

  it('takes a run folder and a file, the best weights before the last', async () => {
    const folder = tempFolder({
      'run/config.json': '{}',
      'run/last.safetensors': TINY,
      'a.safetensors': TINY,
    });
    for (const name of ['run', 'a.safetensors', './run/']) {
      const { code, stdout } = await runCadenza(['summary', name, '--json'], { cwd: folder });
      expect([code, JSON.parse(stdout).config.hiddenSize]).toEqual([0, 2]);
    }
    writeFileSync(join(folder, 'run/best.safetensors'), readFileSync(SHIPPED));
    const { stdout } = await runCadenza(['summary', 'run', '--json'], { cwd: folder });
    expect(JSON.parse(stdout).config.hiddenSize).toBe(128);
  });
});
