/** Playing on from a piece with a performance model. */
import type { Engine } from '../../engine/engine.js';
import { beatsUpTo } from '../../notes/beats.js';
import { soundingOf } from '../../notes/transform.js';
import type { Wishes } from '../../playing/wishes.js';
import { NONE, placeOfGiven } from '../../representation/events.js';
import { MOST_EVENTS } from '../../representation/recent-events.js';
import type { Fill, FillOptions, GivenPiece, Loaded, Played, Player, PlayRequest, Start } from '../kind.js';
import { cutPiece } from './cut-piece.js';
import { gapOf, keptNotes } from './filling/gap.js';
import type { EventLstm } from './network.js';
import { notesOfEvents } from './perform.js';
import { Performer } from './performer.js';

/** What of a request decides how time goes on after the cut. */
type Ending = Pick<PlayRequest, 'isCutOff'>;

export class PerformancePlayer implements Player {
  private readonly performer: Performer;

  /** @throws CadenzaError when the model's events cannot be played */
  constructor(
    private readonly loaded: Loaded<EventLstm>,
    engine: Engine,
    shards?: readonly Engine[],
  ) {
    this.performer = new Performer(loaded, engine, shards);
  }

  private get hearsEnd(): boolean {
    return placeOfGiven(this.loaded.model.representation, 'left') !== NONE;
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
    return this.cutOf(start).from;
  }

  prepare(start: Start, variations: number): Promise<void> {
    return this.performer.prepare(this.cutOf(start).events, variations);
  }

  /** Who has learned no styles plays on as ever, whatever style is wished. */
  private followed<T extends Wishes>({ style, ...others }: T) {
    return { ...others, style: this.loaded.model.config.styles ? style : undefined };
  }

  async *play(
    request: PlayRequest,
    onHeard?: (part: number) => void,
  ): AsyncGenerator<Played, void, undefined> {
    const { events, silence, countedAt, keyEventOf } = this.cutOf(request);
    const { cut, notes, isCutOff } = request;
    const seconds = request.seconds && countedAt(cut + request.seconds);
    // Who does not hear how far the end is plays on as ever.
    const isEnding = request.options.isEnding && this.hearsEnd && seconds !== undefined;
    // They are counted from the last event on, as all that is played.
    const chords = request.options.chords?.map(({ from, to, ...chord }) => ({
      ...chord,
      from: countedAt(from),
      to: countedAt(to),
    }));
    const options = {
      ...this.followed(request.options),
      ...(chords && { chords }),
      isEnding,
      seconds,
      notes,
      silence,
      isCutOff,
      onHeard,
    };
    for await (const played of this.performer.play(events, options)) {
      const event = keyEventOf(played);
      yield { variation: played.variation, event, knownTo: event.time };
    }
  }

  async fill(given: GivenPiece, options: FillOptions = {}): Promise<readonly Fill[]> {
    const { representation } = this.loaded.model;
    const gap = gapOf(keptNotes(given.notes, given, given.isKept), given, representation);
    const { onProgress, ...wished } = this.followed(options);
    const { fills } = await this.performer.fill(gap, {
      ...wished,
      isEnding: false,
      ...(onProgress && { onProgress: (part, best) => onProgress(part, () => notesOfEvents(best())) }),
    });
    return fills.map(({ events, bits, after, weight }) => ({
      notes: notesOfEvents(events),
      bits,
      bitsAfter: after,
      weight,
    }));
  }

  release(): Promise<void> {
    return this.performer.release();
  }

  private cutOf({ piece, heard = soundingOf(piece), cut, isSilentToCut, isCutOff }: Start & Ending) {
    const { representation } = this.loaded.model;
    // The tempo at the cut goes on, unless the piece does so after what is played.
    const beats = heard.beats && (isCutOff ? heard.beats : beatsUpTo(heard.beats, cut));
    const whole = cutPiece({ notes: { ...heard, ...(beats && { beats }) } }, cut, representation);
    if (!isSilentToCut) return whole;
    const silence = Math.max(0, cut - whole.origin);
    return { ...whole, silence, from: whole.origin + silence };
  }
}
