/**
 * Playing by turns: somebody plays, and when they pause the model goes on; when they play again, it listens.
 * Every turn is a take that goes on from the one before, so that all of it can be undone, heard again and
 * made again.
 */
import { soundingOf } from '../../../src/index.js';
import type { PlayedPart } from '../../../src/web/index.js';
import { transport } from '../shell/sound.js';
import { changed } from '../state/history.js';
import { assemble, type Material } from '../state/material.js';
import { complain } from '../state/messages.js';
import { addTakes, newSession, type Recipe, removeTakes, type Source } from '../state/session.js';
import { freshSeed, optionsOf, settings } from '../state/settings.js';
import type { LiveListener } from './live-input.js';
import { chosenForRecipe, client, complainOfModel, readyModel } from './model.js';
import { Phrase } from './phrase.js';
import { commit, newId, sessionOf, startOf, studio } from './studio.js';

/** Seconds without a key that mean "now you". */
const PAUSE = 1.2;
/** Fewer notes are no phrase yet. */
const LEAST_NOTES = 2;
/** The longest answer, seconds. */
const LONGEST_ANSWER = 60;
/** The longest rest that is kept between an answer and the next phrase. */
const LONGEST_REST = 1;
const CHECK_MILLISECONDS = 50;

/** The answer that is being played. */
interface Answer {
  readonly id: string;
  readonly cut: number;
  cancel(): void;
}

export class Turns implements LiveListener {
  private phrase = new Phrase();
  /** Seconds of the piece at `zero` of the page's clock; undefined until the first key. */
  private zero: number | undefined;
  private base = 0;
  /** The take that the phrase is; the source where undefined. */
  private own: string | undefined;
  private answer: Answer | undefined;
  private hasPlayed = false;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(private readonly source: Source) {
    commit(newSession(source), 'play by turns');
    readyModel().catch(complainOfModel);
    this.timer = setInterval(() => this.look(), CHECK_MILLISECONDS);
  }

  onStrike(pitch: number, velocity: number): void {
    if (this.answer !== undefined) this.interrupt(this.answer);
    this.zero ??= performance.now();
    this.hasPlayed = true;
    this.phrase.strike(this.now(), pitch, velocity);
    this.show();
  }

  onRelease(pitch: number): void {
    if (this.answer !== undefined) return;
    this.phrase.release(this.now(), pitch);
    this.show();
  }

  onPedal(value: number): void {
    if (this.answer === undefined) this.phrase.movePedal(this.now(), value);
  }

  end(): boolean {
    clearInterval(this.timer);
    const { answer } = this;
    if (answer !== undefined) this.finish(answer, Math.max(answer.cut, transport.currentTime));
    else if (this.phrase.strikes > 0) this.show();
    // A turn that nobody took is none.
    if (this.own !== undefined && this.phrase.strikes === 0) {
      const session = removeTakes(sessionOf(), new Set([this.own]));
      studio.set(({ history }) => ({ history: changed(history, session) }));
    }
    transport.pause();
    return this.hasPlayed;
  }

  private now(): number {
    return this.zero === undefined ? this.base : this.base + (performance.now() - this.zero) / 1000;
  }

  /** Shows the phrase so far: as the source at first, later as a take. */
  private show(): void {
    const now = this.now();
    if (this.own === undefined) {
      const session = { ...sessionOf(), source: { ...this.source, ...this.phrase.pieceAt(now) } };
      studio.set(({ history }) => ({ history: changed(history, session) }));
      return;
    }
    const events = this.phrase.eventsAt(now, soundingOf);
    const material: Material = { events, knownTo: now, state: 'made' };
    studio.set(({ materials }) => ({ materials: { ...materials, [this.own as string]: material } }));
  }

  private look(): void {
    if (this.answer !== undefined) return;
    if (!this.phrase.isQuiet) this.show();
    else if (this.phrase.strikes >= LEAST_NOTES && this.now() - this.phrase.lastTime >= PAUSE) {
      this.begin(this.now());
    }
  }

