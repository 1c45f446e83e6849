import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import type { Instrument } from './instrument.js';
import { Transport, type TransportOptions } from './transport.js';

type Told = readonly [what: string, time: number, pitch: number];

/** An instrument that writes down what it was told; its clock goes only when it is told to. */
class FakeInstrument implements Instrument {
  clock = 100;
  latency = 0;
  volume = 1;
  told: Told[] = [];
  silences = 0;
  starting: () => Promise<void> = async () => {};
  now = () => this.clock;
  heardNow = () => this.clock - this.latency;
  start = () => this.starting();
  strikeAt(time: number, pitch: number) {
    this.told.push(['strike', time, pitch]);
  }
  releaseAt(time: number, pitch: number) {
    this.told.push(['release', time, pitch]);
  }
  pedalAt(time: number, value: number) {
    this.told.push(['pedal', time, value]);
  }
  clickAt(time: number, isStrong: boolean) {
    this.told.push([isStrong ? 'strong click' : 'click', time, 0]);
  }
  silence() {
    this.silences++;
  }
  strike() {}
  release() {}
  pedal() {}
}

/** Notes [start, end, pitch]. */
function notesOf(...notes: readonly (readonly [number, number, number])[]): NoteTable {
  const table = createNoteTable(notes.length);
  for (const [i, [start, end, pitch]] of notes.entries()) {
    [table.start[i], table.end[i], table.pitch[i], table.velocity[i]] = [start, end, pitch, 80];
  }
  return table;
}

const SCALE = notesOf([0, 0.5, 60], [0.5, 1, 62], [1, 1.5, 64], [1.5, 2, 65]);
const LEAD = 0.02;

let instrument: FakeInstrument;
let ticks: Set<() => void>;

function transportOf(options: TransportOptions = {}): Transport {
  return new Transport(instrument, {
    every: (callback) => {
      ticks.add(callback);
      return () => ticks.delete(callback);
    },
    isHidden: () => false,
    ...options,
  });
}

/** Lets time pass as a page's timer would see it. */
function pass(seconds: number, step = 0.025): void {
  const end = instrument.clock + seconds;
  while (instrument.clock < end - 1e-9) {
    instrument.clock = Math.min(end, instrument.clock + step);
    for (const tick of [...ticks]) tick();
  }
}

const strikes = () => instrument.told.filter(([what]) => what === 'strike');

beforeEach(() => {
  instrument = new FakeInstrument();
  ticks = new Set();
});

