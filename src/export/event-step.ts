/**
 * One step of a model of events as ONNX: hears the last event, and draws the next one. All that the library
 * does around the network is part of it, so that whoever runs it needs no more than a runtime.
 */
import type { Loaded } from '../kinds/kind.js';
import type { EventLstm } from '../kinds/performance/network.js';
import { KEYS, LOWEST_PITCH, VELOCITIES_A_BIN } from '../notes/grid.js';
import { StepWriter } from './step-writer.js';

/** What decides a draw: float64 scalars. */
export interface Chance {
  readonly temperature: string;
  readonly draw: string;
}

/** How a class of an attribute is drawn. */
export interface ClassDrawing {
  /** (V) */
  logProbabilities(logits: string): string;
  /** Class and value of an attribute, int64 scalars. */
  draw(logits: string, chance: Chance): { readonly index: string; readonly value: string };
  /** The class of a value that is said instead, where that is another number; both int64 scalars. */
  classOf?(value: string): string;
}

/** What a representation knows of an event, and of the next one. */
export interface EventContext {
  /** (C) */
  readonly context: string;
  /** The class of each attribute of the last event, or how many there are; float32 scalars. */
  readonly before: readonly string[];
  /** What goes on as it was in the last event, behind its attributes; float32 scalars. */
  readonly carried: readonly string[];
  /**
   * How the next attribute is drawn.
   *
   * @param said values of those before it, int64 scalars
   * @param draws what may be left to chance beside its class, float64 scalars
   */
  drawing(attribute: number, said: readonly string[], draws: readonly string[]): ClassDrawing;
  /** Seconds from the last event to the next one of these values, a float32 scalar. */
  seconds(said: readonly string[]): string;
}

/** How a representation is written. */
export interface EventContextWriter {
  /** What the values of an event are, in words. */
  readonly meaning: string;
  /** Numbers drawn for every event: those of a class by attribute, and others. */
  readonly draws: {
    readonly classes: readonly number[];
    readonly others: readonly number[];
    readonly meaning: string;
  };
  /** How many values an event has beside its attributes. */
  readonly carries?: number;
  /**
   * @param values of the last event, float32 scalars; −1 for none
   * @param usualRun strikes of one key in a row that are usual after the opening
   */
  write(step: StepWriter, values: readonly string[], usualRun: number): EventContext;
}

export function eventStep(
  { model, parameters }: Loaded<EventLstm>,
  contexts: EventContextWriter,
  usualRun: number,
): StepWriter {
  const step = new StepWriter();
  const { representation, config } = model;
  const { attributes, contextSize } = representation;
  const names = attributes.map(({ name }) => name);
  const { classes, others, meaning: drawsMeaning } = contexts.draws;
  const width = names.length + (contexts.carries ?? 0);
  const eventInput = { name: 'event', type: 'int64', shape: [width], role: 'event', usual: -1 } as const;
  const event = step.input({
    ...eventInput,
    meaning: `the last event: ${contexts.meaning}; −1 each where there was none`,
  });
  const draws = step.input({
    name: 'draws',
    type: 'float64',
    shape: [classes.length + others.length],
    role: 'draws',
    usual: 0,
    meaning: drawsMeaning,
  });
  const temperature = step.input({
    name: 'temperature',
    type: 'float64',
    shape: [names.length],
    role: 'setting',
    usual: 1,
    meaning: `of ${names.join(', ')}: 0 takes the likeliest, 1 plays as learned`,
  });
  const said = step.input({
    name: 'said',
    type: 'int64',
    shape: [names.length],
    role: 'setting',
    usual: -1,
    meaning: 'values to be taken for those of the next event instead of drawn ones; −1 draws',
  });
  const floats = step.cast(event, 'float32');
  const values = Array.from({ length: width }, (_, k) => step.at(floats, k));
  const { context, before, carried, drawing, seconds } = contexts.write(step, values, usualRun);

  const heard: Record<string, string> = { context: step.reshape(context, [1, 1, contextSize]) };
  for (const [k, name] of names.entries())
    heard[`${name}Before`] = step.reshape(step.cast(before[k], 'int32'), [1, 1]);
  const states = model.carried.map((name) => step.state(name, [1, config.hiddenSize], 'of an LSTM layer'));
  for (const [i, name] of model.carried.entries()) heard[name] = states[i].value;
  const { state, ...after } = step.writer.place(model.predictionGraph(1, parameters), heard);
  for (const [i, name] of model.carried.entries()) states[i].next(after[`next_${name}`]);

  const chosen: Record<string, string> = {};
  const next: string[] = [];
  for (const [k, { name, size }] of attributes.entries()) {
    const graph = model.attributeGraph(k, 1, parameters);
    const logits = step.reshape(step.writer.place(graph, { state, ...chosen }).logits, [size]);
    const rule = drawing(
      k,
      next,
      others.map((place) => step.at(draws, place)),
    );
    const chance = { temperature: step.at(temperature, k), draw: step.at(draws, classes[k]) };
    const { index, value } = rule.draw(logits, chance);
    const own = step.at(said, k);
    const isSaid = step.op('GreaterOrEqual', step.cast(own, 'float32'), 0);
    const cell = step.op('Where', isSaid, rule.classOf?.(own) ?? own, index);
    chosen[name] = step.reshape(step.cast(cell, 'int32'), [1, 1]);
    next.push(step.op('Where', isSaid, own, value));
    step.output(
      `${name}_log_probabilities`,
      rule.logProbabilities(logits),
      'float32',
      [size],
      `ln of how likely each class of ${name} is, given what is said before it`,
    );
  }
  const all = [...next, ...carried.map((value) => step.cast(value, 'int64'))];
  const whole = step.concat(0, ...all.map((value) => step.reshape(value, [1])));
  step.output('next_event', whole, 'int64', [width], `the next event: ${contexts.meaning}`);
  const [symbol, velocity] = next.slice(-2).map((value) => step.cast(value, 'float32'));
  const isStrike = step.op('Less', symbol, KEYS);
  const key = step.op('Where', isStrike, symbol, step.op('Sub', symbol, KEYS));
  const pitch = step.cast(step.op('Add', key, LOWEST_PITCH), 'int64');
  const middle = step.op('Add', step.op('Mul', velocity, VELOCITIES_A_BIN), VELOCITIES_A_BIN / 2);
  const loudness = step.cast(step.op('Where', isStrike, middle, 0), 'int64');
  step.output('seconds', seconds(next), 'float32', [], 'from the last event to the next one');
  step.output('pitch', pitch, 'int64', [], 'its MIDI note number');
  step.output('velocity', loudness, 'int64', [], 'its MIDI velocity; 0 where the key is released');
  return step;
}
