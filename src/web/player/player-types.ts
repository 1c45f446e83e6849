/**
 * `<cadenza-player>`: a piano roll and a piano for any page. These are the types of the package's export
 * `cadenza/player`; importing it, or loading it by a script tag, defines the element.
 */
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';

/** What `cadenza-load` brings along. */
export interface PlayerLoadDetail {
  readonly notes: NoteTable;
  /** Seconds. */
  readonly duration: number;
}

/** The events of a player, all of them `CustomEvent`s. They do not bubble, as those of `<audio>` don't. */
export interface CadenzaPlayerEventMap {
  /** A piece was read or set, and can be seen. */
  'cadenza-load': CustomEvent<PlayerLoadDetail>;
  play: CustomEvent<undefined>;
  pause: CustomEvent<undefined>;
  /** Some four times a second while it plays, and when the playhead was moved. */
  timeupdate: CustomEvent<{ readonly currentTime: number }>;
  /** The end was reached; not with `loop`. */
  ended: CustomEvent<undefined>;
  /** Something went wrong; `message` says it in words, and so does the element. */
  error: CustomEvent<{ readonly message: string }>;
}

/**
 * The element.
 *
 * Attributes: `src` (a MIDI file), `loop`, `height` (CSS pixels; 260 by default), `controls="none"` (no
 * buttons), `label` (what a screen reader calls it), `soundfont` and `worklet` (URLs of the sound and of the
 * synthesiser's script, where they don't lie as in the package).
 *
 * Parts for CSS: `player`, `roll`, `controls`, `button`, `position`, `time`, `volume`, `message`. Colours are
 * custom properties: `--ink`, `--paper`, `--accent`, `--muted`, `--line`.
 */
export interface CadenzaPlayer extends HTMLElement {
  /** URL of the MIDI file; empty for none. */
  src: string;
  /** Whether it begins again at its end. */
  loop: boolean;
  /** The notes, seconds and MIDI pitches. Setting them replaces what `src` loaded. */
  notes: NoteTable | undefined;
  /** Movements of the sustain pedal, shown below the notes. */
  pedal: Pedal | undefined;
  /** Where the playhead is, seconds. Setting it is `seek`. */
  currentTime: number;
  /** How loud, 0 … 1. */
  volume: number;
  /** How fast, 1 as it was played; 0.1 … 4. */
  tempo: number;
  /** End of the last note, seconds. */
  readonly duration: number;
  /** Whether it is silent: not yet started, paused, or at its end. */
  readonly paused: boolean;
  /** What went wrong, in words; undefined if nothing did. */
  readonly error: string | undefined;
  /** What everything sounds through, once it has played: to be tapped by a meter. */
  readonly output: AudioNode | undefined;
  /**
   * Plays from the playhead. Browsers allow that only after a click or a key press on the page. Resolves when
   * it plays; where it cannot, the event `error` says why and the promise is rejected.
   */
  play(): Promise<void>;
  /** Silence at once; the playhead stays. */
  pause(): void;
  /** Silence at once; the playhead goes back to the beginning. */
  stop(): void;
  /** Puts the playhead somewhere else, seconds. */
  seek(seconds: number): void;

  addEventListener<T extends keyof CadenzaPlayerEventMap>(
    type: T,
    listener: (this: CadenzaPlayer, event: CadenzaPlayerEventMap[T]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'cadenza-player': CadenzaPlayer;
  }
}
