/** The page's side of the inference worker. */
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import { CadenzaError } from '../../errors.js';
import type { Fill, FillOptions, GivenPiece, PlayRequest, Start } from '../../kinds/kind.js';
import { engineUrls, notThere, playingWorkerUrl } from '../assets.js';
import { Heartbeat } from './heartbeat.js';
import { endedWith, openWorker } from './open-worker.js';
import type { FromPlaying, PlayedPart, ToPlaying } from './playing-messages.js';

export interface PlayListener {
  /** How much of a long primer it has heard, 0 to 1. */
  onHeard?(part: number): void;
  /** It has heard the primer, and begins. */
  onBegun?(): void;
  onPlayed(parts: readonly PlayedPart[]): void;
  /** Once, when nothing more will come. */
  onEnd(result: { readonly wasCancelled: boolean; readonly error?: Error }): void;
}

/** A span that is being filled. */
interface FillListener {
  readonly onProgress: FillOptions['onProgress'];
  fills: readonly Fill[] | undefined;
  onEnd: PlayListener['onEnd'];
}

/** Another model was chosen before this one was ready. */
export class Superseded extends Error {}

/** A model in the worker, with how to ask it for music. */
export class PlayingClient {
  private worker: Worker | undefined;
  private nextJob = 1;
  private readonly listeners = new Map<number, PlayListener | FillListener>();
  private waiting:
    | { readonly resolve: (config: ModelConfig) => void; readonly reject: (error: Error) => void }
    | undefined;
  private readonly preparing = new Map<number, () => void>();
  private model: string | undefined;
  private readonly heartbeat = new Heartbeat(
    () => this.waiting !== undefined || this.preparing.size > 0 || this.listeners.size > 0,
    () => this.worker?.postMessage({ type: 'are you there' } satisfies ToPlaying),
    () => this.fail(new CadenzaError('what plays no longer answered; it begins anew')),
  );

  /** @param onBreakdown called when the worker broke down, and its model with it */
  constructor(private readonly onBreakdown: (error: Error) => void) {}

  /** Begins to load what runs models, while the first model is on its way. */
  warm(): void {
    this.worker ??= this.open();
  }

  /** Makes a model ready; gives its configuration. What plays ends first. */
  load(model: string, name: string, bytes: Uint8Array): Promise<ModelConfig> {
    this.model = model;
    this.waiting?.reject(new Superseded('another model was chosen'));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.send({ type: 'load', model, name, bytes });
    });
  }

  /**
   * Lets the model hear in advance what it will go on from; done when it has, or has given that up for
   * something else.
   */
  async prepare(start: Start, variations: number): Promise<void> {
    const { model } = this;
    if (model === undefined) return;
    const request = this.nextJob++;
    await new Promise<void>((resolve) => {
      this.preparing.set(request, resolve);
      this.send({ type: 'prepare', request, model, start, variations });
    });
  }

  /** Asks for music; gives how to call it off. */
  play(request: PlayRequest, listener: PlayListener): () => void {
    const model = this.modelThere();
    const job = this.nextJob++;
    this.listeners.set(job, listener);
    this.send({ type: 'play', job, model, request });
    return () => this.send({ type: 'cancel', job });
  }

  /** Has a span filled; see `Player`. */
  async fill(given: GivenPiece, options: FillOptions = {}): Promise<readonly Fill[]> {
    const { signal, onProgress, ...plain } = options;
    const { isKept, ...piece } = given;
    const kept = Array.from(given.notes.start.keys()).filter((note) => isKept?.(note));
    signal?.throwIfAborted();
    const model = this.modelThere();
    const job = this.nextJob++;
    const cancel = () => this.send({ type: 'cancel', job });
    signal?.addEventListener('abort', cancel);
    try {
      return await new Promise((resolve, reject) => {
        const listener: FillListener = {
          onProgress,
          fills: undefined,
          onEnd({ error }) {
            if (listener.fills !== undefined) resolve(listener.fills);
            else reject(error ?? signal?.reason ?? new Superseded('the performer was closed'));
          },
        };
        this.listeners.set(job, listener);
        this.send({ type: 'fill', job, model, request: { given: piece, kept, options: plain } });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** @throws CadenzaError when there is none yet */
  private modelThere(): string {
    if (this.model === undefined) throw new CadenzaError('no model is loaded yet; wait a moment');
    return this.model;
  }

  /** Ends the worker and all that it plays. */
  close(): void {
    this.worker?.terminate();
    this.heartbeat.stop();
    this.worker = undefined;
    this.model = undefined;
    this.waiting?.reject(new Superseded('the performer was closed'));
    this.waiting = undefined;
    this.endPreparing();
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) listener.onEnd({ wasCancelled: true });
  }

  /** None of them will be heard of. */
  private endPreparing(): void {
    for (const resolve of this.preparing.values()) resolve();
    this.preparing.clear();
  }

  private send(message: ToPlaying): void {
    this.worker ??= this.open();
    this.worker.postMessage(message);
    this.heartbeat.watch();
  }

  private open(): Worker {
    const url = playingWorkerUrl();
    const worker = openWorker(url, 'playing');
    worker.addEventListener('message', ({ data }: MessageEvent<FromPlaying>) => this.take(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.fail(endedWith(event.message) ?? notThere('what plays', url));
    });
    worker.postMessage({ type: 'open', engine: engineUrls() } satisfies ToPlaying);
    return worker;
  }

  private take(message: FromPlaying): void {
    this.heartbeat.heard();
    if (message.type === 'here') return;
    if (message.type === 'broken') {
      this.fail(new CadenzaError(message.message));
      return;
    }
    if (message.type === 'loaded' || message.type === 'unusable') {
      if (message.model !== this.model) return;
      if (message.type === 'loaded') this.waiting?.resolve(message.config);
      else this.waiting?.reject(errorOf(message));
      this.waiting = undefined;
      return;
    }
    if (message.type === 'prepared') {
      this.preparing.get(message.request)?.();
      this.preparing.delete(message.request);
      return;
    }
    const listener = this.listeners.get(message.job);
    if (listener !== undefined && 'fills' in listener) {
      if (message.type === 'filling') listener.onProgress?.(message.part, () => message.best);
      if (message.type === 'filled') listener.fills = message.fills;
    } else if (message.type === 'heard') listener?.onHeard?.(message.part);
    else if (message.type === 'begun') listener?.onBegun?.();
    else if (message.type === 'played') listener?.onPlayed(message.parts);
    if (message.type === 'done' || message.type === 'failed') {
      this.listeners.delete(message.job);
      if (message.type === 'done') listener?.onEnd({ wasCancelled: message.wasCancelled });
      else listener?.onEnd({ wasCancelled: false, error: errorOf(message) });
    }
  }

  /** The worker itself broke down: all that waits is told, and the next request opens another. */
  private fail(error: Error): void {
    this.worker?.terminate();
    this.heartbeat.stop();
    this.worker = undefined;
    this.model = undefined;
    this.waiting?.reject(error);
    this.waiting = undefined;
    this.endPreparing();
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) listener.onEnd({ wasCancelled: false, error });
    this.onBreakdown(error);
  }
}

function errorOf({ message, isUsers }: { readonly message: string; readonly isUsers: boolean }): Error {
  return isUsers ? new CadenzaError(message) : new Error(message);
}
