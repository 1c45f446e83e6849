/** How each kind of model plays on from a piece: as key events in the piece's own time. */
import {
  CadenzaError,
  cutPiece,
  type Engine,
  generate,
  headOf,
  isEvents,
  type KeyEvent,
  type LoadedModel,
  Performer,
  soundingOf,
} from '../../../src/index.js';
import { keyEventOf } from '../../../src/kinds/performance/cut-piece.js';
import type { PlayRequest, Start } from './playing-messages.js';

/** An event of one variation, and the time before which nothing more will come in it. */
export interface Playing {
  readonly variation: number;
  readonly event: KeyEvent;
  readonly knownTo: number;
}

/** A model that can play. */
export interface PlayingModel {
  readonly kind: 'performance' | 'tutorial';
  /** Does in advance what can be done before somebody waits. */
  prepare(start: Start, variations: number): Promise<void>;
  /** @param onHeard called with how much of the piece is heard, 0 to 1; what it throws ends the playing */
  play(request: PlayRequest, onHeard: (part: number) => void): AsyncGenerator<Playing, void, undefined>;
  release(): Promise<void>;
}

/** @throws CadenzaError when the model is of a kind that cannot play */
export function playingModel(loaded: LoadedModel, engine: Engine): PlayingModel {
  return isEvents(loaded) ? performanceModel(new Performer(loaded, engine)) : tutorialModel(loaded, engine);
}

function performanceModel(performer: Performer): PlayingModel {
  return {
    kind: 'performance',
    prepare: (start, variations) => performer.prepare(cutOf(start).events, variations),
    async *play(request, onHeard) {
      const { events, origin, silence } = cutOf(request);
      const seconds = request.cut - origin + request.seconds;
      const options = { ...request.options, seconds, silence, onHeard };
      for await (const played of performer.play(events, options)) {
        const event = keyEventOf(played, origin);
        yield { variation: played.variation, event, knownTo: event.time };
      }
    },
    release: () => performer.release(),
  };
}

function cutOf({ piece, cut, isSilentToCut }: Start) {
  const heard = cutPiece(piece, cut);
  return isSilentToCut ? { ...heard, silence: Math.max(0, cut - heard.origin) } : heard;
}

/** More notes than this a second are a model that has got stuck. */
const MOST_NOTES_A_SECOND = 100;

function tutorialModel(
  loaded: Extract<LoadedModel, { model: { config: { kind: 'tutorial' } } }>,
  engine: Engine,
): PlayingModel {
  return {
    kind: 'tutorial',
    async prepare() {},
    async *play({ piece, cut, seconds, options }) {
      const { notes: heard } = headOf({ notes: soundingOf(piece) }, cut);
      if (heard.length === 0) {
        throw new CadenzaError('the tutorial model needs notes to go on from; move the marker to the right');
      }
      const origin = heard.start[heard.length - 1];
      const end = cut + seconds;
      // It knows nothing of keys that are held: they are let go at the cut, as `headOf` has them.
      const held = Array.from(heard.pitch).filter((_, n) => heard.end[n] >= cut);
      const { temperature, seed = 0, variations = 1 } = options;
      const notes = Math.ceil(seconds * MOST_NOTES_A_SECOND);
      for (let variation = 0; variation < variations; variation++) {
        for (const pitch of held) {
          yield { variation, event: { time: cut, pitch, velocity: 0 }, knownTo: cut };
        }
        const own = { notes, temperature, seed: seed + variation };
        for await (const note of generate(loaded, engine, heard, own)) {
          // What it would play before the cut begins with the cut.
          const start = Math.max(cut, origin + note.start);
          if (start >= end) break;
          const release = Math.min(end, Math.max(start, origin + note.end));
          const key = { variation, knownTo: start };
          yield { ...key, event: { time: start, pitch: note.pitch, velocity: note.velocity } };
          yield { ...key, event: { time: release, pitch: note.pitch, velocity: 0 } };
        }
      }
    },
    async release() {},
  };
}
