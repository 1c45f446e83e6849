import { expect, test } from 'vitest';
import { readMidi } from '../midi/read.js';
import { TrackWriter, writeMidi } from '../midi/write.js';
import { soundingNotes } from './sounding.js';

/** A file of 500 ticks a second: 250 a beat at 120 beats a minute. */
function soundingRows(tracks: readonly TrackWriter[]) {
  const { pitch, velocity, start, end } = soundingNotes(readMidi(writeMidi(250, tracks)));
  return Array.from(start, (from, i) => [pitch[i], velocity[i], from, end[i]]);
}

test('notes of all instruments but drums by start, each held by its own pedal', () => {
  const left = new TrackWriter();
  left.event(0, 0xb0, 64, 127);
  left.event(500, 0x90, 40, 50);
  left.event(600, 0x80, 40);
  left.event(1000, 0x90, 45, 51);
  left.event(1250, 0xb0, 64, 0);
  left.event(1500, 0x80, 45);
  const drums = new TrackWriter();
  drums.event(0, 0x99, 36, 100);
  drums.event(100, 0x89, 36);
  const right = new TrackWriter();
  right.event(0, 0xc1, 6);
  right.event(0, 0x91, 70, 60);
  right.event(250, 0x81, 70);
  right.event(500, 0x91, 72, 61);
  right.event(750, 0x81, 72);
  expect(soundingRows([left, drums, right])).toEqual([
    [70, 60, 0, 0.5],
    [40, 50, 1, 2.5],
    [72, 61, 1, 1.5],
    [45, 51, 2, 3],
  ]);
});

test('of drums alone nothing sounds, and of an empty track neither', () => {
  const drums = new TrackWriter();
  drums.event(0, 0x99, 36, 100);
  drums.event(100, 0x89, 36);
  expect(soundingRows([drums])).toEqual([]);
  expect(soundingRows([new TrackWriter()])).toEqual([]);
});
