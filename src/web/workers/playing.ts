/**
 * The inference worker: holds one model ready, plays one job at a time and tells what it plays as it plays
 * it. A new job or model waits until what runs has ended; jobs end early when the page says so.
 */

import { decodeCheckpoint } from '../../checkpoint/checkpoint.js';
import type { Engine } from '../../engine/engine.js';
import { onnxEngine } from '../../engine/onnx/runtime.js';
import { CadenzaError } from '../../errors.js';
import { add, input } from '../../graph/ops.js';
import type { FillOptions, Player, PlayRequest } from '../../kinds/kind.js';
import { modelFromCheckpoint } from '../../kinds/load.js';
import type { KeyEvent } from '../../notes/cut.js';
import type { RuntimeUrls } from '../assets.js';
import { type EngineUrls, openEngine, type WebEngine } from '../engine/open-engine.js';
import { breathe } from './breathe.js';
import type { FillRequest, FromPlaying, ToPlaying } from './playing-messages.js';
import { Cancelled, politeEngine } from './polite-engine.js';
import { runtimeAt } from './runtime.js';

/** Milliseconds between two messages of what was played. */
const MESSAGE_EVERY = 50;
/** And between two of how much was heard: of most pieces there is none, as they are heard in less. */
const HEARD_EVERY = 250;
/** And between two of what a fill is like so far. */
const PREVIEW_EVERY = 100;

const tell = (message: FromPlaying) => postMessage(message);

/** Loaded at once, whatever the first model is. Whether it failed is asked when there is one. */
let engine: Promise<Engine> | undefined;
/** Computes half of large batches, once there are any. */
let helper: Engine | undefined;
let current: { readonly id: string; readonly player: Player } | undefined;
/** What runs, to be waited for. */
let running: Promise<void> = Promise.resolve();
/** Jobs that are no longer wanted. */
const cancelled = new Set<number>();
/** Whether what runs is no longer wanted. */
let isCancelled = () => false;
/** How many things were asked for. A preparation is given up as soon as anything else is. */
let asked = 0;

addEventListener('message', ({ data }: MessageEvent<ToPlaying>) => {
  if (data.type === 'cancel') {
    cancelled.add(data.job);
    return;
  }
  if (data.type === 'are you there') {
    tell({ type: 'here' });
    return;
  }
  if (data.type === 'open') {
    engine = readyEngine(data.engine.runtime);
    helper = lazyEngine(data.engine);
    engine.catch(() => {});
    return;
  }
  const number = ++asked;
  running = running.then(() => take(data, number));
});

async function take(
  message: Exclude<ToPlaying, { type: 'cancel' | 'open' | 'are you there' }>,
  number: number,
): Promise<void> {
  if (message.type === 'load') await load(message);
  else if (message.type === 'prepare') {
    await prepare(message, number);
    tell({ type: 'prepared', request: message.request });
  } else if (message.type === 'play') await play(message.job, message.model, message.request);
  else await fill(message.job, message.model, message.request);
}

/**
 * The engine, once it has shown that it runs: the runtime loads the most of itself with the first program.
 */
async function readyEngine(urls: RuntimeUrls): Promise<Engine> {
  // A single window or a few rows leave several threads nothing to share.
  const engine = onnxEngine(runtimeAt(urls), { threads: 1 });
  const x = input('x', [1]);
  const program = await engine.compile({ inputs: { x }, outputs: { y: add(x, x) } });
  await program.release();
  return engine;
}

/** An engine in a worker beside this one, if there is a core for it, once there is a program for it. */
function lazyEngine(urls: EngineUrls): Engine | undefined {
  if (navigator.hardwareConcurrency < 2) return undefined;
  let opened: WebEngine | undefined;
  return {
    name: 'onnx-worker',
    async compile(graph) {
      try {
        opened ??= openEngine(urls, 1, () => new Error('what computes ended'));
        return await opened.compile(graph);
      } catch (error) {
        // Without it everything takes longer, and is there all the same.
        const alone = await engine;
        if (alone === undefined) throw error;
        return alone.compile(graph);
      }
    },
  };
}

