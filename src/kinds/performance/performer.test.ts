import { describe, expect, it } from 'vitest';
import { PLAYING_MODEL } from '../../../test/helpers/playing-model.js';
import type { Engine } from '../../engine/engine.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { gridOf } from '../../notes/grid.js';
import { builtInOpening } from '../../playing/opening.js';
import type { EventTable } from '../../representation/events.js';
import { type PerformOptions, type PlayedEvent, perform, primerEvents } from './perform.js';
import { Performer } from './performer.js';

const loaded = PLAYING_MODEL;
const opening = gridOf(builtInOpening());

/** The plain engine, counting. */
function countingEngine() {
  const engine = plainEngine();
  const counts = { compiled: 0, released: 0, runs: 0 };
  const counting: Engine = {
    name: 'counting',
    async compile(graph) {
      counts.compiled++;
      const program = await engine.compile(graph);
      return {
        bind: (feeds) => program.bind(feeds),
        run: (feeds, into) => {
          counts.runs++;
          return program.run(feeds, into);
        },
        release: () => {
          counts.released++;
          return program.release();
        },
      };
    },
  };
  return { engine: counting, counts };
}

async function collect(playing: AsyncIterable<PlayedEvent>): Promise<PlayedEvent[]> {
  const events: PlayedEvent[] = [];
  for await (const event of playing) events.push(event);
  return events;
}

const once = (primer: EventTable, options: PerformOptions) =>
  collect(perform(loaded, plainEngine(), primer, options));

describe('a performer', () => {
  it('plays again and again what it would play the first time, and compiles once', async () => {
    const { engine, counts } = countingEngine();
    const performer = new Performer(loaded, engine);
    const primer = primerEvents(opening, 20);
    const options = { notes: 10, seed: 4, variations: 2, isCutOff: true };
    const first = await collect(performer.play(primer, options));
    expect(first).toEqual(await once(primer, options));
    const { compiled, runs } = counts;
    expect(await collect(performer.play(primer, options))).toEqual(first);
    expect(counts.compiled).toBe(compiled);
    // The primer is not heard again: an event costs four runs, for both variations together.
    const events = Math.max(...[0, 1].map((v) => first.filter(({ variation }) => variation === v).length));
    expect(counts.runs - runs).toBeLessThanOrEqual(4 * (events + 1));
    await performer.release();
    expect(counts.released).toBe(counts.compiled);
  });

  it('plays the same whatever it heard before', async () => {
    const performer = new Performer(loaded, plainEngine());
    for (const seconds of [30, 12, 35, 30]) {
      const primer = primerEvents(opening, seconds);
      expect(await collect(performer.play(primer, { notes: 6 }))).toEqual(await once(primer, { notes: 6 }));
    }
    const other = primerEvents(gridOf(builtInOpening(), { transpose: 2 }), 30);
    expect(await collect(performer.play(other, { notes: 6 }))).toEqual(await once(other, { notes: 6 }));
  });

  it('hears only what is new of a primer that got longer', async () => {
    const { engine, counts } = countingEngine();
    const performer = new Performer(loaded, engine);
    await performer.prepare(primerEvents(opening, 20));
    const before = counts.runs;
    const longer = primerEvents(opening, 24);
    expect(longer.length).toBeGreaterThan(200);
    await performer.prepare(longer);
    expect(counts.runs - before).toBeLessThan(2 + 64);
    const again = counts.runs;
    await performer.prepare(longer);
    expect(counts.runs).toBe(again);
  });

  it('keeps programs for few numbers of variations', async () => {
    const { engine, counts } = countingEngine();
    const performer = new Performer(loaded, engine);
    const primer = primerEvents(opening, 2);
    for (const variations of [1, 2, 3, 4, 5, 6, 7]) {
      await collect(performer.play(primer, { notes: 2, variations }));
    }
    expect(counts.compiled - counts.released).toBeLessThanOrEqual(1 + 5 * 4);
    await performer.release();
    expect(counts.released).toBe(counts.compiled);
  });

  it('waits through a silence', async () => {
    const primer = primerEvents(opening, 5);
    for (const silence of [0.5, 3]) {
      const events = await once(primer, { notes: 5, silence });
      expect(events[0].time).toBeGreaterThanOrEqual(silence);
    }
    expect((await once(primer, { notes: 5 }))[0].time).toBeLessThan(0.5);
  });
});
