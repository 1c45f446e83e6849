/** What is exported plays, on a plain runtime, what the library plays for the same draws. */
import * as ort from 'onnxruntime-node';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Outsider } from '../../test/helpers/outsider.js';
import { onnxEngine } from '../engine/onnx/runtime.js';
import type { Loaded } from '../kinds/kind.js';
import { METRICAL_KIND, MIDI_LIKE_KIND, PERFORMANCE_KIND } from '../kinds/performance/kind.js';
import type { EventLstm } from '../kinds/performance/network.js';
import { eventsUpTo, type PlayedEvent, perform } from '../kinds/performance/perform.js';
import { type GeneratedNote, generate } from '../kinds/tutorial/generate.js';
import { initialParameters } from '../model/parameters.js';
import { loadModel } from '../node/load-model.js';
import { sliceNotes } from '../notes/note-table.js';
import { builtInOpening } from '../playing/opening.js';
import { Random } from '../random.js';
import { roundingOf } from '../representation/events.js';
import { exportOnnx } from './export-onnx.js';

afterEach(() => vi.restoreAllMocks());

/** Notes everything that is drawn by chance, as numbers from 0 to below 1, and what for. */
function overhear(): { readonly what: 'next' | 'below'; readonly draw: number }[] {
  const drawn: { what: 'next' | 'below'; draw: number }[] = [];
  const { next, below } = Random.prototype;
  vi.spyOn(Random.prototype, 'next').mockImplementation(function (this: Random) {
    const draw = next.call(this);
    drawn.push({ what: 'next', draw });
    return draw;
  });
  vi.spyOn(Random.prototype, 'below').mockImplementation(function (this: Random, bound: number) {
    const value = below.call(this, bound);
    drawn.push({ what: 'below', draw: (value + 0.5) / bound });
    return value;
  });
  return drawn;
}

async function playedPlainly(loaded: Loaded<EventLstm>, seconds: number): Promise<PlayedEvent[]> {
  const { representation } = loaded.model;
  const grid = roundingOf(representation).gridOf(builtInOpening());
  const primer = eventsUpTo(grid, Number.POSITIVE_INFINITY, representation);
  const played: PlayedEvent[] = [];
  const options = { seconds, isPlain: true, isCutOff: true, seed: 3 };
  for await (const event of perform(loaded, onnxEngine(ort), primer, options)) played.push(event);
  return played;
}

describe.each(['maestro', 'pop909'] as const)('%s', (name) => {
  test('plays the same notes for the same draws', async () => {
    const loaded = await loadModel(name);
    const isMetrical = loaded.model.representation.name === 'metrical';
    const draws = overhear();
    const played = await playedPlainly(loaded, 20);
    vi.restoreAllMocks();
    // What is released where it is cut off is drawn by no chance.
    const end = played[played.length - 1].tick;
    const expected = played.filter(({ tick }) => tick < end);

    const { bytes, description } = exportOnnx(loaded);
    const outsider = await Outsider.of({ bytes, description });
    let at = 0;
    /** The draws of the next event; what it is not asked for is 0. */
    const chances = () => {
      const classes = [draws[at++].draw];
      // In musical time something is drawn within a class only if it is wider than one.
      const within = !isMetrical || draws[at].what === 'below' ? draws[at++].draw : 0;
      while (classes.length < description.inputs[1].shape[0] - 2) classes.push(draws[at++].draw);
      return [classes[0], within, ...classes.slice(1), draws[at]?.draw ?? 0];
    };
    const none = new Array<number>(description.inputs[1].shape[0]).fill(0);
    for (const event of description.opening.slice(0, -1)) await outsider.step(event, none);
    let event = description.opening[description.opening.length - 1];
    let seconds = 0;
    for (const [i, { time, pitch, velocity }] of expected.entries()) {
      const said = await outsider.step(event, chances());
      event = said.next_event;
      seconds += said.seconds[0];
      at += Number(said.velocity[0] > 0);
      const bin = said.velocity[0] === 0 ? -1 : (said.velocity[0] - 2) / 4;
      expect([said.pitch[0], bin], `event ${i}`).toEqual([pitch, velocity]);
      expect(seconds).toBeCloseTo(time, 3);
    }
    expect(expected.length).toBeGreaterThan(100);
  });
});

