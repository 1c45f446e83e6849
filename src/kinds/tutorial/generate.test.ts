import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine, TensorData } from '../../engine/engine.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { CadenzaError } from '../../errors.js';
import { initialParameters } from '../../model/parameters.js';
import { createNoteTable, durationsOf, type NoteTable, sliceNotes, stepsOf } from '../../notes/note-table.js';
import {
  type GeneratedNote,
  type GenerateOptions,
  generate,
  primerWindow,
  tableOfGenerated,
} from './generate.js';
import { TUTORIAL_CONFIG, TutorialLstm } from './network.js';
import { encodeTutorial } from './representation.js';

type Row = readonly [pitch: number, step: number, duration: number];

function tableOf(rows: readonly Row[]): NoteTable {
  const notes = createNoteTable(rows.length);
  let start = 1;
  rows.forEach(([pitch, step, duration], i) => {
    start += step;
    notes.pitch[i] = pitch;
    notes.velocity[i] = 64;
    notes.start[i] = start;
    notes.end[i] = start + duration;
  });
  return notes;
}

const rowsOf = (notes: NoteTable): number[][] => {
  const [steps, durations] = [stepsOf(notes), durationsOf(notes)];
  return Array.from(notes.pitch, (pitch, i) => [pitch, steps[i], durations[i]]);
};

describe('primerWindow', () => {
  const notes = tableOf([
    [60, 0, 1],
    [62, 0.5, 0.25],
    [64, 0.25, 0.5],
    [65, 1, 2],
  ]);

  it('is the end of a longer primer, and all of one of its length', () => {
    expect(rowsOf(primerWindow(notes, 4))).toEqual(rowsOf(notes));
    expect(rowsOf(primerWindow(notes, 2))).toEqual(rowsOf(sliceNotes(notes, 2, 4)));
  });

  it('repeats a shorter one, after its median step, until the window is full', () => {
    expect(rowsOf(primerWindow(notes, 7))).toEqual([
      [62, 0, 0.25],
      [64, 0.25, 0.5],
      [65, 1, 2],
      [60, 0.5, 1],
      [62, 0.5, 0.25],
      [64, 0.25, 0.5],
      [65, 1, 2],
    ]);
  });

  it('repeats a single note at its duration', () => {
    const window = primerWindow(tableOf([[60, 0, 0.5]]), 3);
    expect(rowsOf(window)).toEqual([
      [60, 0, 0.5],
      [60, 0.5, 0.5],
      [60, 0.5, 0.5],
    ]);
  });

  it('refuses a primer without notes', () => {
    expect(() => primerWindow(createNoteTable(0), 3)).toThrow(CadenzaError);
  });

  it('always has its length, ends as the primer does, and is a table of notes', () => {
    // In 1/64 s, so that sums are exact.
    const time = fc.integer({ min: 0, max: 512 }).map((n) => n / 64);
    const row = fc.tuple(fc.integer({ min: 0, max: 127 }), time, time);
    const primers = fc.array(row, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(primers, fc.integer({ min: 1, max: 50 }), (rows, windowLength) => {
        const primer = tableOf(rows);
        const window = primerWindow(primer, windowLength);
        expect(window.length).toBe(windowLength);
        const common = Math.min(windowLength, rows.length);
        const ends = [window, primer].map((table) => rowsOf(table).slice(-common));
        // What comes before the first note compared is no part of it.
        for (const end of ends) end[0][1] = 0;
        expect(ends[0]).toEqual(ends[1]);
        const steps = stepsOf(primer).slice(1);
        for (const [i, [pitch, step]] of rowsOf(window).entries()) {
          expect(rows[(((i - windowLength) % rows.length) + rows.length) % rows.length][0]).toBe(pitch);
          if (i > 0 && steps.length > 0) expect(steps).toContain(step);
        }
      }),
    );
  });
});

const config = { ...TUTORIAL_CONFIG, windowLength: 6, hiddenSize: 4, denseSize: 5 };
const model = new TutorialLstm(config);
const loaded = { model, parameters: initialParameters(model.parameters, 3) };
const primer = tableOf(Array.from({ length: 9 }, (_, i) => [60 + i, i / 8, 0.5] as const));

async function play(options: GenerateOptions, engine: Engine = plainEngine()): Promise<GeneratedNote[]> {
  const notes: GeneratedNote[] = [];
  for await (const note of generate(loaded, engine, primer, options)) notes.push(note);
  return notes;
}

