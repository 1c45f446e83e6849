/** A model that learns by hand, step by step: for comparisons in equal time, and curves. */
import { join } from 'node:path';
import { encodeCheckpoint } from '../dist/checkpoint/checkpoint.js';
import { runToEnd } from '../dist/generators.js';
import { afterStep } from '../dist/graph/optimisers/optimiser.js';
import { initialParameters, namedViews } from '../dist/model/parameters.js';
import { compileTrainStep } from '../dist/model/sharding.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { sliceNotes } from '../dist/notes/note-table.js';
import { Random } from '../dist/random.js';
import { optimiserOf } from '../dist/training/optimisers.js';
import { scheduleFactor } from '../dist/training/schedule.js';

/** What is judged: so many notes from the beginning of so many validation pieces. */
const JUDGED = { pieces: 24, notes: 2500 };

/** A model that learns for so many seconds, in as many turns as one likes. */
export class Learner {
  elapsed = 0;
  updates = 0;
  notes = 0;

  /**
   * @param seconds after which the learning rate is to have fallen to nothing
   * @param adapt what is to be done to weights before they learn
   */
  constructor(name, loader, options, engines, seconds, adapt) {
    Object.assign(this, { name, loader, options, engines, seconds, adapt });
  }

  async prepare() {
    const { loader, options } = this;
    this.optimiser = optimiserOf(options);
    const step = { batch: loader.batch, optimiser: this.optimiser, clipNorm: options.clipNorm };
    this.program = await compileTrainStep(loader.model, step, this.engines.engine, this.engines.shards);
    const parameters = initialParameters(loader.model.parameters, options.seed);
    this.adapt?.(parameters, loader.model.parameters, new Random(options.seed));
    const zeros = () => new Float32Array(parameters.length);
    const kept = this.optimiser.states.map((name) => [name, zeros()]);
    this.state = { parameters, ...Object.fromEntries(kept) };
    this.spare = {
      parameters: zeros(),
      ...Object.fromEntries(this.optimiser.states.map((name) => [name, zeros()])),
    };
    this.average = parameters.slice();
    this.epoch = 0;
    this.left = 0;
  }

  /** Learns for so many seconds, or for what is left of the time. */
  async learn(turn = this.seconds) {
    const until = performance.now() + 1000 * Math.min(turn, this.seconds - this.elapsed);
    const began = performance.now();
    const before = this.elapsed;
    while (performance.now() < until) {
      if (this.left === 0) this.left = this.loader.begin(++this.epoch, 0, {});
      this.left--;
      await this.step();
      this.elapsed = before + (performance.now() - began) / 1000;
    }
  }

  async step() {
    const { options, optimiser, state, spare, average } = this;
    const { warmup, decayFrom } = options.schedule;
    // The way up is told in steps, the way down in time.
    const up = Math.min(1, (this.updates + 1) / warmup);
    const down = scheduleFactor({ warmup: 0, decayFrom }, this.elapsed, this.seconds);
    const scalars = optimiser.scalars(options.learningRate * Math.min(up, down), this.updates + 1);
    const fed = Object.entries(scalars).map(([name, value]) => [name, Float32Array.of(value)]);
    const result = await this.program.run(
      { ...this.loader.next(), ...state, ...Object.fromEntries(fed) },
      Object.fromEntries(Object.entries(spare).map(([name, vector]) => [afterStep(name), vector])),
    );
    this.loader.carryOn(result);
    [this.state, this.spare] = [spare, state];
    this.updates++;
    this.notes += this.loader.notesPerStep;
    const part = 1 - Math.min(options.averaging, this.updates / (9 + this.updates));
    for (let i = 0; i < average.length; i++) average[i] += part * (spare.parameters[i] - average[i]);
  }

  /** Bits a note of the running mean on the validation pieces. */
  async judge() {
    const { engine, shards } = this.engines;
    const validator = await this.loader.validator(engine, shards);
    const bits = await runToEnd(validator.validate(this.average));
    await validator.release();
    return bits;
  }

  release() {
    return this.program.release();
  }

  /** Writes the model that was judged into a folder. */
  async keep(folder) {
    const { model } = this.loader;
    const tensors = namedViews(this.average, model.parameters);
    const path = join(folder, `${this.name.replaceAll(/[^a-z-]+/g, '-')}.safetensors`);
    await writeFileAtomic(path, encodeCheckpoint({ config: model.config, tensors }));
  }
}

/** What a model is judged on. */
export const judgedPieces = (validation) => validation.slice(0, JUDGED.pieces).map(beginning);

/** The first notes of a piece that was made ready. */
function beginning({ arrays: [pitch, velocity, start, end, ...beats], notes: length }) {
  const { length: notes, ...kept } = sliceNotes(
    { length, pitch, velocity, start, end },
    0,
    Math.min(length, JUDGED.notes),
  );
  return { notes, arrays: [kept.pitch, kept.velocity, kept.start, kept.end, ...beats] };
}
