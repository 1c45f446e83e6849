import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type TensorData } from '../../src/checkpoint/safetensors.js';
import { READINGS, readMidi } from '../../src/index.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const LENGTHS = [30, 17, 5, 44];
const PIECES = LENGTHS.map((length, i) => pieceBytes(i, length));
const TABLE = ['canonical_composer,split,midi_filename', 'Clara Schumann,train,0.mid', ',validation,1.mid'];
const FILES = {
  ...Object.fromEntries(PIECES.map((bytes, i) => [`midi/${i}.mid`, bytes])),
  'midi/table.csv': TABLE.join('\n'),
};

describe('cadenza corpus', () => {
  it('writes notes from which every time comes back, to the last bit', async () => {
    const folder = tempFolder(FILES);
    const out = join(folder, 'notes.gz');
    const { code, stdout, stderr } = await runCadenza([
      'corpus',
      join(folder, 'midi'),
      '--out',
      out,
      '--no-cache',
    ]);
    expect(stderr).not.toContain('warning');
    expect(code).toBe(0);
    expect(stdout).toContain('3 pieces to learn from, 1 held out, 96 notes');
    const { tensors, metadata } = readSafetensors(gunzipSync(readFileSync(out)), 'notes');
    const data = (name: string) => tensors.find((tensor) => tensor.name === name)?.data as TensorData;
    expect(JSON.parse(metadata.names)).toEqual(['0.mid', '2.mid', '3.mid', '1.mid']);
    expect(JSON.parse(metadata.composers)).toEqual(['Clara Schumann', null, null, null]);
    expect([...data('piece_part')]).toEqual([0, 0, 0, 1]);
    const planes = (name: string) => {
      const bytes = data(name) as Uint8Array;
      const n = bytes.length / 4;
      return Array.from({ length: n }, (_, i) =>
        [3, 2, 1, 0].reduce((sum, plane) => 256 * sum + bytes[plane * n + i], 0),
      );
    };
    const [step, duration] = [planes('step'), planes('duration')];
    let at = 0;
    for (const [m, i] of [0, 2, 3, 1].entries()) {
      const notes = READINGS.sounding(readMidi(PIECES[i]));
      const unit = Number(data('piece_unit')[m]);
      expect(data('piece_notes')[m]).toBe(notes.length);
      expect([...data('pitch').subarray(at, at + notes.length)]).toEqual([...notes.pitch]);
      expect([...data('velocity').subarray(at, at + notes.length)]).toEqual([...notes.velocity]);
      let start = 0;
      for (let n = 0; n < notes.length; n++, at++) {
        start += step[at];
        expect(start * unit).toBe(notes.start[n]);
        expect((start + duration[at]) * unit).toBe(notes.end[n]);
      }
    }
  });

  it('says what is wrong, and overwrites nothing', async () => {
    const folder = tempFolder({ ...FILES, 'notes.gz': 'mine' });
    const out = join(folder, 'notes.gz');
    const taken = await runCadenza(['corpus', join(folder, 'midi'), '--out', out]);
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('notes.gz');
    expect(readFileSync(out, 'utf8')).toBe('mine');
    const empty = await runCadenza(['corpus', join(folder, 'nowhere')]);
    expect(empty.stderr).toContain('no such file or folder');
    const json = await runCadenza(['corpus', join(folder, 'midi'), '--json', '--force', '--out', out]);
    expect(JSON.parse(json.stdout)).toMatchObject({ output: out, train: 3, validation: 1, notes: 96 });
  });
});
