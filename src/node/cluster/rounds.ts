/**
 * Training in rounds: the corpus is cut into shards, each is learned from by itself for so many steps, and
 * all are joined. What comes of it depends on the shards, not on who computes them or how often one fails.
 */

import { CadenzaError } from '../../errors.js';
import type { Losses } from '../../model/losses.js';
import { initialParameters } from '../../model/parameters.js';
import { Random } from '../../random.js';
import { learnOptionsOf } from '../../training/check-options.js';
import { NO_EPOCH_YET } from '../../training/early-stopping.js';
import { endOfEpoch } from '../../training/epoch-end.js';
import type {
  EpochProgress,
  StepProgress,
  TrainingPosition,
  TrainingSnapshot,
  TrainProgress,
} from '../../training/progress.js';
import type { Rounds, TrainingTask } from '../run/trainer.js';
import type { Jobs } from './cluster.js';
import { request } from './jobs/jobs.js';
import { JOIN, type JoinResult } from './jobs/join.js';
import { JUDGE } from './jobs/judge.js';
import { LEARN } from './jobs/learn.js';
import { packPrepared, packVectors, unpackVectors } from './packing.js';
import {
  epochLength,
  keptOf,
  namedByShard,
  type RoundsPosition,
  type Shard,
  shardPositions,
  shardsOf,
} from './shards.js';

/** The name of the joined training's momentum among an optimiser's vectors; shards' begin with their own. */
const MOMENTUM = 'outer';

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
    const { kind, data, options } = task;
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
    return new RoundsTraining(jobs, task, rounds, shards, stepsPerEpoch, heldOut, from);
  }

  async *run(): AsyncGenerator<TrainProgress, void, undefined> {
    const { stepsPerEpoch } = this;
    const total = this.shards[0].options.steps ?? 0;
    const { step, updates, judgedAt, stopping } = this.position;
    const isJudged = step === 0 || judgedAt === updates;
    const isStopped = stopping.epochsSinceBest >= this.task.options.patience;
    if ((updates >= total && isJudged) || isStopped) return;
    for (;;) {
      while (this.position.step < stepsPerEpoch && this.position.updates < total) yield this.steps(total);
      const progress = await this.endEpoch();
      yield progress;
      if (progress.end !== undefined) return;
    }
  }

  /** The steps of a round, or as many as there are left of the epoch and of the training. */
  private async steps(total: number): Promise<StepProgress> {
    const { stepsPerEpoch, position } = this;
    const { epoch } = position;
    const steps = Math.min(this.rounds.steps, stepsPerEpoch - position.step, total - position.updates);
    const { losses, notesPerStep } = await this.round(position.updates + steps);
    const [step, updates] = [position.step + steps, position.updates + steps];
    const lossSums = added(position.lossSums, losses, steps);
    this.position = { ...position, step, updates, lossSums };
    const snapshot = this.snapshot();
    return {
      type: 'step',
      epoch,
      step,
      stepsPerEpoch,
      updates,
      steps,
      notesPerStep,
      losses,
      meanLosses: scaled(lossSums, 1 / step),
      snapshot: () => snapshot,
    };
  }

  /** Judges what was learned in an epoch, all of it or as far as the steps went. */
  private async endEpoch(): Promise<EpochProgress> {
    const { stepsPerEpoch, position } = this;
    const { epoch, step, updates } = position;
    const train = scaled(position.lossSums, 1 / Math.max(1, step));
    const validation = await this.judge();
    const ended = endOfEpoch({ position, stepsPerEpoch, train, validation }, this.task.options);
    const { improved, stopping, isCut, end } = ended;
    if (improved) this.best = this.weights.average ?? this.weights.parameters;
    this.position = isCut
      ? { ...position, stopping, judgedAt: updates }
      : { ...position, stopping, epoch: epoch + 1, step: 0, lossSums: {} };
    const snapshot = this.snapshot();
    const at = epoch - 1 + step / stepsPerEpoch;
    return {
      type: 'epoch',
      epoch,
      at,
      updates,
      train,
      validation,
      improved,
      stopping,
      end,
      snapshot: () => snapshot,
    };
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
    const { optimiser, carried } = namedByShard(shards);
    const position: RoundsPosition = {
      ...this.position,
      shards: shards.map((shard) => shard.position),
    };
    return {
      parameters: weights.parameters,
      optimiser: { ...(weights.momentum && { [MOMENTUM]: weights.momentum }), ...optimiser },
      ...(best && { bestParameters: best }),
      ...(weights.average && { averageParameters: weights.average }),
      carried,
      position,
    };
  }
}

function added(sums: Losses, losses: Losses, factor: number): Losses {
  return Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => [name, (sums[name] ?? 0) + factor * loss]),
  );
}

function scaled(losses: Losses, factor: number): Losses {
  return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, factor * loss]));
}
