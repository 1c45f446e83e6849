/** A model that plays in a page: the worker that runs it, as one object with an iterator. */
import type { ModelConfig } from '../checkpoint/checkpoint.js';
import type {
  Fill,
  FillOptions,
  GivenPiece,
  Kind,
  LoadedModel,
  Played,
  PlayOptions,
  PlayRequest,
  Start,
} from '../kinds/kind.js';
import { kindOfConfig } from '../kinds/kinds.js';
import { startOf } from '../kinds/start.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { NoteTable } from '../notes/note-table.js';
import { soundingOf } from '../notes/transform.js';
import { builtInOpening } from '../playing/opening.js';
import type { Wish } from '../playing/wishes.js';
import type { FetchOptions } from './fetching.js';
import { fileOfModel, type ModelSource, modelFile } from './models.js';
import { PlayingClient } from './workers/playing-client.js';

/** What may be played on from: a file, notes as they sound, or a start that says all itself. */
export type PlayFrom = MidiFile | NoteTable | Start;

/** What to play, and how to call it off. */
export interface PagePlayOptions
  extends PlayOptions,
    Pick<PlayRequest, 'seconds' | 'notes' | 'isCutOff' | 'mayOverlap'> {
  /** Seconds of the primer at which to go on; its end where not given. */
  readonly cut?: number;
  /**
   * Whether its seconds count from the cut, for what is heard or written by itself; from the beginning of the
   * piece by default.
   */
  readonly isAlone?: boolean;
  /** Ends the playing; what was played until then is kept, and no error is thrown. */
  readonly signal?: AbortSignal;
  /** Called with how much of a long primer is heard, 0 to 1. */
  readonly onHeard?: (part: number) => void;
}

export interface PerformerOptions extends FetchOptions {
  /** How many variations will be asked for at once; 1 by default. Others take a moment longer at first. */
  readonly variations?: number;
}

/** A model that is ready to play, in a worker of its own. */
export interface PagePerformer {
  readonly config: ModelConfig;
  readonly kind: Kind;
  /** What may be wished of it. */
  readonly wishes: ReadonlySet<Wish>;
  /** In whose styles it may be asked to play. */
  readonly styles: readonly string[];
  /**
   * Lets it hear in advance what it will go on from, so that its first note comes sooner. Whatever else is
   * asked for comes first, and ends it.
   */
  prepare(from: PlayFrom, variations?: number): Promise<void>;
  /**
   * Plays on: events come as soon as they are known, in seconds of the piece. Of several requests the later
   * ones wait. Leaving the loop ends the playing.
   *
   * @throws CadenzaError when wishes clash or there is nothing to go on from
   */
  play(from: PlayFrom, options?: PagePlayOptions): AsyncGenerator<Played, void, undefined>;
  /**
   * Fills a span so that it leads from what is before it to what comes after it; the different ways that were
   * found, those that fit best first.
   *
   * @param span seconds of the piece, and which of the notes that begin in it stay
   * @throws CadenzaError when wishes clash, the model cannot, or what is given cannot be reached
   */
  fill(
    from: PlayFrom,
    span: Pick<GivenPiece, 'from' | 'to' | 'isKept'>,
    options?: FillOptions,
  ): Promise<readonly Fill[]>;
  /** Ends the worker, and what it plays. */
  close(): void;
}

/**
 * A model that plays. The runtime is loaded while the model is still on its way.
 *
 * @throws CadenzaError in words if model or runtime cannot be had
 */
export async function createPerformer(
  source: ModelSource | LoadedModel,
  options: PerformerOptions = {},
): Promise<PagePerformer> {
  let broken: Error | undefined;
  const client = new PlayingClient((error) => {
    broken = error;
  });
  const close = () => client.close();
  options.signal?.addEventListener('abort', close, { once: true });
  try {
    client.warm();
    const { name, bytes } = isLoaded(source)
      ? { name: 'the model', bytes: fileOfModel(source) }
      : await modelFile(source, options);
    const config = await client.load('own', name, bytes);
    options.signal?.throwIfAborted();
    const kind = kindOfConfig(config);
    // What it computes with is made for a number of variations, and takes longer than hearing an opening.
    await client.prepare(startOf(kind, builtInOpening()), options.variations ?? 1);
    options.signal?.throwIfAborted();
    if (broken !== undefined) throw broken;
    return {
      config,
      kind,
      wishes: kind.wishesOf(config),
      styles: kind.stylesOf?.(config) ?? [],
      prepare: (from, variations = options.variations ?? 1) =>
        client.prepare(startFrom(kind, from), variations),
      play(from, options = {}) {
        const { cut, isAlone, signal, onHeard, seconds, notes, isCutOff, mayOverlap, ...wishes } = options;
        if (broken !== undefined) throw broken;
        const usual = seconds === undefined && notes === undefined ? kind.usualLength : { seconds, notes };
        const start = startFrom(kind, from, cut);
        const request = { ...start, ...usual, isCutOff, mayOverlap, options: wishes };
        return played(client, request, { from: isAlone ? start.cut : 0, signal, onHeard });
      },
      fill(from, span, options) {
        if (broken !== undefined) throw broken;
        const { piece, heard = soundingOf(piece) } = startFrom(kind, from);
        return client.fill({ notes: heard, ...span }, options);
      },
      close,
    };
  } catch (error) {
    close();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', close);
  }
}

function isLoaded(source: ModelSource | LoadedModel): source is LoadedModel {
  return typeof source === 'object' && 'parameters' in source;
}

function startFrom(kind: Kind, from: PlayFrom, cut?: number): Start {
  if (!('piece' in from)) return startOf(kind, from, cut);
  return cut === undefined ? from : { ...from, cut };
}

/** What the client tells, as an iterator. */
async function* played(
  client: PlayingClient,
  request: PlayRequest,
  {
    from,
    signal,
    onHeard,
  }: Pick<PagePlayOptions, 'signal' | 'onHeard'> & {
    /** What is called second 0, seconds of the piece. */
    readonly from: number;
  },
): AsyncGenerator<Played, void, undefined> {
  const told: Played[] = [];
  let isOver = false;
  let failure: Error | undefined;
  let wake = () => {};
  signal?.throwIfAborted();
  const stop = client.play(request, {
    ...(onHeard && { onHeard }),
    onPlayed(parts) {
      for (const { variation, events, knownTo } of parts) {
        for (const { time, ...key } of events) {
          const event = { time: Math.max(0, time - from), ...key };
          told.push({ variation, event, knownTo: Math.max(0, knownTo - from) });
        }
      }
      wake();
    },
    onEnd({ error }) {
      failure = error;
      isOver = true;
      wake();
    },
  });
  signal?.addEventListener('abort', stop);
  try {
    for (;;) {
      yield* told.splice(0);
      if (told.length > 0) continue;
      if (isOver) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure !== undefined) throw failure;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!isOver) stop();
  }
}