describe('a transport', () => {
  it('tells every event its exact time, however coarse its timer, and not long before', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    await transport.play();
    const begin = instrument.clock + LEAD;
    const planned: number[] = [];
    for (let i = 0; i < 90; i++) {
      const before = instrument.told.length;
      pass(0.025);
      for (const [, time] of instrument.told.slice(before)) planned.push(time - instrument.clock);
    }
    expect(strikes().map(([, time, pitch]) => [Math.round((time - begin) * 1e6) / 1e6, pitch])).toEqual([
      [0, 60],
      [0.5, 62],
      [1, 64],
      [1.5, 65],
    ]);
    expect(Math.max(...planned)).toBeLessThanOrEqual(0.12);
    expect(Math.min(...planned)).toBeGreaterThanOrEqual(0.12 - 0.026);
  });

  it('ends with an event, falls silent, and plays from the beginning again', async () => {
    const transport = transportOf();
    const states: string[] = [];
    let ended = 0;
    transport.on('state', (state) => states.push(state));
    transport.on('ended', () => ended++);
    transport.load(SCALE);
    await transport.play();
    pass(2.1);
    expect(ended).toBe(1);
    expect(states).toEqual(['starting', 'playing', 'paused']);
    expect(transport.currentTime).toBe(2);
    expect(instrument.told.filter(([what]) => what === 'release')).toHaveLength(4);
    expect(ticks.size).toBe(0);
    await transport.play();
    pass(0.1);
    expect(transport.currentTime).toBeCloseTo(0.08, 6);
  });

  it('shows what is heard, which lags behind the clock', async () => {
    instrument.latency = 0.2;
    const transport = transportOf();
    transport.load(SCALE);
    await transport.play();
    pass(0.1);
    expect(transport.currentTime).toBe(0);
    pass(0.52);
    expect(transport.currentTime).toBeCloseTo(0.4, 6);
  });

  it('pauses at once and goes on from there', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    await transport.play();
    pass(0.72);
    transport.pause();
    expect(instrument.silences).toBe(1);
    expect(transport.state).toBe('paused');
    pass(3);
    expect(transport.currentTime).toBeCloseTo(0.7, 6);
    const before = strikes().length;
    await transport.play();
    pass(0.4);
    expect(
      strikes()
        .slice(before)
        .map(([, , pitch]) => pitch),
    ).toEqual([62, 64]);
    transport.stop();
    expect([transport.state, transport.currentTime]).toEqual(['stopped', 0]);
  });

  it('seeks while it plays, and sets the pedal as it stands there', async () => {
    const transport = transportOf();
    transport.load(SCALE, {
      pedal: { length: 2, time: Float64Array.of(0.2, 1.8), value: Uint8Array.of(127, 0) },
    });
    await transport.play();
    pass(0.1);
    instrument.told = [];
    transport.seek(1);
    expect(instrument.silences).toBe(1);
    expect(instrument.told[0]).toEqual(['pedal', instrument.clock + LEAD, 127]);
    // What the pedal holds from before, and then the note that begins there.
    const held = instrument.told.filter(([what]) => what === 'strike').map(([, , pitch]) => pitch);
    expect(held).toEqual([60, 62, 64]);
    transport.seek(99);
    expect(transport.currentTime).toBe(2);
    transport.seek(-1);
    expect(transport.currentTime).toBe(0);
  });

  it('loops without a gap, and releases what is down at the turn', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    transport.loop = { start: 0.5, end: 1.25 };
    transport.seek(0.5);
    await transport.play();
    const begin = instrument.clock + LEAD;
    pass(2.4);
    const played = strikes().map(([, time, pitch]) => [Math.round((time - begin) * 1e6) / 1e6, pitch]);
    expect(played).toEqual([
      [0, 62],
      [0.5, 64],
      [0.75, 62],
      [1.25, 64],
      [1.5, 62],
      [2, 64],
      [2.25, 62],
    ]);
    const turns = instrument.told.filter(
      ([what, time]) => what === 'release' && Math.abs(time - begin - 0.75) < 1e-6,
    );
    expect(turns.map(([, , pitch]) => pitch)).toEqual([64]);
    expect(transport.currentTime).toBeCloseTo(0.5 + 2.38 - 3 * 0.75, 6);
    expect(transport.isPlaying).toBe(true);
  });

  it('loops a whole piece by a loop without an end', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    transport.loop = { start: 0, end: Number.POSITIVE_INFINITY };
    await transport.play();
    pass(4.5);
    expect(strikes()).toHaveLength(10);
    expect(instrument.told.filter(([what]) => what === 'release').length).toBeGreaterThanOrEqual(9);
  });

  it('changes its tempo on the way', async () => {
    const transport = transportOf({ lookahead: 0.03 });
    transport.load(SCALE);
    await transport.play();
    const begin = instrument.clock + LEAD;
    pass(0.02 + 0.75);
    transport.tempo = 0.5;
    pass(1.8);
    expect(strikes().map(([, time]) => time - begin)).toEqual([
      expect.closeTo(0, 6),
      expect.closeTo(0.5, 6),
      expect.closeTo(0.75 + 0.5, 6),
      expect.closeTo(0.75 + 1.5, 6),
    ]);
  });

  it('waits at the end of what is known, and goes on when enough has come', async () => {
    const transport = transportOf();
    const states: string[] = [];
    transport.on('state', (state) => states.push(state));
    transport.load(notesOf([0, 0.5, 60]), { isComplete: false });
    await transport.play();
    pass(1);
    expect(transport.state).toBe('waiting');
    expect(transport.currentTime).toBe(0.5);
    transport.append([{ time: 0.5, pitch: 62, velocity: 70 }]);
    transport.append([{ time: 0.6, pitch: 62, velocity: -1 }]);
    expect(transport.state).toBe('waiting');
    transport.append([{ time: 1, pitch: 64, velocity: 70 }]);
    expect(transport.state).toBe('playing');
    const begin = instrument.clock + LEAD;
    pass(0.3);
    expect(strikes().at(-1)).toEqual(['strike', begin, 62]);
    transport.append([{ time: 1.2, pitch: 64, velocity: -1 }]);
    transport.complete();
    pass(1);
    expect(strikes().map(([, , pitch]) => pitch)).toEqual([60, 62, 64]);
    expect(instrument.told.filter(([what]) => what === 'release')).toHaveLength(3);
    expect(states).toEqual(['starting', 'playing', 'waiting', 'playing', 'paused']);
  });

  it('plays a stream from nothing, each event once', async () => {
    const transport = transportOf();
    transport.load(undefined, { isComplete: false });
    await transport.play();
    expect(transport.state).toBe('waiting');
    for (let i = 0; i < 40; i++) {
      transport.append([
        { time: i * 0.1, pitch: 60 + (i % 12), velocity: 80 },
        { time: i * 0.1 + 0.1, pitch: 60 + (i % 12), velocity: 0 },
      ]);
      pass(0.03, 0.01);
    }
    transport.complete();
    pass(5);
    expect(strikes()).toHaveLength(40);
    expect(instrument.told.filter(([what]) => what === 'release')).toHaveLength(40);
    expect(transport.state).toBe('paused');
  });

  it('makes up for what comes a little late, and leaves out what comes too late', async () => {
    const transport = transportOf();
    transport.load(notesOf([0, 5, 40]), { isComplete: false });
    await transport.play();
    pass(1.02);
    transport.append(notesOf([0.95, 2, 60], [0.3, 0.6, 61]));
    expect(strikes().map(([, , pitch]) => pitch)).toEqual([40, 60]);
    expect(strikes()[1][1]).toBe(instrument.clock);
    pass(1.2);
    expect(instrument.told.filter(([what]) => what === 'release').map(([, , pitch]) => pitch)).toEqual([60]);
  });

  it('holds a key down while one of two notes of its pitch still lasts', async () => {
    const transport = transportOf();
    transport.load(notesOf([0, 1, 60], [0.5, 2, 60]));
    await transport.play();
    const begin = instrument.clock + LEAD;
    pass(2.2);
    const releases = instrument.told.filter(([what]) => what === 'release');
    expect(releases.map(([, time]) => time - begin)).toEqual([expect.closeTo(2, 6)]);
  });

  it('replaces what plays without stopping, at the same spot', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    await transport.play();
    pass(0.82);
    transport.load(notesOf([0, 0.5, 72], [1, 1.5, 76]), { at: transport.currentTime });
    expect(transport.isPlaying).toBe(true);
    pass(0.4);
    expect(strikes().at(-1)![2]).toBe(76);
  });

  it('strikes again what sounds where it goes on, as loud as it would still be', async () => {
    const transport = transportOf();
    const velocities: number[] = [];
    instrument.strikeAt = (time: number, pitch: number, velocity?: number) => {
      instrument.told.push(['strike', time, pitch]);
      velocities.push(velocity ?? 0);
    };
    transport.load(notesOf([0, 4, 40], [0.9, 1.01, 50], [0.5, 1, 60], [0, 4, 100], [2, 3, 64]));
    transport.seek(1);
    await transport.play();
    expect(strikes().map(([, , pitch]) => pitch)).toEqual([40, 100]);
    expect(velocities[0]).toBeLessThan(80);
    expect(velocities[0]).toBeGreaterThan(40);
    expect(velocities[1]).toBeLessThan(15);
    pass(3.2);
    const releases = instrument.told.filter(([what]) => what === 'release').map(([, , pitch]) => pitch);
    expect(releases.sort()).toEqual([100, 40, 64]);
  });

  it('tells of notes when they are heard, and lets keys go when it falls silent', async () => {
    vi.useFakeTimers();
    try {
      const told: string[] = [];
      const transport = transportOf();
      instrument.latency = 0.05;
      transport.load(SCALE);
      transport.on('note', ({ pitch, velocity, position }) => told.push(`${pitch} ${velocity} ${position}`));
      await transport.play();
      expect(told).toEqual([]);
      vi.advanceTimersByTime(1000 * (LEAD + 0.05) - 2);
      expect(told).toEqual([]);
      vi.advanceTimersByTime(3);
      expect(told).toEqual(['60 80 0']);
      transport.pause();
      expect(told).toEqual(['60 80 0', '60 0 0']);
      vi.advanceTimersByTime(1000);
      expect(told).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says why there is no sound, and is paused then', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    instrument.starting = async () => {
      throw new CadenzaError('no sound here');
    };
    await expect(transport.play()).rejects.toThrow('no sound here');
    expect(transport.state).toBe('paused');
  });

  it('does not begin when it was stopped while the sound was loading', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    let loaded = () => {};
    instrument.starting = () => new Promise((resolve) => (loaded = resolve));
    const playing = transport.play();
    expect(transport.state).toBe('starting');
    transport.stop();
    loaded();
    await playing;
    expect(transport.state).toBe('stopped');
    expect(strikes()).toEqual([]);
  });

  it('plans further ahead in a hidden page', async () => {
    const transport = transportOf({ isHidden: () => true });
    transport.load(SCALE);
    await transport.play();
    expect(strikes()).toHaveLength(3);
  });

  it('leaves out strikes that a sleeping page has missed, and releases all the same', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    await transport.play();
    pass(0.1);
    instrument.clock += 1.2;
    for (const tick of ticks) tick();
    expect(strikes().map(([, , pitch]) => pitch)).toEqual([60]);
    expect(instrument.told.filter(([what]) => what === 'release').map(([, , pitch]) => pitch)).toEqual([60]);
  });
});

describe('a metronome', () => {
  /** Three beats a bar, half a second each. */
  function* everyBeat(from: number, to: number) {
    for (let beat = Math.ceil(from * 2); beat / 2 < to; beat++)
      yield { time: beat / 2, isStrong: beat % 3 === 0 };
  }
  const clicks = () => instrument.told.filter(([what]) => what.includes('click'));
  const times = () => clicks().map(([, time]) => Math.abs(time - 100 - LEAD).toFixed(2));

  it('clicks each beat once, in time, also where a loop turns', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    transport.clicks = everyBeat;
    transport.loop = { start: 0.5, end: 1.5 };
    await transport.play();
    pass(2.4);
    expect(times()).toEqual(['0.00', '0.50', '1.00', '1.50', '2.00', '2.50']);
    expect(clicks().map(([what]) => what === 'strong click')).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('goes with the tempo, and is silent where there is none', async () => {
    const transport = transportOf();
    transport.load(SCALE);
    transport.tempo = 2;
    transport.clicks = everyBeat;
    await transport.play();
    pass(0.5);
    expect(times()).toEqual(['0.00', '0.25', '0.50']);
    transport.clicks = undefined;
    pass(0.5);
    expect(clicks().length).toBe(3);
  });
});
