/** What models hear of events, and which may come next, is the same as ONNX and in the library's trackers. */
import { expect, test } from 'vitest';
import { Outsider } from '../../test/helpers/outsider.js';
import { createNoteTable } from '../notes/note-table.js';
import { Random } from '../random.js';
import { type EventRepresentation, NONE, roundingOf, ticksTo } from '../representation/events.js';
import { METRICAL } from '../representation/metrical.js';
import { PERFORMANCE } from '../representation/performance.js';
import { PERFORMANCE_GUIDED } from '../representation/performance-guided.js';
import { PERFORMANCE_RECALL } from '../representation/performance-recall.js';
import type { EventContextWriter } from './event-step.js';
import { METRICAL_CONTEXT } from './metrical-context.js';
import { performanceContext } from './performance-context.js';
import { StepWriter } from './step-writer.js';

/** Chords, trills, rests and motifs that return, some of them higher; bars of 3 and 4 beats, and tempos. */
function piece(seed: number) {
  const random = new Random(seed);
  const motif = Array.from({ length: 9 }, () => [random.below(14), random.below(3) * 0.17, random.next()]);
  const notes = createNoteTable(330);
  let start = 0.3;
  for (let n = 0; n < notes.length; n++) {
    const [pitch, step, length] = motif[n % 9];
    const isStray = random.below(9) === 0;
    start += isStray ? random.next() * (random.below(20) === 0 ? 60 : 0.7) : step;
    notes.pitch[n] = 50 + pitch + (Math.floor(n / 40) % 3) * 5 + (isStray ? random.below(30) - 15 : 0);
    notes.velocity[n] = 1 + random.below(127);
    notes.start[n] = start;
    notes.end[n] = start + length * (isStray ? 5 : 0.5);
  }
  const bars = Array.from({ length: 400 }, (_, bar) => (bar % 7 < 4 ? 4 : 3));
  const place = Uint8Array.from(bars.flatMap((beats) => Array.from({ length: beats }, (_, beat) => beat)));
  const time = Float64Array.from(place, (_, beat) => beat * 0.5 + Math.sin(beat) * 0.02);
  return { ...notes, beats: { time, place } };
}

test.each<[EventRepresentation, EventContextWriter, hints: { style?: number; tellsEnd: boolean }]>([
  [PERFORMANCE, performanceContext('keys'), { tellsEnd: false }],
  [PERFORMANCE_RECALL, performanceContext('recall'), { tellsEnd: false }],
  [PERFORMANCE_GUIDED, performanceContext('told'), { tellsEnd: true, style: 3 }],
  [METRICAL, METRICAL_CONTEXT, { tellsEnd: true }],
])('$name', async (representation, contexts, hints) => {
  const { attributes, contextSize, given = [] } = representation;
  const step = new StepWriter();
  const width = attributes.length + (contexts.carries ?? 0);
  const row = { shape: [width], usual: NONE, meaning: '' };
  const event = step.input({ name: 'event', type: 'int64', role: 'event', ...row });
  const next = step.input({
    name: 'draws',
    type: 'int64',
    role: 'draws',
    ...row,
    shape: [attributes.length],
  });
  const values = Array.from({ length: width }, (_, k) => step.at(step.cast(event, 'float32'), k));
  const { context, before, drawing } = contexts.write(step, values, 6);
  step.output('context', context, 'float32', [contextSize], '');
  for (const [k, { name, size }] of attributes.entries()) {
    step.output(`${name}Before`, before[k], 'float32', [], '');
    const said = attributes.slice(0, k).map((_, i) => step.at(next, i));
    const zero = step.writer.initializer('float64', [], Float64Array.of(0));
    const rule = drawing(k, said, [zero]);
    // Of what may not be, logits are lowered by about a thousand millions.
    const logits = step.row(new Float32Array(size));
    step.output(`${name}LogProbabilities`, rule.logProbabilities(logits), 'float32', [size], '');
  }
  const outsider = await Outsider.of({ bytes: step.writer.encode(), description: step.signature });

  const { columns, length } = representation.encode(roundingOf(representation).gridOf(piece(4)), hints);
  const tracker = representation.createTracker();
  const expected = new Float32Array(contextSize);
  for (let e = 0; e <= length; e++) {
    const [last, coming] = [e - 1, e].map((at) =>
      columns.map((column) => (at < 0 ? NONE : (column[at] ?? 0))),
    );
    if (e > 0) tracker.push(last);
    for (const [g, { name }] of given.entries())
      if (step.signature.inputs.some((input) => input.name === name && input.role === 'setting'))
        outsider.set(name, last[attributes.length + g]);
    const found = await outsider.step(last.slice(0, width), coming.slice(0, attributes.length));
    tracker.context(expected, 0);
    const off = expected.findIndex((value, i) => !(Math.abs(value - found.context[i]) < 2e-5));
    expect(off, `event ${e} of ${length}: ${found.context[off]} for ${expected[off]}`).toBe(-1);
    for (const [k, { name, size, classOf }] of attributes.entries()) {
      expect(found[`${name}Before`]).toEqual([last[k] === NONE ? size : classOf(last[k])]);
      if (e === length) continue;
      const allowed = new Float32Array(size);
      tracker.allowed(k, coming, allowed, 0);
      const may = found[`${name}LogProbabilities`].map((value) => Number(value > -1e6));
      expect(may, `${name} at event ${e}, ${ticksTo(tracker, coming)} ticks`).toEqual([...allowed]);
    }
  }
});
