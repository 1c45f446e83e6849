/**
 * Data parallelism: a batch is cut into shards, one for each of several engines that compute at the same
 * time. What comes out is a program like that of the whole batch, with the same inputs, outputs and (to
 * rounding) results.
 */
import type { Engine, Program, TensorData } from '../engine/engine.js';
import { type Graph, type Shape, sizeOf } from '../graph/tensor.js';
import {
  evaluationGraph,
  gradientGraph,
  type TrainStepOptions,
  trainStepGraph,
  updateGraph,
} from './graphs.js';
import { carriedOn, type Model } from './model.js';

/**
 * The training step of {@link trainStepGraph}.
 *
 * @param shards engines to spread the batch over; with fewer than two of them `engine` does everything
 */
export async function compileTrainStep(
  model: Model,
  options: TrainStepOptions,
  engine: Engine,
  shards: readonly Engine[] = [],
): Promise<Program> {
  const sizes = shardSizes(options.batch, shards.length);
  if (sizes.length < 2) return engine.compile(trainStepGraph(model, options));
  const parts = await compileShards(model, sizes, shards, (model, batch) =>
    gradientGraph(model, batch, options.only),
  );
  const update = await engine.compile(updateGraph(model, sizes, options));
  const { optimiser } = options;
  const carried = new Set(model.carried?.map(carriedOn));
  return {
    async bind() {
      throw new Error('everything changes from step to step: a training step keeps nothing');
    },
    async run({ parameters, ...feeds }, into) {
      const own = new Set([...optimiser.states, ...Object.keys(optimiser.scalars(1, 1))]);
      const [state, batch] = [true, false].map((isOwn) =>
        Object.fromEntries(Object.entries(feeds).filter(([name]) => own.has(name) === isOwn)),
      );
      const results = await parts.run(batch, parameters);
      const gradients = results.map(({ gradient }, shard) => [`gradient${shard}`, gradient]);
      const next = await update.run({ ...Object.fromEntries(gradients), ...state, parameters }, into);
      const { gradient: _, ...others } = results[0];
      const means = Object.keys(others).map((name) => {
        if (carried.has(name)) return [name, joined(results.map((result) => result[name]))];
        const mean =
          results.reduce((sum, result, shard) => sum + result[name][0] * sizes[shard], 0) / options.batch;
        return [name, Float32Array.of(mean)];
      });
      return { ...next, ...Object.fromEntries(means) };
    },
    async release() {
      await Promise.all([parts.release(), update.release()]);
    },
  };
}

/** The evaluation of {@link evaluationGraph}, spread like {@link compileTrainStep}. */
export function compileEvaluation(
  model: Model,
  batch: number,
  engine: Engine,
  shards: readonly Engine[] = [],
): Promise<Program> {
  return compileRows(model, batch, engine, shards, evaluationGraph);
}

/**
 * A program of which every output has the batch as its first axis, spread like {@link compileTrainStep}.
 *
 * @param graphOf the graph of a part of the batch; what is fed has the shapes of the model's
 */
export async function compileRows(
  model: Model,
  batch: number,
  engine: Engine,
  shards: readonly Engine[],
  graphOf: (model: Model, batch: number) => Graph,
): Promise<Program> {
  const sizes = shardSizes(batch, shards.length);
  if (sizes.length < 2) return engine.compile(graphOf(model, batch));
  const parts = await compileShards(model, sizes, shards, graphOf);
  return {
    bind: parts.bind,
    async run({ parameters, ...feeds }) {
      const results = await parts.run(feeds, parameters);
      const names = Object.keys(results[0]);
      return Object.fromEntries(names.map((name) => [name, joined(results.map((result) => result[name]))]));
    },
    release: parts.release,
  };
}

/** Results of every shard, whose first axis is the batch, one after the other. */
function joined(parts: readonly TensorData[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

/** As equal as can be, the larger ones first; no more shards than examples. */
export function shardSizes(batch: number, count: number): number[] {
  const shards = Math.min(batch, count);
  return Array.from({ length: shards }, (_, i) => Math.floor(batch / shards) + Number(i < batch % shards));
}

async function compileShards(
  model: Model,
  sizes: readonly number[],
  shards: readonly Engine[],
  graphOf: (model: Model, batch: number) => Graph,
) {
  const programs = await Promise.all(sizes.map((size, shard) => shards[shard].compile(graphOf(model, size))));
  const batch = sizes.reduce((total, size) => total + size, 0);
  const whole = model.batchInputs(batch);
  return {
    /** Binds what is the same for all shards. */
    async bind(feeds: Record<string, TensorData>) {
      await Promise.all(programs.map((program) => program.bind(feeds)));
    },
    /** Every shard's results for its part of the batch. */
    run(feeds: Record<string, TensorData>, parameters?: TensorData) {
      let from = 0;
      const running = programs.map((program, shard) => {
        const to = from + sizes[shard];
        const part = Object.entries(feeds).map(([name, data]) => {
          const { shape } = whole[name];
          const axis = batchAxis(model, name);
          // What has no axis of the batch is the same for all rows.
          return [name, axis < 0 ? data : sliceAlong(data, shape, axis, from, to)];
        });
        from = to;
        return program.run({ ...Object.fromEntries(part), ...(parameters && { parameters }) });
      });
      return Promise.all(running);
    },
    async release() {
      await Promise.all(programs.map((program) => program.release()));
    },
  };
}

/** Along which axis of an input the examples lie: the one that grows with the batch. */
function batchAxis(model: Model, name: string): number {
  const [one, two] = [1, 2].map((batch) => model.batchInputs(batch)[name].shape);
  return one.findIndex((dimension, axis) => dimension !== two[axis]);
}

function sliceAlong(data: TensorData, shape: Shape, axis: number, from: number, to: number): TensorData {
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  if (outer === 1) return data.slice(from * inner, to * inner);
  const count = (to - from) * inner;
  const part = data instanceof Int32Array ? new Int32Array(outer * count) : new Float32Array(outer * count);
  for (let i = 0; i < outer; i++) {
    const source = (i * shape[axis] + from) * inner;
    part.set(data.subarray(source, source + count), i * count);
  }
  return part;
}
