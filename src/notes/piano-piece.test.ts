import { describe, expect, it } from 'vitest';
import { readMidi } from '../midi/read.js';
import { TrackWriter, writeMidi } from '../midi/write.js';
import { pianoPieceOf } from './piano-piece.js';
import { soundingOf } from './transform.js';

/**
 * A file with one note a part, half a second long, on the given channels and pitches; the pedal is down over
 * each.
 */
function fileOf(parts: readonly (readonly [channel: number, pitch: number])[]) {
  const tracks = parts.map(([channel, pitch]) => {
    const track = new TrackWriter();
    track.event(0, 0xb0 | channel, 64, 127);
    track.event(0, 0x90 | channel, pitch, 80);
    track.event(480, 0x90 | channel, pitch, 0);
    track.event(960, 0xb0 | channel, 64, 0);
    return track;
  });
  return readMidi(writeMidi(480, tracks), 'some.mid');
}

describe('a piano piece of a file', () => {
  it('keeps keys and pedal apart where one instrument plays', () => {
    const piece = pianoPieceOf(fileOf([[0, 60]]));
    expect(piece.remarks).toEqual([]);
    expect(piece.notes.end[0]).toBeCloseTo(0.5, 9);
    expect(piece.pedal?.length).toBe(2);
    expect(soundingOf(piece).end[0]).toBeCloseTo(1, 9);
  });

  it('says what was merged, left out and moved', () => {
    const piece = pianoPieceOf(
      fileOf([
        [0, 60],
        [1, 12],
        [9, 40],
      ]),
    );
    expect(piece.remarks).toEqual([
      'drums are left out',
      '2 instruments are heard as one piano',
      "1 note beyond the piano's keys is heard in the nearest octave on it",
    ]);
    expect(piece.notes.length).toBe(2);
    expect(piece.notes.end[0]).toBeCloseTo(1, 9); // held by its own pedal
  });

  it('is refused where there is nothing to play on from', () => {
    expect(() => pianoPieceOf(readMidi(writeMidi(480, [new TrackWriter()]), 'some.mid'))).toThrow(
      'some.mid: holds no notes',
    );
    expect(() => pianoPieceOf(fileOf([[9, 40]]))).toThrow('holds nothing but drums');
  });
});
