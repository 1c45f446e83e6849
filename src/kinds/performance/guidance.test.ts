import { describe, expect, it } from 'vitest';
import { plainEngine } from '../../engine/plain/plain.js';
import { initialParameters } from '../../model/parameters.js';
import { gridOf } from '../../notes/grid.js';
import { builtInOpening } from '../../playing/opening.js';
import { Random } from '../../random.js';
import { NONE } from '../../representation/events.js';
import { PERFORMANCE_GUIDED } from '../../representation/performance-guided.js';
import { contrast, guidanceOf } from './guidance.js';
import { EventLstm, type EventLstmConfig } from './network.js';
import { type PerformOptions, type PlayedEvent, perform, primerEvents } from './perform.js';
import { Performer } from './performer.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: PERFORMANCE_GUIDED.name,
  layers: 2,
  hiddenSize: 6,
  headSize: 5,
  contextUnits: 3,
  keyFeatures: 2,
  styles: ['Clara Schumann', 'Erik Satie'],
};
const model = new EventLstm(CONFIG, PERFORMANCE_GUIDED, 8);
const random = new Random(3);
/** With larger weights than fresh ones, so that what was told makes a difference. */
const loaded = {
  model,
  parameters: initialParameters(model.parameters, 1).map((value) => 3 * value + random.next() / 5),
};
const PRIMER = primerEvents(gridOf(builtInOpening()), 12, PERFORMANCE_GUIDED);

async function played(options: PerformOptions, performer?: Performer): Promise<PlayedEvent[]> {
  const events: PlayedEvent[] = [];
  const playing =
    performer?.play(PRIMER, options) ?? perform(loaded, plainEngine(), PRIMER, { notes: 30, ...options });
  for await (const event of playing) events.push(event);
  return events;
}

describe('guidance by a style', () => {
  it('is by a style that is asked for, or by an end', () => {
    const satie = { place: 4, style: 1 };
    const ending = { contrasted: ['left'], strength: 2.5 };
    expect(guidanceOf(model, { style: 'satie' })).toEqual({ ...satie, contrasted: [], strength: 0 });
    expect(guidanceOf(model, { style: 'satie', styleStrength: 0 })).toEqual({
      ...satie,
      contrasted: ['style'],
      strength: 0,
    });
    expect(guidanceOf(model, { style: 'satie', isEnding: true })).toEqual({ ...satie, ...ending });
    expect(guidanceOf(model, { style: 'satie', styleStrength: 4, isEnding: true })).toEqual({
      ...satie,
      contrasted: ['style', 'left'],
      strength: 4,
    });
    expect(guidanceOf(model, { isEnding: true })).toEqual({ place: NONE, style: NONE, ...ending });
    expect(guidanceOf(model, { styleStrength: 2 })).toBeUndefined();
  });

  it('moves what is predicted away from what is predicted untold', () => {
    for (const [strength, expected] of [
      [0, [3, 8]],
      [1, [5, 4]],
      [1.5, [6, 2]],
      [2, [7, 0]],
    ] as const) {
      const logits = Float32Array.of(5, 4);
      contrast(logits, Float32Array.of(3, 8), strength);
      expect([...logits]).toEqual(expected);
    }
  });

  it('plays otherwise in every style, and the more so, the stronger it is', async () => {
    const all = await Promise.all([
      played({}),
      played({ style: 'Erik Satie' }),
      played({ style: 'clara' }),
      played({ style: 'Erik Satie', styleStrength: 3 }),
    ]);
    expect(new Set(all.map((events) => JSON.stringify(events))).size).toBe(4);
  });

  it('plays as untold where its strength is 0', async () => {
    const options = { variations: 2, seed: 5 };
    expect(await played({ ...options, style: 'satie', styleStrength: 0 })).toEqual(await played(options));
  });

  it('plays each variation as it would alone, and the same again', async () => {
    const performer = new Performer(loaded, plainEngine());
    const options = { style: 'satie', styleStrength: 1.5, notes: 12, seed: 2 };
    await performer.prepare(PRIMER, 2);
    const both = await played({ ...options, variations: 2 }, performer);
    const own = both.filter(({ variation }) => variation === 0);
    expect(await played(options, performer)).toEqual(own);
    expect(await played({ notes: 12, seed: 2 }, performer)).toEqual(await played({ notes: 12, seed: 2 }));
    expect(await played({ ...options, variations: 2 }, performer)).toEqual(both);
    await performer.release();
  });

  it('goes on from events that tell nothing of the piece', async () => {
    const plain = primerEvents(gridOf(builtInOpening()), 12);
    expect(plain.columns).toHaveLength(3);
    const events: PlayedEvent[] = [];
    for await (const event of perform(loaded, plainEngine(), plain, { notes: 30 })) events.push(event);
    expect(events).toEqual(await played({}));
  });

  it('says which styles there are', async () => {
    await expect(played({ style: 'bach' })).rejects.toThrow(
      'no such style: "bach"; there are Clara Schumann, Erik Satie',
    );
    await expect(played({ style: 's', styleStrength: 2 })).rejects.toThrow('several styles');
  });

  it('strikes nothing once it is to be over, and lets all ring out', async () => {
    for (const seed of [1, 2, 3]) {
      const events = await played({ seconds: 4, notes: undefined, isEnding: true, seed });
      const sounding = new Set<number>();
      for (const { pitch, velocity, time } of events) {
        if (velocity === NONE) sounding.delete(pitch);
        else {
          expect(time).toBeLessThan(4.5);
          sounding.add(pitch);
        }
      }
      expect([...sounding]).toEqual([]);
      expect(events.at(-1)?.time).toBeLessThan(4.5 + 12.1);
    }
  });
});
