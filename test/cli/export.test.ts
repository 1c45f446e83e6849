import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInOpening, decodeCheckpoint, midiFromNotes, modelFromCheckpoint } from '../../src/index.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { constantModel } from '../helpers/tiny-model.js';

describe('cadenza export', () => {
  const exportModel = (cwd: string, ...options: string[]) => runCadenza(['export', ...options], { cwd });

  it('writes a shipped model as ONNX, with what is to be known of it', async () => {
    const cwd = tempFolder();
    const { code, stdout } = await exportModel(cwd, 'maestro', '--format', 'onnx');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^maestro\.onnx: [\d.]+ MB\nmaestro\.json: [\d.]+ MB\n$/),
    ]);
    const text = readFileSync(join(cwd, 'maestro.json'), 'utf8');
    const { model, license, opset, inputs, opening } = JSON.parse(text);
    expect({ model, license, opset }).toEqual({ model: 'maestro', license: 'CC-BY-NC-SA-4.0', opset: 18 });
    expect(inputs[0]).toMatchObject({ name: 'event', type: 'int64', shape: [3] });
    // The row of nothing, and a strike and a release of each note.
    expect(opening).toHaveLength(1 + 2 * builtInOpening().length);
    expect(text).toContain('\n    [-1, -1, -1],\n');
  });

  it('begins with a file that is named', async () => {
    const notes = builtInOpening();
    const cwd = tempFolder({ 'song.mid': midiFromNotes({ ...notes, length: 20 }) });
    const options = ['maestro', '--format', 'onnx', '--opening', 'song.mid', '-o', 'mine.onnx', '--json'];
    const { code, stdout } = await exportModel(cwd, ...options);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).written.map(({ file }: { file: string }) => file)).toEqual([
      'mine.onnx',
      'mine.json',
    ]);
    expect(JSON.parse(readFileSync(join(cwd, 'mine.json'), 'utf8')).opening).toHaveLength(1 + 2 * 20);
  });

  it('writes weights for PyTorch that Cadenza reads too', async () => {
    const cwd = tempFolder({ 'mine.safetensors': constantModel({ step: 0.25 }) });
    const args = ['mine.safetensors', '--format', 'safetensors'];
    expect(await exportModel(cwd, ...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mine.safetensors exists'),
    });
    expect((await exportModel(cwd, ...args, '-o', 'out.safetensors')).code).toBe(0);
    const path = join(cwd, 'out.safetensors');
    const { model } = modelFromCheckpoint(decodeCheckpoint(readFileSync(path), path));
    expect(model.config.kind).toBe('tutorial');
  });

  it('overwrites nothing unasked, neither file', async () => {
    const cwd = tempFolder({ 'tutorial.json': 'mine' });
    const args = ['tutorial', '--format', 'onnx'];
    expect(await exportModel(cwd, ...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('tutorial.json exists'),
    });
    expect(existsSync(join(cwd, 'tutorial.onnx'))).toBe(false);
    writeFileSync(join(cwd, 'tutorial.onnx'), 'mine too');
    expect((await exportModel(cwd, ...args, '--force')).code).toBe(0);
    expect(readFileSync(join(cwd, 'tutorial.json'), 'utf8')).toContain('cadenza-onnx');
  });

  it.each<[string[], number, string]>([
    [['maestro'], 2, "required option '--format <format>'"],
    [['maestro', '--format', 'onnx', '-o', 'maestro.bin'], 1, 'maestro.bin: call the file .onnx'],
    [['maestro', '--format', 'safetensors', '--opening', 'x.mid'], 1, '--opening is for --format onnx'],
    [['nobody', '--format', 'onnx'], 1, 'nobody'],
    [['tutorial', '--format', 'onnx', '--opening', 'none.mid'], 1, 'none.mid'],
  ])('%j ends in words', async (args, code, words) => {
    expect(await exportModel(tempFolder(), ...args)).toMatchObject({
      code,
      stderr: expect.stringContaining(words),
    });
  });
});
