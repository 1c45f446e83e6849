/** Playing on from a piece with a tutorial model. */
import type { Engine } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import { headOf, type KeyEvent } from '../../notes/cut.js';
import type { NoteTable } from '../../notes/note-table.js';
import { soundingOf } from '../../notes/transform.js';
import type { Loaded, Played, Player, PlayRequest, Start } from '../kind.js';
import { generate } from './generate.js';
import type { TutorialLstm } from './network.js';

/** More notes than this a second are a model that has got stuck. */
const MOST_NOTES_A_SECOND = 100;

export class TutorialPlayer implements Player {
  constructor(
    private readonly loaded: Loaded<TutorialLstm>,
    private readonly engine: Engine,
  ) {}

  remarks(start: Start): readonly string[] {
    const { length } = heardOf(start);
    const { windowLength } = this.loaded.model.config;
    if (length >= windowLength) return [];
    return [
      `the primer has ${length} notes, fewer than the window of ${windowLength}; it is repeated to fill it`,
    ];
  }

  countsFrom(start: Start): number {
    const { start: starts, length } = heardOf(start);
    return length === 0 ? start.cut : starts[length - 1];
  }

  async prepare(): Promise<void> {}

  /**
   * Where its first note would come before the cut, all that it plays is moved, so that it begins with the
   * cut. It knows nothing of keys that sound over the cut: they are let go.
   */
  async *play(request: PlayRequest): AsyncGenerator<Played, void, undefined> {
    const { piece, cut, seconds = Number.POSITIVE_INFINITY, options, mayOverlap } = request;
    const heard = heardOf(request);
    if (heard.length === 0) {
      throw new CadenzaError('the tutorial model needs notes to go on from; move the marker to the right');
    }
    const end = cut + seconds;
    const most = Math.min(
      request.notes ?? Number.POSITIVE_INFINITY,
      Math.ceil(seconds * MOST_NOTES_A_SECOND),
    );
    const held = mayOverlap ? [] : heldAt(soundingOf(piece), cut);
    const { temperature, seed = 0, variations = 1 } = options;
    for (let variation = 0; variation < variations; variation++) {
      for (const pitch of held) {
        yield { variation, event: { time: cut, pitch, velocity: 0 }, knownTo: cut };
      }
      const releases = new Releases();
      let origin = heard.start[heard.length - 1];
      let isFirst = true;
      const own = { notes: most, temperature, seed: seed + variation };
      for await (const note of generate(this.loaded, this.engine, heard, own)) {
        if (isFirst && !mayOverlap) origin = Math.max(origin, cut - note.start);
        isFirst = false;
        const start = origin + note.start;
        if (start >= end) break;
        const strike = { time: start, pitch: note.pitch, velocity: note.velocity };
        for (const event of releases.before(strike)) yield { variation, event, knownTo: event.time };
        yield { variation, event: strike, knownTo: start };
        releases.add(note.pitch, Math.min(end, origin + note.end));
      }
      for (const event of releases.all()) yield { variation, event, knownTo: event.time };
    }
  }

  async release(): Promise<void> {}
}

/** The notes before the cut, as the kind reads them. */
function heardOf({ piece, heard, cut }: Start): NoteTable {
  return headOf({ notes: heard ?? soundingOf(piece) }, cut).notes;
}

/** Pitches that sound at a moment. */
function heldAt({ length, pitch, start, end }: NoteTable, time: number): number[] {
  const held = new Set<number>();
  for (let n = 0; n < length; n++) if (start[n] <= time && end[n] >= time) held.add(pitch[n]);
  return [...held];
}

/** Keys that are down, and when they are to be let go. */
class Releases {
  private readonly times = new Map<number, number>();

  /** Lets a key go at a time; a key that is down already goes on from here. */
  add(pitch: number, time: number): void {
    this.times.set(pitch, time);
  }

  /** What is let go up to a strike. A key that is struck again needs no release. */
  before({ time, pitch }: KeyEvent): KeyEvent[] {
    const due = this.all().filter((event) => event.time <= time);
    for (const event of due) this.times.delete(event.pitch);
    this.times.delete(pitch);
    return due;
  }

  /** All that is to be let go, in order of time. */
  all(): KeyEvent[] {
    const events = Array.from(this.times, ([pitch, time]) => ({ time, pitch, velocity: 0 }));
    return events.sort((a, b) => a.time - b.time);
  }
}
