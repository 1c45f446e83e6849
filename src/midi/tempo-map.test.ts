import { expect, test } from 'vitest';
import { readMidiFixture, readPrettyMidiGoldens } from '../../test/fixtures/midi-fixtures.js';
import { readMidi } from './read.js';
import { TempoMap, tempoMapOf } from './tempo-map.js';

test('seconds to ticks as in pretty_midi', () => {
  for (const [name, rows] of Object.entries(readPrettyMidiGoldens().ticks)) {
    const map = tempoMapOf(readMidi(readMidiFixture(name)));
    expect(rows.map(([seconds]) => map.tickAt(seconds))).toEqual(rows.map(([, tick]) => tick));
  }
});

test('ticks to seconds one by one, in bulk and in any order are the same', () => {
  const map = tempoMapOf(readMidi(readMidiFixture('format-1-tempo-changes')));
  const ticks = Uint32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  expect([...map.secondsOf(ticks)]).toEqual(Array.from(ticks, (tick) => map.secondsAt(tick)));
  expect([...map.secondsOf(ticks.sort())]).toEqual(Array.from(ticks, (tick) => map.secondsAt(tick)));
});

test('every tick is found again from its seconds', () => {
  const map = tempoMapOf(readMidi(readMidiFixture('format-1-tempo-changes')));
  for (let tick = 0; tick < 3000; tick++) expect(map.tickAt(map.secondsAt(tick))).toBe(tick);
});

test('a time midway between two ticks goes to the even one', () => {
  const map = TempoMap.ofRate(2);
  expect([0.25, 0.75, 1.25, 1.75].map((seconds) => map.tickAt(seconds))).toEqual([0, 2, 2, 4]);
});

test('120 beats a minute until the first tempo', () => {
  const map = TempoMap.ofBeats(100, [{ tick: 100, microsecondsPerBeat: 1_000_000 }]);
  expect(map.secondsAt(100)).toBe(0.5);
  expect(map.secondsAt(200)).toBe(1.5);
  expect(map.tickAt(0.5)).toBe(100);
  expect(map.tickAt(1)).toBe(150);
});
