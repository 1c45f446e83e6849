/** One step of the tutorial model as ONNX: hears the last note, and draws the next one. */
import type { Loaded } from '../kinds/kind.js';
import type { TutorialLstm } from '../kinds/tutorial/network.js';
import { TUTORIAL_FEATURES, TUTORIAL_PITCHES, TUTORIAL_VELOCITY } from '../kinds/tutorial/representation.js';
import { drawn, logProbabilities } from './drawing.js';
import { StepWriter } from './step-writer.js';

const MEANING = 'MIDI note number; seconds since the start of the note before; seconds that it lasts';

export function tutorialStep({ model, parameters }: Loaded<TutorialLstm>): StepWriter {
  const step = new StepWriter();
  const { windowLength } = model.config;
  const event = step.input({
    name: 'event',
    type: 'float32',
    shape: [TUTORIAL_FEATURES],
    role: 'event',
    usual: 0,
    meaning: `the last note: ${MEANING}`,
  });
  const draws = step.input({
    name: 'draws',
    type: 'float64',
    shape: [1],
    role: 'draws',
    usual: 0,
    meaning: 'drawn evenly from 0 to below 1 for every step: for the pitch',
  });
  const temperature = step.input({
    name: 'temperature',
    type: 'float64',
    shape: [1],
    role: 'setting',
    usual: 1,
    meaning: 'of the pitch: 0 takes the likeliest, 1 plays as learned',
  });
  const shape = [windowLength, 1, TUTORIAL_FEATURES];
  const window = step.state(
    'window',
    shape,
    '(note, 1, number) the last notes as the model hears them: pitch ÷ 128, step, duration',
  );
  const units = step.row([TUTORIAL_PITCHES, 1, 1]);
  const note = step.reshape(step.op('Div', event, units), [1, 1, TUTORIAL_FEATURES]);
  const heard = step.concat(0, step.slice(window.value, 1, windowLength), note);
  window.next(heard);
  const placed = step.writer.place(model.predictionGraph(1, parameters), { window: heard });
  const logits = step.reshape(placed.logits, [TUTORIAL_PITCHES]);
  const pitch = drawn(step, { logits, temperature: step.at(temperature, 0), draw: step.at(draws, 0) });
  const [seconds, duration] = [placed.step, placed.duration].map((time) => step.op('Max', time, 0));
  const number = step.reshape(step.cast(pitch, 'float32'), [1]);
  const velocity = step.writer.initializer('int64', [], BigInt64Array.of(BigInt(TUTORIAL_VELOCITY)));
  const next = step.concat(0, number, seconds, duration);
  step.output(
    'pitch_log_probabilities',
    logProbabilities(step, logits),
    'float32',
    [TUTORIAL_PITCHES],
    'ln of how likely each pitch is',
  );
  step.output('next_event', next, 'float32', [TUTORIAL_FEATURES], `the next note: ${MEANING}`);
  step.output(
    'seconds',
    step.reshape(seconds, []),
    'float32',
    [],
    'from the start of the last note to this one',
  );
  step.output('pitch', pitch, 'int64', [], 'its MIDI note number');
  step.output('velocity', velocity, 'int64', [], 'its MIDI velocity');
  step.output('duration', step.reshape(duration, []), 'float32', [], 'seconds that it lasts');
  return step;
}
