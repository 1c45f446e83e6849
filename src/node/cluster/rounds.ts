/**
 * Training in rounds: the corpus is cut into shards, each is learned from by itself for so many steps, and
 * all are joined. What comes of it depends on the shards, not on who computes them or how often one fails.
 */

import { CadenzaError } from '../../errors.js';
import type { Kind, PreparedPiece } from '../../kinds/kind.js';
import type { Losses } from '../../model/losses.js';
import { initialParameters } from '../../model/parameters.js';
import { Random } from '../../random.js';
import { NO_EPOCH_YET } from '../../training/early-stopping.js';
import { endOfEpoch } from '../../training/epoch-end.js';
import type { TrainingPosition, TrainingSnapshot, TrainProgress } from '../../training/progress.js';
import type { Rounds, TrainingTask } from '../run/trainer.js';
import type { Jobs } from './cluster.js';
import { request } from './jobs/jobs.js';
import { JOIN, type JoinResult } from './jobs/join.js';
import { JUDGE } from './jobs/judge.js';
import { CARRIED, LEARN, type ShardPosition } from './jobs/learn.js';
import { endless, type LearnOptions, learnOptionsOf } from './jobs/options.js';
import { packPrepared, packVectors, unpackVectors, type Vectors } from './packing.js';

/** What stands in a checkpoint beside the position of any training. */
export interface RoundsPosition extends TrainingPosition {
  /** Where every shard stands. */
  readonly shards: readonly ShardPosition[];
}

/** A part of the corpus, and what its training needs to go on. */
interface Shard {
  readonly options: LearnOptions;
  /** Files: of its pieces, and of what it keeps from round to round. */
  readonly pieces: string;
  kept?: string;
  keptVectors: Vectors;
  position: ShardPosition;
}

/** The name of the joined training's momentum among an optimiser's vectors; shards' begin with their own. */
const MOMENTUM = 'outer';
const ofShard = (shard: number, name: string) => `shard${shard}.${name}`;

/**
 * Cuts pieces into parts of about as many notes, by chance.
 *
 * @throws CadenzaError when there are more parts than pieces
 */
export function shardsOf<T extends Pick<PreparedPiece, 'notes'>>(
  pieces: readonly T[],
  count: number,
  seed: number,
): T[][] {
  if (pieces.length < count) {
    throw new CadenzaError(
      `${pieces.length} pieces are too few for ${count} shards; ask for fewer, --shards, or add pieces`,
    );
  }
  const shards = Array.from({ length: count }, () => ({ notes: 0, places: [] as number[] }));
  for (const place of new Random(seed).fork('shards').shuffle([...pieces.keys()])) {
    const least = shards.reduce((few, shard) => (shard.notes < few.notes ? shard : few));
    least.places.push(place);
    least.notes += pieces[place].notes;
  }
  // In their own order: one shard alone is the corpus.
  return shards.map(({ places }) => places.sort((a, b) => a - b).map((place) => pieces[place]));
}

export class RoundsTraining {
  private weights: { parameters: Float32Array; momentum?: Float32Array; average?: Float32Array };
  /** File of the weights. */
  private file: string | undefined;
  private best: Float32Array | undefined;
  private position: TrainingPosition;

  private constructor(
    private readonly jobs: Jobs,
    private readonly task: TrainingTask,
    private readonly rounds: Rounds,
    private readonly shards: readonly Shard[],
    private readonly stepsPerEpoch: number,
    private readonly heldOut: readonly string[],
    from: TrainingSnapshot | undefined,
  ) {
    const { loader, options } = task;
    const parameters = from?.parameters ?? initialParameters(loader.model.parameters, options.seed);
    const momentum = from?.optimiser[MOMENTUM];
    const average = options.averaging === undefined ? undefined : (from?.averageParameters ?? parameters);
    this.weights = { parameters, ...(momentum && { momentum }), ...(average && { average }) };
    this.best = from?.bestParameters;
    const beginning = { epoch: 1, step: 0, updates: 0, lossSums: {}, stopping: NO_EPOCH_YET };
    this.position = from?.position ?? beginning;
  }