  /** The model's turn. */
  private begin(cut: number): void {
    this.show();
    const session = sessionOf();
    const { variations: _, ...options } = optionsOf(settings.get());
    const recipe: Recipe = {
      model: chosenForRecipe(),
      options: { ...options, variations: 1, seed: settings.get().seed ?? freshSeed() },
      variation: 0,
      seconds: LONGEST_ANSWER,
      isSilentToCut: true,
    };
    const id = newId();
    const next = addTakes(session, [{ id, parent: session.current, cut, recipe }]);
    const empty: Material = { events: [], knownTo: cut, state: 'making' };
    studio.set(({ history, materials }) => ({
      history: changed(history, next),
      materials: { ...materials, [id]: empty },
    }));
    const { notes, pedal } = assemble(session, session.current, studio.get().materials);
    const answer: Answer = { id, cut, cancel: () => {} };
    this.answer = answer;
    transport.load(notes, { pedal, isComplete: false, at: cut });
    transport.extendTo(cut);
    transport.seek(cut);
    transport.play().catch(complain);
    const start = async () => {
      await readyModel();
      if (this.answer !== answer) return;
      const request = { ...recipe, ...startOf(session, session.current, cut) };
      answer.cancel = client.play(request, {
        onPlayed: ([part]) => {
          if (this.answer === answer) this.grow(answer, part);
        },
        onEnd: ({ error }) => {
          if (error !== undefined) complain(error);
          if (this.answer !== answer) return;
          if (error !== undefined) {
            this.finish(answer, Math.max(cut, transport.currentTime));
            return;
          }
          // It may have been heard to its end already.
          this.waitForEnd(answer);
          transport.complete();
        },
      });
    };
    start().catch((error) => {
      if (this.answer !== answer) return;
      complainOfModel(error);
      this.finish(answer, cut);
    });
  }

  private grow({ id, cut }: Answer, { events, knownTo }: PlayedPart): void {
    transport.append(events);
    transport.extendTo(knownTo);
    studio.set(({ materials }) => {
      const before = materials[id]?.events ?? [];
      const material: Material = {
        events: [...before, ...events],
        knownTo: Math.max(cut, knownTo),
        state: 'making',
      };
      return { materials: { ...materials, [id]: material } };
    });
  }

  /** The whole answer is known; when it has been heard, it is the player's turn. */
  private waitForEnd(answer: Answer): void {
    const stop = transport.on('ended', () => {
      stop();
      if (this.answer === answer) this.finish(answer, transport.duration);
    });
  }

  /** Somebody plays: the answer ends here. */
  private interrupt(answer: Answer): void {
    const at = Math.max(answer.cut, transport.currentTime);
    transport.pause();
    this.finish(answer, at);
  }

  /** Keeps of an answer what was heard of it, and makes ready for the next phrase. */
  private finish(answer: Answer, at: number): void {
    this.answer = undefined;
    answer.cancel();
    const { id, cut } = answer;
    const { materials } = studio.get();
    const heard = (materials[id]?.events ?? []).filter(({ time }) => time < at);
    const held = new Set<number>();
    for (const { pitch, velocity } of heard) {
      if (velocity > 0) held.add(pitch);
      else held.delete(pitch);
    }
    const releases = [...held].map((pitch) => ({ time: at, pitch, velocity: 0 }));
    const material: Material = { events: [...heard, ...releases], knownTo: at, state: 'made' };
    const session = sessionOf();
    // Made again, it is as long as it was heard.
    const takes = session.takes.map((take) =>
      take.id === id ? { ...take, recipe: { ...take.recipe, seconds: at - cut } } : take,
    );
    this.own = newId();
    const model = { id: 'hand', name: 'by hand' };
    const played: Recipe = { model, options: {}, variation: 0, seconds: 0, isPlayed: true };
    const next = addTakes({ ...session, takes }, [{ id: this.own, parent: id, cut: at, recipe: played }]);
    studio.set(({ history }) => ({
      history: changed(history, next),
      materials: { ...materials, [id]: material, [this.own as string]: { ...material, events: [] } },
    }));
    this.phrase = new Phrase();
    this.base = at;
    this.zero = transport.state === 'paused' ? performance.now() : undefined;
    if (this.zero === undefined) this.base = at + LONGEST_REST;
  }
}