/** An engine that answers every run with `predict`, and remembers the windows it was given. */
function scriptedEngine(predict: (run: number) => Record<string, TensorData>) {
  const windows: Float32Array[] = [];
  let released = 0;
  const engine: Engine = {
    name: 'scripted',
    compile: async () => ({
      bind: async () => {},
      run: async ({ window }) => {
        windows.push(Float32Array.from(window));
        return predict(windows.length - 1);
      },
      release: async () => {
        released++;
      },
    }),
  };
  return { engine, windows, released: () => released };
}

/** Logits that are certain of a pitch. */
function certain(pitch: number): Float32Array {
  const logits = new Float32Array(128);
  logits[pitch] = 1000;
  return logits;
}

const answer = (pitch: number, step: number, duration: number) => ({
  logits: certain(pitch),
  step: Float32Array.of(step),
  duration: Float32Array.of(duration),
});

describe('generate', () => {
  it('plays as many notes as asked for, 100 by default', async () => {
    expect(await play({ notes: 0 })).toEqual([]);
    expect(await play({ notes: 13 })).toHaveLength(13);
    expect(await play({})).toHaveLength(100);
  });

  it('plays the same by the same seed and something else by another', async () => {
    const [a, b, c] = [await play({ seed: 1 }), await play({ seed: 1 }), await play({ seed: 2 })];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    // At temperature 0 nothing is left to chance.
    expect(await play({ seed: 1, temperature: 0 })).toEqual(await play({ seed: 2, temperature: 0 }));
  });

  it('predicts the first note from the end of the primer', async () => {
    const program = await plainEngine().compile(model.predictionGraph(1, loaded.parameters));
    const window = encodeTutorial(primer).slice(-6 * 3);
    const { logits, step, duration } = await program.run({ window });
    const [note] = await play({ notes: 1, temperature: 0 });
    const best = logits.indexOf(Math.max(...logits));
    expect(note).toEqual({
      pitch: best,
      velocity: 100,
      step: Math.max(0, step[0]),
      duration: Math.max(0, duration[0]),
      start: Math.max(0, step[0]),
      end: Math.max(0, step[0]) + Math.max(0, duration[0]),
    });
  });

  it('feeds back what it played, scaled as in training, and slides on by one', async () => {
    const { engine, windows } = scriptedEngine((run) => answer(100 + run, 0.25 * (run + 1), 0.5));
    await play({ notes: 8 }, engine);
    // As in training, the window's first note keeps its step from the note before it.
    const first = [...encodeTutorial(primer).slice(-6 * 3)];
    expect([...windows[0]]).toEqual(first);
    expect([...windows[1]]).toEqual([...first.slice(3), 100 / 128, 0.25, 0.5]);
    expect([...windows[2]]).toEqual([...first.slice(6), 100 / 128, 0.25, 0.5, 101 / 128, 0.5, 0.5]);
    // After a window's length nothing of the primer is left.
    const played = (run: number) => [(100 + run) / 128, 0.25 * (run + 1), 0.5];
    expect([...windows[7]]).toEqual([1, 2, 3, 4, 5, 6].flatMap(played));
  });

  it('never lets time run backwards, in what it plays as in what it feeds back', async () => {
    const { engine, windows } = scriptedEngine((run) => answer(60, run === 0 ? -1 : 1, run === 0 ? -0.5 : 2));
    const notes = await play({ notes: 2 }, engine);
    expect(notes.map(({ start, end, step, duration }) => [step, duration, start, end])).toEqual([
      [0, 0, 0, 0],
      [1, 2, 1, 3],
    ]);
    expect([...windows[1].slice(-3)]).toEqual([60 / 128, 0, 0]);
  });

  it.each([
    ['logits', { ...answer(1, 1, 1), logits: new Float32Array(128).fill(Number.NaN) }],
    ['a step', answer(1, Number.POSITIVE_INFINITY, 1)],
    ['a duration', answer(1, 1, Number.NaN)],
  ])('ends when the model predicts %s that is no number', async (_, bad) => {
    const { engine, released } = scriptedEngine((run) => (run < 2 ? answer(60, 1, 1) : bad));
    await expect(play({ notes: 5 }, engine)).rejects.toThrow(/no finite numbers for note 3/);
    expect(released()).toBe(1);
  });

  it('gives its program back when it is left early', async () => {
    const { engine, released } = scriptedEngine(() => answer(60, 1, 1));
    for await (const _ of generate(loaded, engine, primer)) break;
    expect(released()).toBe(1);
  });

  it('gives notes that make a table, as they would be played', async () => {
    const notes = await play({ notes: 20 });
    const table = tableOfGenerated(notes);
    expect([...table.pitch]).toEqual(notes.map(({ pitch }) => pitch));
    expect([...table.start]).toEqual(notes.map(({ start }) => start));
    expect([...table.end]).toEqual(notes.map(({ end }) => end));
    expect(new Set(table.velocity)).toEqual(new Set([100]));
  });
});
