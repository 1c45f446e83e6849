import { describe, expect, it } from 'vitest';
import { builtInOpening, CadenzaError, createNoteTable, midiFromNotes } from '../../../src/index.js';
import { assemble, type Materials } from './material.js';
import { packText, unpackText } from './packed-text.js';
import { addTakes, newSession, type Recipe, type Session, type Source } from './session.js';
import { OPENINGS, sessionFromLink, sessionFromText, sessionToLink, sessionToText } from './session-file.js';

let ids = 0;
const newId = () => `id${ids++}`;

const RECIPE: Recipe = {
  model: { id: 'shipped:maestro', name: 'maestro', fingerprint: 'ab' },
  options: { seed: 7, variations: 2, temperature: 0.9, temperatures: { time: 0.5 } },
  variation: 1,
  seconds: 10,
};

function piece(): Source {
  const notes = createNoteTable(2);
  notes.pitch.set([60, 64]);
  notes.velocity.set([80, 1]);
  notes.start.set([0.1, 1 / 3]);
  notes.end.set([2.2, 0.7]);
  const pedal = { length: 1, time: Float64Array.of(0.5), value: Uint8Array.of(127) };
  return { title: 'A "piece"', notes, pedal };
}

function example(source: Source = piece()): { session: Session; materials: Materials } {
  const first = addTakes(newSession(source), [{ id: 'a', parent: undefined, cut: 0.7, recipe: RECIPE }]);
  const chords = [{ from: -0.5, to: 1.5, pitchClasses: [9, 0, 4] }];
  const recipe = { ...RECIPE, chords: 'Am', options: { ...RECIPE.options, chords } };
  const session = addTakes(first, [{ id: 'b', parent: 'a', cut: 1, until: 1.5, kept: [0, 2], recipe }]);
  const events = [
    { time: 0.9 + 1e-13, pitch: 70, velocity: 66 },
    { time: 1.4, pitch: 70, velocity: 0 },
  ];
  return { session, materials: { a: { events, knownTo: 10.7, state: 'made', bits: 12.5 } } };
}

