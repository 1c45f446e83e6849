import { describe, expect, it } from 'vitest';
import { centsFrom, levelDb, notesOf, peakOf, shippedPiano, soundOf } from '../../test/helpers/sound.js';
import { midiFromNotes, readMidi, soundingNotes } from '../index.js';
import { type RenderOptions, renderNotes } from './render.js';
import { pcm16 } from './wav.js';

const frequencyOf = (pitch: number) => 440 * 2 ** ((pitch - 69) / 12);

describe('renderNotes', () => {
  // A piano's octaves are stretched: low notes are a little flat, high ones sharp.
  it.each([
    [36, 25],
    [45, 25],
    [57, 10],
    [60, 10],
    [69, 10],
    [76, 10],
    [84, 15],
    [95, 25],
  ])('sounds pitch %i in tune', async (pitch, tolerance) => {
    const sound = await soundOf(notesOf([pitch, 80, 0, 1]));
    expect(Math.abs(centsFrom(sound, frequencyOf(pitch)))).toBeLessThanOrEqual(tolerance);
  });

  it.each([22_050, 48_000])('keeps pitch and loudness at %i samples a second', async (sampleRateHz) => {
    const notes = notesOf([64, 90, 0, 1]);
    const [usual, other] = [await soundOf(notes), await soundOf(notes, { sampleRateHz })];
    expect(other.left).toHaveLength(3 * sampleRateHz);
    expect(Math.abs(centsFrom(other, frequencyOf(64)))).toBeLessThanOrEqual(10);
    expect(levelDb(other, 0, 1)).toBeCloseTo(levelDb(usual, 0, 1), 0);
  });

  it('sounds louder the harder a key is struck', async () => {
    const levels = [];
    for (const velocity of [8, 30, 60, 90, 127]) {
      levels.push(levelDb(await soundOf(notesOf([60, velocity, 0, 0.5])), 0, 0.4));
    }
    for (let i = 1; i < levels.length; i++) expect(levels[i] - levels[i - 1]).toBeGreaterThan(3);
    expect(levels[0]).toBeGreaterThan(-80);
    expect(levels[levels.length - 1]).toBeGreaterThan(-30);
  });

  it('sounds every key of a piano, none much louder than its neighbours', async () => {
    const rows = Array.from({ length: 88 }, (_, i) => [21 + i, 90, 0.4 * i, 0.4 * i + 0.2] as const);
    const sound = await soundOf(notesOf(...rows), { sampleRateHz: 22_050, reverb: 0 });
    const levels = rows.map(([, , start]) => levelDb(sound, start, start + 0.2));
    for (let i = 0; i < 88; i++) {
      expect(levels[i]).toBeGreaterThan(-45);
      if (i > 0) expect(Math.abs(levels[i] - levels[i - 1])).toBeLessThan(7);
    }
  });

  it('starts a note on its very sample', async () => {
    const { left } = await soundOf(notesOf([72, 100, 0.5, 1]));
    const at = 22_050;
    expect(left.subarray(0, at).every((sample) => sample === 0)).toBe(true);
    expect(left.subarray(at, at + 220).some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  });

  it('falls silent when a key is released, and holds it while the pedal is down', async () => {
    const played = notesOf([60, 90, 0, 0.3], [67, 1, 3, 3.1]);
    const pedal = { length: 2, time: Float64Array.of(0.1, 2), value: Uint8Array.of(127, 0) };
    const heard = (bytes: Uint8Array) => soundOf(soundingNotes(readMidi(bytes)), { reverb: 0 });
    const [dry, held] = [await heard(midiFromNotes(played)), await heard(midiFromNotes(played, { pedal }))];
    expect(levelDb(held, 0, 0.3)).toBeCloseTo(levelDb(dry, 0, 0.3), 1);
    expect(levelDb(held, 1.5, 1.9) - levelDb(dry, 1.5, 1.9)).toBeGreaterThan(40);
    expect(levelDb(held, 1.5, 1.9)).toBeGreaterThan(-50);
    expect(levelDb(held, 2.5, 2.9)).toBeLessThan(-60);
  });

  it('is as long as the last note and the tail, and ends in silence', async () => {
    const notes = notesOf([60, 90, 0, 4.3], [30, 127, 1, 2]);
    for (const [options, seconds] of [
      [{}, 6.3],
      [{ tailSeconds: 0.5, sampleRateHz: 8000 }, 4.8],
      [{ tailSeconds: 0 }, 4.3],
    ] as [RenderOptions, number][]) {
      const { frames, seconds: told, sampleRateHz } = renderNotes(notes, await shippedPiano(), options);
      expect([frames, told]).toEqual([Math.ceil(seconds * sampleRateHz), frames / sampleRateHz]);
      const sound = await soundOf(notes, options);
      expect(sound.left).toHaveLength(frames);
      expect(Math.abs(sound.left[frames - 1])).toBeLessThan(1e-4);
    }
  });

  it('never clips, however loud', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [30 + 2 * i, 127, 0.01 * i, 2] as const);
    const sound = await soundOf(notesOf(...rows), { gainDb: 24 });
    expect(peakOf(sound)).toBeLessThan(0.97);
    expect(peakOf(sound)).toBeGreaterThan(0.9);
  });

  it('leaves a single loud note and a chord unlimited, and gain is gain', async () => {
    const notes = notesOf([60, 127, 0, 1], [64, 100, 0, 1], [67, 100, 0, 1]);
    const [sound, softer] = [await soundOf(notes), await soundOf(notes, { gainDb: -20 })];
    const off = sound.left.reduce((most, x, i) => Math.max(most, Math.abs(x - 10 * softer.left[i])), 0);
    expect(off).toBeLessThan(1e-4);
    expect(peakOf(sound)).toBeGreaterThan(0.3);
  });

  it('adds a room, unless told not to', async () => {
    const notes = notesOf([72, 100, 0, 0.1]);
    const [dry, room] = [await soundOf(notes, { reverb: 0 }), await soundOf(notes)];
    expect(levelDb(room, 0, 0.1)).toBeCloseTo(levelDb(dry, 0, 0.1), 0);
    expect(levelDb(room, 0.8, 1)).toBeGreaterThan(-80);
    expect(levelDb(dry, 0.8, 1)).toBeLessThan(-100);
  });

  it('does not know what comes later: a piece begins as a shorter one does', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => [48 + ((7 * i) % 30), 60 + i, 0.13 * i, 0.13 * i + 0.4] as const,
    );
    const [short, long] = [await soundOf(notesOf(...rows.slice(0, 20))), await soundOf(notesOf(...rows))];
    // The synthesiser's steps end where a note begins, and the limiter looks ahead.
    const until = Math.floor(0.13 * 20 * 44_100) - 600;
    expect(until).toBeGreaterThan(3 * 8192);
    expect(long.left.subarray(0, until).every((sample, i) => sample === short.left[i])).toBe(true);
  });

  it('sounds the same again', async () => {
    const notes = notesOf([50, 80, 0, 0.5], [74, 64, 0.2, 0.4]);
    const rendering = renderNotes(notes, await shippedPiano());
    const [first, second] = [1, 2].map(() => Buffer.concat(Array.from(rendering.blocks(), pcm16)));
    expect(first).toHaveLength(4 * rendering.frames);
    expect(second.equals(first)).toBe(true);
  });

  it.each([
    [{}, /there are no notes to play/, notesOf()],
    [
      { sampleRateHz: 100 },
      /sampleRateHz is 100; give a number from 8000 to 192000/,
      notesOf([60, 80, 0, 1]),
    ],
    [{ sampleRateHz: 44_100.5 }, /sampleRateHz is 44100\.5; give a whole number/, notesOf([60, 80, 0, 1])],
    [{ gainDb: Number.NaN }, /gainDb is NaN/, notesOf([60, 80, 0, 1])],
    [{ tailSeconds: -1 }, /tailSeconds is -1/, notesOf([60, 80, 0, 1])],
    [{ reverb: 9 }, /reverb is 9/, notesOf([60, 80, 0, 1])],
  ])('refuses %o', async (options, message, notes) => {
    const piano = await shippedPiano();
    expect(() => renderNotes(notes, piano, options)).toThrow(message);
  });
});
