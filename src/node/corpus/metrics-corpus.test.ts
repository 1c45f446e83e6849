import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowsOfGrid } from '../../../test/helpers/grids.js';
import { midiBytes } from '../../../test/helpers/midi-bytes.js';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { CadenzaError } from '../../errors.js';
import { TrackWriter, writeMidi } from '../../midi/write.js';
import { readMetricsCorpus } from './metrics-corpus.js';

/** A file of 500 ticks a second. */
function fileOf(...events: [tick: number, status: number, data1: number, data2: number][]): Uint8Array {
  const track = new TrackWriter();
  for (const [tick, status, data1, data2] of events) track.event(tick, status, data1, data2);
  return writeMidi(250, [track]);
}

/** A rest of a day and more. */
const LATE = 500 * 3600 * 25;
const DRUMS = fileOf([0, 0x99, 36, 100], [100, 0x89, 36, 0]);

describe('readMetricsCorpus', () => {
  it('reads the notes of all instruments as they sound, on the grid', async () => {
    const folder = tempFolder({
      'a.mid': fileOf(
        [0, 0xb0, 64, 127],
        [500, 0x90, 60, 64],
        [510, 0x99, 36, 100],
        [520, 0x91, 72, 127],
        [600, 0x80, 60, 0],
        [620, 0x81, 72, 0],
        [1000, 0xb0, 64, 0],
      ),
    });
    const { pieces, problems } = await readMetricsCorpus([folder]);
    expect(problems).toEqual([]);
    expect(pieces.map(({ name }) => name)).toEqual(['a.mid']);
    // The first is held by the pedal of its channel for a second; the other channel has none.
    expect(rowsOfGrid(pieces[0].notes)).toEqual([
      [39, 16, 0, 100],
      [51, 31, 4, 24],
    ]);
  });

  it('skips what cannot be used, says why, and counts every file', async () => {
    const folder = tempFolder({
      'bad.mid': 'this is no MIDI file',
      'drums.mid': DRUMS,
      'good.mid': midiBytes([60, 62, 64]),
      'late.mid': fileOf([0, 0x90, 60, 70], [9, 0x80, 60, 0], [LATE, 0x90, 62, 70], [LATE + 9, 0x80, 62, 0]),
      'one.mid': midiBytes([60]),
    });
    const seen: string[] = [];
    const onFile = (done: number, total: number) => seen.push(`${done}/${total}`);
    const { pieces, problems } = await readMetricsCorpus([folder], { onFile });
    expect(pieces.map(({ name }) => name)).toEqual(['good.mid']);
    expect(seen).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
    expect(problems.map(({ name }) => name)).toEqual(
      ['bad.mid', 'drums.mid', 'late.mid', 'one.mid'].map((name) => join(folder, name)),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/bad\.mid.*not a MIDI file/),
      expect.stringMatching(/drums\.mid holds no notes/),
      expect.stringMatching(/late\.mid goes on for 25 hours, nobody plays more than 24/),
      expect.stringMatching(/one\.mid holds one note only/),
    ]);
  });

  it('takes a split of a csv, and passes on what is missing of it', async () => {
    const csv = 'midi_filename,split\na.mid,train\nb.mid,validation\ngone.mid,train\n';
    const folder = tempFolder({
      'table.csv': csv,
      'a.mid': midiBytes([60, 61]),
      'b.mid': midiBytes([70, 71]),
    });
    const { pieces, problems } = await readMetricsCorpus([folder], { split: 'train' });
    expect(pieces.map(({ name }) => name)).toEqual(['a.mid']);
    expect(problems).toEqual([
      { name: join(folder, 'table.csv'), message: expect.stringContaining('gone.mid') },
    ]);
  });

  it('fails where no file can be used, with the reason', async () => {
    const folder = tempFolder({ 'x.mid': DRUMS, 'y.mid': 'y' });
    const all = readMetricsCorpus([folder]);
    await expect(all).rejects.toThrow(CadenzaError);
    await expect(all).rejects.toThrow(/none of the 2 files could be used; first: .*x\.mid holds no notes/);
    await expect(readMetricsCorpus([join(folder, 'x.mid')])).rejects.toThrow(/x\.mid holds no notes$/);
    await expect(readMetricsCorpus([join(folder, 'gone')])).rejects.toThrow(/gone: no such file or folder/);
  });
});
