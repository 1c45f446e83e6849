/** The programs that play with a model, for numbers of rows: compiled when they are needed, and kept. */
import type { Engine, Program } from '../../engine/engine.js';
import { compileRows } from '../../model/sharding.js';
import type { Loaded } from '../kind.js';
import { EventLstm } from './network.js';

/**
 * Programs for so many numbers of rows are kept; each holds the weights once more. What fills needs three:
 * the fewer rows go on, the smaller the batch.
 */
const SIZES_KEPT = 4;

/** With fewer rows, engines that share them would be waiting for one another most of the time. */
export const LEAST_SHARDED = 16;

/** What is compiled once for a number of rows. */
export interface Programs {
  readonly listen: Program;
  /** One an attribute. */
  readonly heads: readonly Program[];
}

export class RowPrograms {
  /** By number of rows, the one used last at the end. */
  private readonly programs = new Map<number, Promise<Programs>>();
  private listenMany: Promise<Program> | undefined;

  constructor(
    private readonly loaded: Loaded<EventLstm>,
    private readonly engine: Engine,
    /** Share what listens, where there are many rows. */
    private readonly shards: readonly Engine[] = [],
  ) {}

  /** What hears so many events of one piece at once: 1, or always the same number. */
  async listenTo(steps: number): Promise<Program> {
    if (steps === 1) return (await this.of(1)).listen;
    const { model, parameters } = this.loaded;
    this.listenMany ??= this.engine.compile(model.predictionGraph(1, parameters, steps)).catch((error) => {
      this.listenMany = undefined; // the next one who asks tries again
      throw error;
    });
    return this.listenMany;
  }

  /** What plays so many rows side by side. */
  async of(rows: number): Promise<Programs> {
    const known = this.programs.get(rows);
    const programs = known ?? this.compile(rows);
    this.programs.delete(rows);
    this.programs.set(rows, programs);
    programs.catch(() => this.programs.delete(rows));
    // Those for one row are needed to hear; of the others the ones not used for longest go.
    const others = [...this.programs.keys()].filter((size) => size !== 1 && size !== rows);
    for (const size of others.slice(0, Math.max(0, others.length + 1 - SIZES_KEPT))) {
      const old = this.programs.get(size);
      this.programs.delete(size);
      const { listen, heads } = (await old) as Programs;
      await Promise.all([listen, ...heads].map((program) => program.release()));
    }
    return programs;
  }

  /** Gives the memory back. */
  async release(): Promise<void> {
    const compiled = await Promise.all([...this.programs.values()]);
    this.programs.clear();
    const all = [...compiled.flatMap(({ listen, heads }) => [listen, ...heads])];
    if (this.listenMany !== undefined) all.push(await this.listenMany);
    this.listenMany = undefined;
    await Promise.all(all.map((program) => program.release()));
  }

  private async compile(rows: number): Promise<Programs> {
    const { model, parameters } = this.loaded;
    const single = new EventLstm(model.config, model.representation, 1);
    const shards = rows >= LEAST_SHARDED ? this.shards : [];
    const [listen, ...heads] = await Promise.all([
      compileRows(single, rows, this.engine, shards, (_, part) => model.predictionGraph(part, parameters)),
      ...model.representation.attributes.map((_, k) =>
        this.engine.compile(model.attributeGraph(k, rows, parameters)),
      ),
    ]);
    return { listen, heads };
  }
}