async function load({ model: id, name, bytes }: Extract<ToPlaying, { type: 'load' }>): Promise<void> {
  try {
    await current?.player.release();
    current = undefined;
    const loaded = modelFromCheckpoint(decodeCheckpoint(bytes, name));
    const usable = await engine?.catch(() => undefined);
    if (usable === undefined) {
      const message =
        'what runs models could not be loaded; look after the connection, and choose the model again';
      tell({ type: 'broken', message });
      return;
    }
    const polite = politeEngine(usable, () => isCancelled());
    const shards = helper === undefined ? [] : [helper, polite];
    current = { id, player: await loaded.kind.player(loaded, polite, shards) };
    tell({ type: 'loaded', model: id, config: loaded.model.config });
  } catch (error) {
    tell({ type: 'unusable', model: id, ...saidOf(error) });
  }
}

async function prepare(
  { model, start, variations }: Extract<ToPlaying, { type: 'prepare' }>,
  number: number,
): Promise<void> {
  // If more was asked for meanwhile, that comes first.
  await breathe();
  if (current?.id !== model || asked !== number) return;
  isCancelled = () => asked !== number;
  try {
    await current.player.prepare(start, variations);
  } catch {
    // Given up; or it will be said when it matters, by `play`.
  } finally {
    isCancelled = () => false;
  }
}

async function play(number: number, id: string, request: PlayRequest): Promise<void> {
  const reporter = new Reporter(number);
  await work(number, id, async (player) => {
    try {
      for await (const { variation, event, knownTo } of player.play(request, (part) =>
        reporter.heard(part),
      )) {
        reporter.add(variation, event, knownTo);
      }
    } finally {
      reporter.send();
    }
  });
}

async function fill(number: number, id: string, { given, kept, options }: FillRequest): Promise<void> {
  await work(number, id, async (player) => {
    if (player.fill === undefined)
      throw new CadenzaError('this model cannot play between given notes; choose another');
    const isKept = new Set(kept);
    let last = Number.NEGATIVE_INFINITY;
    const onProgress: FillOptions['onProgress'] = (part, best) => {
      if (performance.now() - last < PREVIEW_EVERY) return;
      last = performance.now();
      tell({ type: 'filling', job: number, part, best: best() });
    };
    const fills = await player.fill(
      { ...given, isKept: (note) => isKept.has(note) },
      { ...options, onProgress },
    );
    tell({ type: 'filled', job: number, fills });
  });
}

/** Does a job with the model that it is for, and tells how that ended. */
async function work(number: number, id: string, run: (player: Player) => Promise<void>): Promise<void> {
  if (current?.id !== id) {
    const message = 'the model is not loaded; choose it again';
    tell({ type: 'failed', job: number, message, isUsers: true });
    return;
  }
  isCancelled = () => cancelled.has(number);
  try {
    await run(current.player);
    tell({ type: 'done', job: number, wasCancelled: false });
  } catch (error) {
    if (error instanceof Cancelled) tell({ type: 'done', job: number, wasCancelled: true });
    else tell({ type: 'failed', job: number, ...saidOf(error) });
  } finally {
    isCancelled = () => false;
    cancelled.delete(number);
  }
}

/** Tells the page what was played: the first event at once, then a message now and then. */
class Reporter {
  private readonly parts = new Map<number, { variation: number; events: KeyEvent[]; knownTo: number }>();
  private last = Number.NEGATIVE_INFINITY;
  private lastHeard = performance.now();
  private hasBegun = false;

  constructor(private readonly job: number) {}

  /** @throws Cancelled when the job is no longer wanted */
  heard(part: number): void {
    if (isCancelled()) throw new Cancelled();
    if (performance.now() - this.lastHeard < HEARD_EVERY) return;
    this.lastHeard = performance.now();
    tell({ type: 'heard', job: this.job, part });
  }

  add(variation: number, event: KeyEvent, knownTo: number): void {
    if (!this.hasBegun) tell({ type: 'begun', job: this.job });
    this.hasBegun = true;
    const part = this.parts.get(variation) ?? { variation, events: [], knownTo };
    part.events.push(event);
    part.knownTo = knownTo;
    this.parts.set(variation, part);
    if (performance.now() - this.last >= MESSAGE_EVERY) this.send();
  }

  send(): void {
    if (this.parts.size > 0) tell({ type: 'played', job: this.job, parts: [...this.parts.values()] });
    this.parts.clear();
    this.last = performance.now();
  }
}

function saidOf(error: unknown): { readonly message: string; readonly isUsers: boolean } {
  if (error instanceof CadenzaError) return { message: error.message, isUsers: true };
  console.error(error);
  return { message: error instanceof Error ? error.message : String(error), isUsers: false };
}
