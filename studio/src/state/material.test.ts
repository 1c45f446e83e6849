import { describe, expect, it } from 'vitest';
import { rowsOf, tableOf } from '../../../test/helpers/note-rows.js';
import { assemble, growingNotes, type Materials } from './material.js';
import { addTakes, type NewTake, newSession, type Recipe, type Session } from './session.js';

const RECIPE: Recipe = { model: { id: 'm', name: 'm' }, options: { seed: 0 }, variation: 0, seconds: 2 };
const SOURCE = {
  title: 'x',
  notes: tableOf([
    [60, 0, 1],
    [62, 1, 4],
    [64, 3, 4],
  ]),
};

const made = (rows: readonly (readonly [number, number, number])[], knownTo: number): Materials[string] => ({
  events: rows.flatMap(([pitch, start, end]) => [
    { time: start, pitch, velocity: 80 },
    { time: end, pitch, velocity: 0 },
  ]),
  knownTo,
  state: 'made',
});

function sessionOf(...takes: (Omit<NewTake, 'recipe'> & { recipe?: Recipe })[]): Session {
  return takes.reduce((s, take) => addTakes(s, [{ recipe: RECIPE, ...take }]), newSession(SOURCE));
}

describe('a piece', () => {
  it('is the primer, as long as there is no take', () => {
    const piece = assemble(newSession(SOURCE), undefined, {});
    expect(rowsOf(piece.notes)).toEqual(rowsOf(SOURCE.notes));
    expect(piece.made.length).toBe(0);
    expect(piece.end).toBe(4);
  });

  it('goes on from the cut; what was held there is released in the take', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 2 });
    const { events, ...rest } = made([[70, 2.5, 3]], 4);
    const piece = assemble(session, 'a', {
      a: { ...rest, events: [{ time: 2.2, pitch: 62, velocity: 0 }, ...events] },
    });
    expect(rowsOf(piece.given)).toEqual([
      [60, 0, 1],
      [62, 1, 2.2],
    ]);
    expect(rowsOf(piece.made)).toEqual([[70, 2.5, 3]]);
    expect(rowsOf(piece.notes)).toEqual([
      [60, 0, 1],
      [62, 1, 2.2],
      [70, 2.5, 3],
    ]);
  });

  it('tells, while it grows, what is held from what ended at the cut or will end later', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 4 });
    const strike = (pitch: number, time: number) => ({ time, pitch, velocity: 80 });
    const release = (pitch: number, time: number) => ({ time, pitch, velocity: 0 });
    const growing = (...events: ReturnType<typeof strike>[]) => {
      const a = { events, knownTo: 4, state: 'making' as const };
      return rowsOf(growingNotes(session, session.takes[0], { a }));
    };
    expect(growing()).toEqual(rowsOf(SOURCE.notes));
    // The tutorial model says with a strike when its release will be.
    expect(growing(strike(70, 4.5), release(70, 6), strike(72, 5)).slice(3)).toEqual([
      [70, 4.5, 6],
      [72, 5, Number.POSITIVE_INFINITY],
    ]);
    const cut = sessionOf({ id: 'b', parent: undefined, cut: 2 });
    const b = { events: [release(62, 2.5)], knownTo: 2.5, state: 'making' as const };
    expect(rowsOf(growingNotes(cut, cut.takes[0], {}))).toEqual([
      [60, 0, 1],
      [62, 1, Number.POSITIVE_INFINITY],
    ]);
    expect(rowsOf(growingNotes(cut, cut.takes[0], { b }))[1]).toEqual([62, 1, 2.5]);
  });

  it('is a chain of takes', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 4 }, { id: 'b', parent: 'a', cut: 5 });
    const materials = {
      a: made(
        [
          [70, 4, 4.5],
          [71, 5.5, 6],
        ],
        6,
      ),
      b: made([[72, 5, 7]], 7),
    };
    expect(rowsOf(assemble(session, 'b', materials).made)).toEqual([
      [70, 4, 4.5],
      [72, 5, 7],
    ]);
    expect(rowsOf(assemble(session, 'a', materials).made)).toEqual([
      [70, 4, 4.5],
      [71, 5.5, 6],
    ]);
  });

  it('keeps what stands after a rewritten span', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 1.5, until: 2.5 });
    const { given, made: own, end } = assemble(session, 'a', { a: made([[80, 1.6, 2.5]], 2.5) });
    expect(rowsOf(own)).toEqual([[80, 1.6, 2.5]]);
    expect(rowsOf(given)).toEqual([
      [60, 0, 1],
      [62, 1, 2.5],
      [64, 3, 4],
    ]);
    expect(end).toBe(4);
  });

  it('keeps all around a filled span as it sounds, and what stays in it', () => {
    const pedal = { length: 2, time: Float64Array.of(0.5, 3.5), value: Uint8Array.of(127, 0) };
    const source = { ...SOURCE, pedal };
    const filled = (kept: number[]) => {
      const take = { id: 'a', parent: undefined, cut: 0.9, until: 2.5, kept, recipe: RECIPE };
      return assemble(addTakes(newSession(source), [take]), 'a', { a: made([[80, 1.6, 2.5]], 2.5) });
    };
    const { given, made: own, pedal: rests } = filled([]);
    expect(rowsOf(own)).toEqual([[80, 1.6, 2.5]]);
    // The first note rings as long as the pedal held it; the second began in the span.
    expect(rowsOf(given)).toEqual([
      [60, 0, 3.5],
      [64, 3, 4],
    ]);
    const positions = Array.from(rests?.time ?? [], (time, i) => [time, rests?.value[i]]);
    expect(positions).toEqual([
      [0.5, 127],
      [0.9, 0],
      [expect.closeTo(2.5, 1), 127],
      [3.5, 0],
    ]);
    expect(rowsOf(filled([1]).given)).toEqual([
      [60, 0, 3.5],
      [62, 1, 4],
      [64, 3, 4],
    ]);
    expect(rowsOf(filled([1]).notes).length).toBe(4);
  });

  it('grows while it is made, and counts what was played by hand as given', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 4, recipe: { ...RECIPE, isPlayed: true } });
    const half = { events: [{ time: 4.5, pitch: 70, velocity: 80 }], knownTo: 5, state: 'making' as const };
    const piece = assemble(session, 'a', { a: half });
    expect(rowsOf(piece.given).at(-1)).toEqual([70, 4.5, 5]);
    expect(piece.made.length).toBe(0);
    expect(assemble(session, 'a', { a: { ...half, knownTo: 6 } }).end).toBe(6);
    expect(assemble(session, 'a', {}).end).toBe(4);
  });

  it('is joined once, and again when something has changed', () => {
    const session = sessionOf({ id: 'a', parent: undefined, cut: 4 });
    const materials = { a: made([[70, 4, 5]], 6) };
    const piece = assemble(session, 'a', materials);
    expect(assemble(session, 'a', materials)).toBe(piece);
    expect(assemble(session, 'a', { a: made([[71, 4, 5]], 6) })).not.toBe(piece);
  });
});