describe('the text of a session', () => {
  it('holds all of it, to the last bit', () => {
    const { session, materials } = example();
    const opened = sessionFromText(sessionToText(session, materials), 'x.cadenza.json', newId);
    const again = sessionToText(opened.session, opened.materials);
    expect(again).toBe(sessionToText(session, materials));
    expect(opened.session.takes.map(({ name, cut, until }) => [name, cut, until])).toEqual([
      ['A', 0.7, undefined],
      ['A·1', 1, 1.5],
    ]);
    const [a, b] = opened.session.takes;
    expect(b.parent).toBe(a.id);
    expect(opened.session.current).toBe(b.id);
    expect([b.kept, b.recipe]).toEqual([[0, 2], session.takes[1].recipe]);
    expect(opened.materials[a.id].bits).toBe(12.5);
    expect(opened.materials[b.id]).toBeUndefined(); // to be made again
    expect(assemble(opened.session, a.id, opened.materials)).toEqual(assemble(session, 'a', materials));
  });

  it('can be opened again, however badly a take fits', () => {
    const { session, materials } = example();
    const never = { a: { ...materials.a, bits: Number.POSITIVE_INFINITY } };
    const text = sessionToText(session, never);
    const opened = sessionFromText(text, 'x', newId);
    expect(opened.materials[opened.session.takes[0].id].bits).toBeUndefined();
    // As it was written before.
    const before = sessionToText(session, materials).replace('"bits": 12.5', '"bits": null');
    expect(before).toContain('null');
    const again = sessionFromText(before, 'x', newId);
    expect(sessionToText(again.session, again.materials)).toBe(text);
  });

  it('holds the MIDI file that the primer was opened from, which no link does', async () => {
    const file = midiFromNotes(piece().notes);
    const { session, materials } = example({ ...piece(), file });
    const text = sessionToText(session, materials);
    expect(sessionFromText(text, 'x', newId).session.source.file).toEqual(file);
    const damaged = text.replace(/"midi": "[^"]*"/, '"midi": "?"');
    expect(() => sessionFromText(damaged, 'x', newId)).toThrow("the primer's MIDI file is damaged");
    const link = await sessionToLink({ ...session, current: undefined });
    expect((await sessionFromLink(link, newId)).session.source.file).toBeUndefined();
  });

  it('names a built-in opening instead of writing it out', () => {
    const { session, materials } = example(OPENINGS.prelude());
    const text = sessionToText(session, materials);
    expect(text.length).toBeLessThan(2000);
    expect(sessionFromText(text, 'x', newId).session.source.notes).toEqual(builtInOpening());
  });

  it.each<[string, (json: { takes: object[] }) => unknown, RegExp]>([
    ['no JSON', () => '{', /x\.json: is damaged/],
    ['something else', () => ({ a: 1 }), /is no session of Cadenza/],
    ['null', () => null, /is no session of Cadenza/],
    ['a later version', (json) => ({ ...json, version: 2 }), /version 2/],
    [
      'a note backwards',
      (json) => ({ ...json, source: { title: '', notes: [[60, 80, 2, 1]] } }),
      /note 1 is damaged/,
    ],
    [
      'notes out of order',
      (json) => ({
        ...json,
        source: {
          title: '',
          notes: [
            [60, 80, 2, 3],
            [60, 80, 1, 3],
          ],
        },
      }),
      /note 2/,
    ],
    [
      'an unknown opening',
      (json) => ({ ...json, source: { title: '', opening: 'toString' } }),
      /the opening is damaged/,
    ],
    ['a take before its parent', (json) => with0(json, { parent: 1 }), /take 1's place/],
    ['a take of itself', (json) => with0(json, { parent: 0 }), /take 1's place/],
    ['a span that ends before it begins', (json) => with0(json, { until: 0.1 }), /take 1's place/],
    [
      'a recipe without a seed',
      (json) => with0(json, { recipe: { ...RECIPE, options: {} } }),
      /recipe of take 1/,
    ],
    [
      'a variation that is not',
      (json) => with0(json, { recipe: { ...RECIPE, variation: 2 } }),
      /recipe of take 1/,
    ],
    [
      'too many variations',
      (json) => with0(json, { recipe: { ...RECIPE, options: { seed: 1, variations: 1e9 } } }),
      /recipe/,
    ],
    ['an event without a pitch', (json) => with0(json, { events: [[1, 300, 5]] }), /take 1 is damaged/],
    ['an event that is a number', (json) => with0(json, { events: [4] }), /take 1 is damaged/],
    ['places of no span', (json) => with0(json, { kept: [0] }), /take 1's notes/],
    ['places that are none', (json) => with0(json, { until: 2, kept: ['0'] }), /take 1's notes/],
    [
      'chords that are none',
      (json) => with0(json, { recipe: { ...RECIPE, options: { seed: 1, variations: 2, chords: [null] } } }),
      /recipe of take 1/,
    ],
    [
      'names of chords that are none',
      (json) => with0(json, { recipe: { ...RECIPE, chords: 'H' } }),
      /recipe of take 1/,
    ],
    ['a current take that is not', (json) => ({ ...json, current: 9 }), /current take/],
  ])('is refused with %s', (_, change, message) => {
    const { session, materials } = example();
    const json = change(JSON.parse(sessionToText(session, materials)));
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    expect(() => sessionFromText(text, 'x.json', newId)).toThrow(CadenzaError);
    expect(() => sessionFromText(text, 'x.json', newId)).toThrow(message);
  });
});

function with0(json: { takes: object[] }, change: object): unknown {
  return { ...json, takes: json.takes.map((take, i) => (i === 0 ? { ...take, ...change } : take)) };
}

describe('a link', () => {
  it('holds what makes the current take again, and no more', async () => {
    const { session } = example();
    const beside = addTakes(session, [{ id: 'c', parent: undefined, cut: 0.5, recipe: RECIPE }]);
    const code = await sessionToLink({ ...beside, current: 'b' });
    expect(code).toMatch(/^[\w-]+$/);
    const { session: opened, materials } = await sessionFromLink(code, newId);
    expect(opened.takes.map(({ name }) => name)).toEqual(['A', 'A·1']);
    expect(opened.takes[1]).toMatchObject({ cut: 1, until: 1.5, recipe: RECIPE });
    expect(opened.source.notes).toEqual(piece().notes);
    expect(materials).toEqual({});
  });

  it('that unfolds to more than anybody can hold is refused before it does', async () => {
    const link = await packText(' '.repeat(20e6));
    await expect(unpackText(link, 1000)).rejects.toThrow(RangeError);
    await expect(sessionFromLink(link, newId)).rejects.toThrow('the link is damaged');
  });

  it('is not made of what only its maker has, nor of long primers', async () => {
    const { session } = example();
    const own = { ...RECIPE, model: { id: 'kept:ab', name: 'mine' } };
    const strange = addTakes(session, [{ id: 'c', parent: undefined, cut: 1, recipe: own }]);
    await expect(sessionToLink(strange)).rejects.toThrow(/mine, which only you have/);
    const played = addTakes(session, [
      { id: 'c', parent: undefined, cut: 1, recipe: { ...RECIPE, isPlayed: true } },
    ]);
    await expect(sessionToLink(played)).rejects.toThrow(/played by hand/);
    const notes = createNoteTable(5000);
    for (let i = 0; i < 5000; i++) {
      notes.pitch[i] = (i * i) % 88;
      notes.velocity[i] = 1 + ((i * 31) % 127);
      notes.start[i] = i / 7;
      notes.end[i] = i / 7 + 1 / (1 + (i % 13));
    }
    await expect(sessionToLink(newSession({ title: 'long', notes }))).rejects.toThrow(/5000 notes, too many/);
  });

  it('is refused when it was cut off', async () => {
    const code = await sessionToLink(example().session);
    for (const bad of [code.slice(0, 60), '', 'x', `${code}!`]) {
      await expect(sessionFromLink(bad, newId)).rejects.toThrow(CadenzaError);
    }
  });
});