  /** @throws CadenzaError when the corpus is too small for the shards, or the snapshot is of others */
  static async begin(jobs: Jobs, task: TrainingTask, from?: TrainingSnapshot): Promise<RoundsTraining> {
    const { kind, config, data, options } = task;
    const { rounds } = options;
    if (rounds === undefined) throw new CadenzaError('a cluster trains in rounds; start a new run for it');
    const parts = shardsOf(data.train, rounds.shards, options.seed);
    const seeds = new Random(options.seed);
    const own = parts.map((_, i) => ({
      ...learnOptionsOf(options),
      seed: seeds.fork(`shard ${i}`).below(2 ** 31),
    }));
    const lengths = await Promise.all(parts.map((part, i) => epochLength(kind, task, part, own[i])));
    const stepsPerEpoch = Math.max(
      1,
      Math.round(lengths.reduce((sum, each) => sum + each, 0) / lengths.length),
    );
    const steps = Math.min(options.steps ?? Number.MAX_SAFE_INTEGER, options.epochs * stepsPerEpoch);
    const positions = shardPositions(from, rounds.shards);
    const shards: Shard[] = [];
    for (const [i, part] of parts.entries()) {
      const keptVectors = keptOf(from, i);
      shards.push({
        options: { ...own[i], steps },
        pieces: await jobs.blobs.put(packPrepared(part)),
        keptVectors,
        ...(Object.keys(keptVectors).length > 0 && { kept: await jobs.blobs.put(packVectors(keptVectors)) }),
        position: positions[i],
      });
    }
    const judging = Math.min(rounds.shards, data.validation.length);
    const heldOut: string[] = [];
    if (judging > 0)
      for (const part of shardsOf(data.validation, judging, options.seed))
        heldOut.push(await jobs.blobs.put(packPrepared(part)));
    // JSON has no undefined: what travels is what is checked on the other side.
    const plain = JSON.parse(JSON.stringify(config));
    const training = { ...task, config: plain };
    return new RoundsTraining(jobs, training, rounds, shards, stepsPerEpoch, heldOut, from);
  }

  async *run(): AsyncGenerator<TrainProgress, void, undefined> {
    const { options } = this.task;
    const total = this.shards[0].options.steps ?? 0;
    let { epoch, step, updates, stopping, judgedAt } = this.position;
    let { lossSums } = this.position;
    const { stepsPerEpoch } = this;
    const isJudged = step === 0 || judgedAt === updates;
    if ((updates >= total && isJudged) || stopping.epochsSinceBest >= options.patience) return;
    const moveTo = () => {
      const judged = judgedAt !== undefined && { judgedAt };
      this.position = { epoch, step, updates, lossSums, stopping, ...judged };
    };
    for (;;) {
      while (step < stepsPerEpoch && updates < total) {
        const steps = Math.min(this.rounds.steps, stepsPerEpoch - step, total - updates);
        const { losses, notesPerStep } = await this.round(updates + steps);
        step += steps;
        updates += steps;
        lossSums = added(lossSums, losses, steps);
        moveTo();
        const meanLosses = scaled(lossSums, 1 / step);
        const snapshot = this.snapshot();
        yield {
          type: 'step',
          epoch,
          step,
          stepsPerEpoch,
          updates,
          steps,
          notesPerStep,
          losses,
          meanLosses,
          snapshot: () => snapshot,
        };
      }
      const train = scaled(lossSums, 1 / Math.max(1, step));
      const validation = await this.judge();
      const ended = endOfEpoch({ position: this.position, stepsPerEpoch, train, validation }, options);
      const { improved, isCut, end } = ended;
      ({ stopping } = ended);
      if (improved) this.best = this.weights.average ?? this.weights.parameters;
      const at = epoch - 1 + step / stepsPerEpoch;
      const number = epoch;
      if (isCut) judgedAt = updates;
      else {
        epoch++;
        step = 0;
        lossSums = {};
      }
      moveTo();
      const snapshot = this.snapshot();
      yield {
        type: 'epoch',
        epoch: number,
        at,
        updates,
        train,
        validation,
        improved,
        stopping,
        end,
        snapshot: () => snapshot,
      };
      if (end !== undefined) return;
    }
  }

