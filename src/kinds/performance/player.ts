/** Playing on from a piece with a performance model. */
import type { Engine } from '../../engine/engine.js';
import { soundingOf } from '../../notes/transform.js';
import { MOST_EVENTS } from '../../representation/recent-events.js';
import type { Loaded, Played, Player, PlayRequest, Start } from '../kind.js';
import { cutPiece, keyEventOf } from './cut-piece.js';
import type { EventLstm } from './network.js';
import { Performer } from './performer.js';

export class PerformancePlayer implements Player {
  private readonly performer: Performer;

  /** @throws CadenzaError when the model's events cannot be played */
  constructor(
    private readonly loaded: Loaded<EventLstm>,
    engine: Engine,
  ) {
    this.performer = new Performer(loaded, engine);
  }

  remarks(start: Start): readonly string[] {
    const { events } = this.cutOf(start);
    if (events.length <= MOST_EVENTS) return [];
    const [heard, all] = [MOST_EVENTS, events.length].map((count) =>
      Math.ceil(count / 2).toLocaleString('en'),
    );
    return [`of its ${all} notes the last ${heard} are heard; what lies further back does not matter`];
  }

  countsFrom(start: Start): number {
    const { origin, silence } = this.cutOf(start);
    return origin + silence;
  }

  prepare(start: Start, variations: number): Promise<void> {
    return this.performer.prepare(this.cutOf(start).events, variations);
  }

  async *play(
    request: PlayRequest,
    onHeard?: (part: number) => void,
  ): AsyncGenerator<Played, void, undefined> {
    const { events, origin, silence } = this.cutOf(request);
    const { cut, notes } = request;
    const seconds = request.seconds && cut - origin + request.seconds;
    const options = { ...request.options, seconds, notes, silence, onHeard };
    for await (const played of this.performer.play(events, options)) {
      const event = keyEventOf(played, origin);
      yield { variation: played.variation, event, knownTo: event.time };
    }
  }

  release(): Promise<void> {
    return this.performer.release();
  }

  private cutOf({ piece, heard, cut, isSilentToCut }: Start) {
    const { representation } = this.loaded.model;
    const whole = cutPiece({ notes: heard ?? soundingOf(piece) }, cut, representation);
    return isSilentToCut ? { ...whole, silence: Math.max(0, cut - whole.origin) } : whole;
  }
}
