import { describe, expect, it } from 'vitest';
import { PLAYING_MODEL } from '../../../test/helpers/playing-model.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { CadenzaError } from '../../errors.js';
import { longestRun } from '../../evaluation/metrics/repetition.js';
import { namedViews } from '../../model/parameters.js';
import { createGridNotes, gridOf } from '../../notes/grid.js';
import { midiFromNotes } from '../../notes/to-midi.js';
import { builtInOpening } from '../../playing/opening.js';
import type { EventTable } from '../../representation/events.js';
import { MIDI_LIKE } from '../../representation/midi-like.js';
import { EventLstm } from './network.js';
import { notesOfEvents, type PerformOptions, type PlayedEvent, perform, primerEvents } from './perform.js';

const loaded = PLAYING_MODEL;
const { model, parameters } = loaded;
const engine = plainEngine();
const opening = gridOf(builtInOpening());

async function play(options: PerformOptions, primer: EventTable = primerEvents(opening, 5), by = loaded) {
  const events: PlayedEvent[] = [];
  for await (const event of perform(by, engine, primer, options)) events.push(event);
  return events;
}

/** After every event, which pitches sound, of those that this variation struck. */
function polyphony(events: readonly PlayedEvent[]): number {
  const sounding = new Set<number>();
  let most = 0;
  for (const { pitch, velocity } of events) {
    if (velocity >= 0) sounding.add(pitch);
    else sounding.delete(pitch);
    most = Math.max(most, sounding.size);
  }
  return most;
}