  /** A round: every shard learns up to so many steps, and all are joined. */
  private async round(until: number): Promise<{ losses: Losses; notesPerStep: number }> {
    const { jobs, rounds, shards } = this;
    const { config } = this.task;
    const { blobs } = jobs;
    const from = this.file ?? (await blobs.put(packVectors({ ...this.weights })));
    const learning = shards.map(({ options, pieces, kept, position }, shard) =>
      request(LEARN, { shard, config, options, pieces, from, ...(kept && { kept }), position, until }),
    );
    const { rate, momentum } = rounds;
    const result = await jobs.flow<JoinResult>(
      learning,
      request(JOIN, { from, shards: shards.length, rate, momentum }),
    );
    const joined = unpackVectors(await blobs.get(result.joined), 'the weights of a round');
    const { parameters, momentum: velocity, average } = joined;
    this.weights = { parameters, momentum: velocity, ...(average && { average }) };
    const old = [from, ...result.shards.map(({ moved }) => moved)];
    for (const [i, { kept, position }] of result.shards.entries()) {
      const shard = shards[i];
      if (shard.kept !== undefined) old.push(shard.kept);
      shard.keptVectors = unpackVectors(await blobs.get(kept), 'the state of a shard');
      shard.kept = kept;
      shard.position = position;
    }
    this.file = result.joined;
    const needed = new Set([result.joined, ...shards.map(({ kept }) => kept)]);
    await blobs.drop(old.filter((name) => !needed.has(name)));
    let losses: Losses = {};
    for (const each of result.shards) losses = added(losses, each.losses, 1 / shards.length);
    return { losses, notesPerStep: result.shards.reduce((sum, each) => sum + each.notesPerStep, 0) };
  }

  /** The losses of the held-out pieces, with the running mean of weights where one is kept. */
  private async judge(): Promise<Losses | undefined> {
    const { jobs, heldOut, shards } = this;
    if (heldOut.length === 0) return undefined;
    const { config } = this.task;
    this.file ??= await jobs.blobs.put(packVectors({ ...this.weights }));
    const weights = this.file;
    const [{ options }] = shards;
    const judged = await jobs.all(
      heldOut.map((pieces) => request(JUDGE, { config, options, pieces, weights })),
    );
    const notes = judged.reduce((sum, part) => sum + (part.losses ? part.notes : 0), 0);
    if (notes === 0) return undefined;
    let losses: Losses = {};
    for (const part of judged) if (part.losses) losses = added(losses, part.losses, part.notes / notes);
    return losses;
  }

  private snapshot(): TrainingSnapshot {
    const { weights, best, shards } = this;
    const vectors = shards.flatMap(({ keptVectors }, shard) =>
      Object.entries(keptVectors).map(([name, vector]) => ({ shard, name, vector })),
    );
    const isCarried = ({ name }: { name: string }) => name.startsWith(CARRIED);
    const named = (some: typeof vectors, cut: number) =>
      Object.fromEntries(some.map(({ shard, name, vector }) => [ofShard(shard, name.slice(cut)), vector]));
    const position: RoundsPosition = {
      ...this.position,
      shards: shards.map((shard) => shard.position),
    };
    return {
      parameters: weights.parameters,
      optimiser: {
        ...(weights.momentum && { [MOMENTUM]: weights.momentum }),
        ...named(
          vectors.filter((vector) => !isCarried(vector)),
          0,
        ),
      },
      ...(best && { bestParameters: best }),
      ...(weights.average && { averageParameters: weights.average }),
      carried: named(vectors.filter(isCarried), CARRIED.length),
      position,
    };
  }
}

/** Steps of an epoch of a shard. */
async function epochLength(
  kind: Kind,
  { config }: TrainingTask,
  train: readonly PreparedPiece[],
  options: LearnOptions,
): Promise<number> {
  const loader = await kind.dataLoader(config, { train, validation: [] }, endless(options));
  return loader.begin(1, 0, {});
}

/** @throws CadenzaError when a snapshot is of another number of shards */
function shardPositions(from: TrainingSnapshot | undefined, count: number): readonly ShardPosition[] {
  const shards = (from?.position as Partial<RoundsPosition> | undefined)?.shards;
  if (shards?.length === count) return shards;
  if (from === undefined || from.position.updates === 0)
    return Array.from({ length: count }, () => ({ epoch: 1, step: 0, updates: 0 }));
  throw new CadenzaError(`the training state is not one of ${count} shards; start a new run`);
}

/** What a shard kept, out of a snapshot. */
function keptOf(from: TrainingSnapshot | undefined, shard: number): Vectors {
  const prefix = ofShard(shard, '');
  const own = (vectors: Vectors = {}, begin = '') =>
    Object.entries(vectors).flatMap(([name, vector]) =>
      name.startsWith(prefix) ? [[begin + name.slice(prefix.length), vector] as const] : [],
    );
  return Object.fromEntries([...own(from?.optimiser), ...own(from?.carried, CARRIED)]);
}

function added(sums: Losses, losses: Losses, factor: number): Losses {
  return Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => [name, (sums[name] ?? 0) + factor * loss]),
  );
}

function scaled(losses: Losses, factor: number): Losses {
  return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, factor * loss]));
}