test('tutorial plays the same notes for the same draws', async () => {
  const loaded = await loadModel('tutorial');
  const draws = overhear();
  const expected: GeneratedNote[] = [];
  for await (const note of generate(loaded, onnxEngine(ort), builtInOpening(), { notes: 40, seed: 2 }))
    expected.push(note);
  vi.restoreAllMocks();
  const { bytes, description } = exportOnnx(loaded);
  const outsider = await Outsider.of({ bytes, description });
  for (const event of description.opening.slice(0, -1)) await outsider.step(event, [0]);
  let event = description.opening[description.opening.length - 1];
  for (const [n, note] of expected.entries()) {
    const said = await outsider.step(event, [draws[n].draw]);
    event = said.next_event;
    expect(said.pitch).toEqual([note.pitch]);
    expect(said.seconds[0]).toBeCloseTo(note.step, 4);
    expect(said.duration[0]).toBeCloseTo(note.duration, 4);
  }
});

/** A small model with weights of no use. */
function smallModel(kind: typeof PERFORMANCE_KIND): Loaded {
  const config = kind.configure({
    layers: 2,
    hiddenSize: 16,
    headSize: 12,
    contextUnits: 10,
    keyFeatures: 2,
  });
  const model = kind.network(config);
  return { model, parameters: initialParameters(model.parameters, 1) };
}

test('temperature 0 takes the likeliest, and what is said is not drawn', async () => {
  const { bytes, description } = exportOnnx(smallModel(PERFORMANCE_KIND));
  const outsider = await Outsider.of({ bytes, description });
  outsider.set('temperature', 0);
  outsider.set('min_p', 0);
  const said = await outsider.step([-1, -1, -1], [0.3, 0.3, 0.9, 0.9]);
  const likeliest = said.symbol_log_probabilities.indexOf(Math.max(...said.symbol_log_probabilities));
  expect(said.next_event[1]).toBe(likeliest);
  outsider.set('said', [40, 30, 7]);
  const { next_event: next, seconds, pitch, velocity } = await outsider.step([-1, -1, -1], [0, 0, 0, 0]);
  expect(next).toEqual([40, 30, 7]);
  expect([seconds[0], pitch[0], velocity[0]]).toEqual([expect.closeTo(0.4, 5), 51, 30]);
});

test('the description names everything, and the licence is in both files', async () => {
  const about = { license: 'CC0-1.0', credit: 'Nobody' };
  const { bytes, description } = exportOnnx(smallModel(METRICAL_KIND), about);
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  expect(description.inputs.map(({ name }) => name)).toEqual([...session.inputNames]);
  expect(description.outputs.map(({ name }) => name)).toEqual([...session.outputNames]);
  for (const { role, name } of description.inputs)
    if (role === 'state') expect(session.outputNames).toContain(`next_${name}`);
  for (const { meaning } of [...description.inputs, ...description.outputs]) expect(meaning).not.toBe('');
  expect(description).toMatchObject({ ...about, opset: 18, format: 'cadenza-onnx' });
  expect(new TextDecoder('latin1').decode(bytes)).toContain('CC0-1.0');
});

test('a key that the opening repeats may go on as it does in the library', () => {
  const notes = sliceNotes(builtInOpening(), 0, 9);
  notes.pitch.fill(60);
  const usualOf = (opening = builtInOpening()) =>
    exportOnnx(smallModel(PERFORMANCE_KIND), { opening }).description.inputs.find(
      ({ name }) => name === 'usual_run',
    )?.usual;
  expect([usualOf(), usualOf(notes)]).toEqual([6, 9]);
});

test('models that cannot play are refused in words', () => {
  expect(() => exportOnnx(smallModel(MIDI_LIKE_KIND))).toThrow(/midi-like events cannot be exported/);
});