describe('a performance', () => {
  it('is the same for the same seed, and another for others and for every variation', async () => {
    const once = await play({ notes: 20, seed: 5, variations: 2 });
    expect(await play({ notes: 20, seed: 5, variations: 2 })).toEqual(once);
    const of = (variation: number) =>
      once.filter((event) => event.variation === variation).map(({ time, pitch }) => [time, pitch]);
    expect(of(0)).not.toEqual(of(1));
    // The first variation does not depend on how many others there are.
    const alone = await play({ notes: 20, seed: 5 });
    expect(alone.map(({ time, pitch }) => [time, pitch])).toEqual(of(0));
    expect(await play({ notes: 20, seed: 6 })).not.toEqual(alone);
  });

  it('has as many notes or seconds as asked, all of them closed', async () => {
    const notes = notesOfEvents(await play({ notes: 30 }));
    expect(notes.length).toBe(30);
    for (const isCutOff of [true, false]) {
      const short = await play({ seconds: 2, isCutOff });
      const table = notesOfEvents(short);
      expect(Math.max(...table.start)).toBeLessThan(2);
      const open = new Set<number>();
      for (const { pitch, velocity } of short) {
        if (velocity >= 0) open.add(pitch);
        else open.delete(pitch);
      }
      expect(open.size).toBe(0);
      expect(() => midiFromNotes(table)).not.toThrow();
    }
  });

  it('is released when its time has come, unless it is to be cut off', async () => {
    const cut = await play({ seconds: 2, isCutOff: true });
    const rung = await play({ seconds: 2 });
    const before = cut.filter(({ time }) => time < 2);
    expect(rung.slice(0, before.length)).toEqual(before);
    expect(cut.slice(before.length).every(({ time, velocity }) => time === 2 && velocity < 0)).toBe(true);
    const after = rung.slice(before.length);
    expect(after.length).toBe(cut.length - before.length);
    expect(after.every(({ time, velocity }) => time >= 2 && time <= 14 && velocity < 0)).toBe(true);
    // As it would have been released, had the music gone on.
    const longer = await play({ seconds: 20 });
    for (const { pitch, time } of after.filter((event) => event.time < 14)) {
      const release = longer.find((event) => event.pitch === pitch && event.time >= 2 && event.velocity < 0);
      expect(release?.time).toBe(time);
    }
  });

  it('goes on from what it heard, whether it played it itself or not', async () => {
    const primer = primerEvents(opening, 30);
    expect(primer.length).toBeGreaterThan(64); // longer than what is heard at once
    const played = await play({ notes: 12, temperature: 0, isPlain: true }, primer);
    const heard = 6;
    // Values within a wide bin are drawn even without temperature: what was played is heard as it was.
    const longer = [...primer.columns.map((column) => Array.from(column))];
    let now = 0;
    for (const { time, pitch, velocity } of played.slice(0, heard)) {
      longer[0].push(Math.round(time * 100) - now);
      longer[1].push(velocity >= 0 ? pitch - 21 : pitch - 21 + 88);
      longer[2].push(velocity);
      now = Math.round(time * 100);
    }
    const again = await play(
      { notes: 12, temperature: 0, isPlain: true },
      { length: primer.length + heard, columns: longer.map((column) => Int32Array.from(column)) },
    );
    expect(again[0].pitch).toBe(played[heard].pitch);
    expect(again[0].velocity).toBe(played[heard].velocity);
  });

  it('leaves what a primer holds at its end for the model to release', async () => {
    const cut = primerEvents(opening, 5);
    const whole = primerEvents(opening);
    const held = (events: EventTable) =>
      events.columns[1].reduce((sum, symbol) => sum + (symbol < 88 ? 1 : -1), 0);
    expect(held(whole)).toBe(0);
    expect(held(cut)).toBeGreaterThan(0);
    const events = await play({ seconds: 5 }, cut);
    const releases = events.filter(({ velocity }) => velocity < 0).length;
    expect(releases).toBe(notesOfEvents(events).length + held(cut));
  });

  it('begins without a primer', async () => {
    const events = await play({ notes: 3 }, primerEvents(createGridNotes(0)));
    expect(events[0].velocity).toBeGreaterThanOrEqual(0);
    expect(notesOfEvents(events).length).toBe(3);
  });

  it.each<[string, PerformOptions]>([
    ['a range', { range: [60, 72] }],
    ['few pitches', { pitches: [60, 64, 67] }],
    ['one key at once', { maxPolyphony: 1 }],
    ['three keys at once, held long', { maxPolyphony: 3, minDuration: 0.5 }],
    ['steps of 0.1 to 0.3 s', { minStep: 0.1, maxStep: 0.3 }],
    ['notes of 0.2 to 0.4 s', { minDuration: 0.2, maxDuration: 0.4 }],
    [
      'everything at once',
      {
        range: [48, 84],
        maxPolyphony: 4,
        minStep: 0.05,
        maxStep: 0.5,
        minDuration: 0.1,
        maxDuration: 1,
        temperature: 1.5,
        topP: 0.95,
        density: 1.5,
        loudness: 10,
      },
    ],
  ])('keeps to %s', async (_, options) => {
    const events = await play({ notes: 60, seed: 2, ...options }, primerEvents(createGridNotes(0)));
    const notes = notesOfEvents(events);
    const { range: [low, high] = [21, 108], pitches, maxPolyphony = 88 } = options;
    const { minStep = 0, maxStep = Number.POSITIVE_INFINITY } = options;
    const { minDuration = 0, maxDuration = Number.POSITIVE_INFINITY } = options;
    expect(notes.length).toBe(60);
    expect(polyphony(events)).toBeLessThanOrEqual(maxPolyphony);
    for (let i = 0; i < notes.length; i++) {
      expect(notes.pitch[i]).toBeGreaterThanOrEqual(low);
      expect(notes.pitch[i]).toBeLessThanOrEqual(high);
      if (pitches) expect(pitches).toContain(notes.pitch[i]);
      if (i > 0) {
        const step = notes.start[i] - notes.start[i - 1];
        expect(step).toBeGreaterThanOrEqual(minStep - 1e-9);
        expect(step).toBeLessThanOrEqual(maxStep + 1e-9);
      }
      const isCutOff = notes.end[i] === events.at(-1)?.time;
      if (!isCutOff) expect(notes.end[i] - notes.start[i]).toBeGreaterThanOrEqual(minDuration - 1e-9);
      expect(notes.end[i] - notes.start[i]).toBeLessThanOrEqual(maxDuration + 1e-9);
    }
  });

  it('is denser and louder if asked', async () => {
    const measure = async (options: PerformOptions) => {
      const notes = notesOfEvents(await play({ notes: 150, ...options }));
      const mean = notes.velocity.reduce((sum, velocity) => sum + velocity, 0) / notes.length;
      return { seconds: notes.start.at(-1) as number, mean };
    };
    const plain = await measure({});
    const dense = await measure({ density: 2 });
    const loud = await measure({ loudness: 20 });
    const soft = await measure({ loudness: -20 });
    expect(dense.seconds).toBeLessThan(0.8 * plain.seconds);
    expect(loud.mean).toBeGreaterThan(plain.mean + 5);
    expect(soft.mean).toBeLessThan(plain.mean - 5);
  });

  it('does not stay on one key, however sure of it the model is', async () => {
    const obsessed = parameters.slice();
    // The odds of striking or releasing the key are e⁸ times what they were.
    const bias = namedViews(obsessed, model.parameters).get('symbol.output.bias')?.data as Float32Array;
    for (const symbol of [40, 40 + 88]) bias[symbol] += 8;
    const pitches = (primer: EventTable) =>
      play({ notes: 60 }, primer, { model, parameters: obsessed }).then(
        (events) => notesOfEvents(events).pitch,
      );
    const played = await pitches(primerEvents(opening, 5));
    expect(played.filter((pitch) => pitch === 40 + 21).length).toBeGreaterThan(30);
    expect(longestRun(played)).toBeGreaterThan(6);
    expect(longestRun(played)).toBeLessThan(20);
    // Where the primer does so, it may go on.
    const repeated = createGridNotes(100);
    for (let i = 0; i < 100; i++) {
      repeated.onset[i] = 20 * i;
      repeated.offset[i] = 20 * i + 10;
      repeated.key[i] = 40;
    }
    expect(longestRun(await pitches(primerEvents(repeated)))).toBeGreaterThan(30);
  });

  it('leaves out keys that are far less likely than others', async () => {
    const leaning = parameters.slice();
    const bias = namedViews(leaning, model.parameters).get('symbol.output.bias')?.data as Float32Array;
    for (let symbol = 0; symbol < 88; symbol++) if (symbol < 20 || symbol >= 60) bias[symbol] -= 5;
    const countOutside = async (options: PerformOptions) => {
      const events = await play({ notes: 200, ...options }, undefined, { model, parameters: leaning });
      return notesOfEvents(events).pitch.filter((pitch) => pitch < 41 || pitch >= 81).length;
    };
    expect(await countOutside({ minP: 0 })).toBeGreaterThan(0);
    expect(await countOutside({})).toBe(0);
  });

  it('is refused to models of other representations', async () => {
    const other = new EventLstm({ ...model.config, representation: 'midi-like' }, MIDI_LIKE, 8);
    const playing = perform(
      { model: other, parameters: new Float32Array(other.parameterCount) },
      engine,
      primerEvents(opening, 1),
    );
    await expect(playing.next()).rejects.toThrow(CadenzaError);
  });

  it('says when the weights are of no use', async () => {
    const broken = { model, parameters: parameters.map(() => Number.NaN) };
    await expect(perform(broken, engine, primerEvents(opening, 1)).next()).rejects.toThrow(
      /no finite numbers/,
    );
  });
});
