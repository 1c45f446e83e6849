/**
 * `<cadenza-player>`: a piano roll, or falling notes, and a piano for any page; `<cadenza-view>`: another
 * picture of what a player plays. These are the types of the package's export `cadenza/player`; importing it,
 * or loading it by a script tag, defines both elements.
 */
import type { KeyEvent } from '../../notes/cut.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import type { PlayerSource } from './source.js';

export type { PlayerSource, PlayerStream } from './source.js';

/** The pictures that there are. */
export type NoteViewName = 'roll' | 'waterfall';

/** What `cadenza-load` brings along. */
export interface PlayerLoadDetail {
  readonly notes: NoteTable;
  /** Seconds. */
  readonly duration: number;
}

/** What `note` brings along. */
export interface PlayerNoteDetail {
  readonly pitch: number;
  /** 1 … 127; 0 when the key goes up. */
  readonly velocity: number;
  /** Seconds of the piece. */
  readonly time: number;
}

/** The events of a player, all of them `CustomEvent`s. They do not bubble, as those of `<audio>` don't. */
export interface CadenzaPlayerEventMap {
  /** A piece was read or set, and can be seen. Of a stream: it begins. */
  'cadenza-load': CustomEvent<PlayerLoadDetail>;
  /** More of a stream is known, up to `knownTo`, seconds; infinity when it has ended. */
  'cadenza-grow': CustomEvent<{ readonly events: readonly KeyEvent[]; readonly knownTo: number }>;
  /** There is nothing to play any more. */
  emptied: CustomEvent<undefined>;
  play: CustomEvent<undefined>;
  pause: CustomEvent<undefined>;
  /** A key goes down or up in what is heard, at this very moment. */
  note: CustomEvent<PlayerNoteDetail>;
  /** Some four times a second while it plays, and when the playhead was moved. */
  timeupdate: CustomEvent<{ readonly currentTime: number }>;
  volumechange: CustomEvent<undefined>;
  ratechange: CustomEvent<undefined>;
  /** The end was reached; not with `loop`. */
  ended: CustomEvent<undefined>;
  /** Something went wrong; `message` says it in words, and so does the element. */
  error: CustomEvent<{ readonly message: string }>;
}

/** The attributes of `<cadenza-player>`. */
export interface CadenzaPlayerAttributes {
  /** URL of a MIDI file. */
  readonly src?: string;
  /** Whether it begins again at its end. */
  readonly loop?: boolean;
  readonly muted?: boolean;
  /** How loud at first, 0 … 1. */
  readonly volume?: number | string;
  /** How fast, 1 as it was played; 0.1 … 4. */
  readonly 'playback-rate'?: number | string;
  /** What is seen; `roll` by default. */
  readonly view?: NoteViewName;
  /** CSS pixels; 260 by default. */
  readonly height?: number | string;
  /** `none`: no buttons. */
  readonly controls?: 'none';
  /** What a screen reader calls it, and what is shown where media keys are. */
  readonly label?: string;
  /** URL of another SoundFont. */
  readonly soundfont?: string;
  /** URL of the synthesiser's script, where it does not lie as in the package. */
  readonly worklet?: string;
  /** `none`: the keys for media on keyboards and headphones are not its business. */
  readonly 'media-keys'?: 'none';
}

/** What frameworks set on `<cadenza-player>`: attributes, any source, and listeners such as `onnote`. */
export type CadenzaPlayerProps = Omit<CadenzaPlayerAttributes, 'src'> & {
  readonly src?: PlayerSource;
} & { readonly [T in keyof CadenzaPlayerEventMap as `on${T}`]?: (event: CadenzaPlayerEventMap[T]) => void };

/** The attributes of `<cadenza-view>`. */
export interface CadenzaViewAttributes {
  /** The id of a player. */
  readonly for: string;
  /** What is seen; `roll` by default. */
  readonly view?: NoteViewName;
  /** CSS pixels; 260 by default. */
  readonly height?: number | string;
  readonly label?: string;
}

/**
 * The element `<cadenza-player>`; its attributes are {@link CadenzaPlayerAttributes}.
 *
 * Parts for CSS: `player`, `roll`, `controls`, `button`, `position`, `time`, `volume`, `message`. Colours are
 * custom properties: `--ink`, `--paper`, `--accent`, `--muted`, `--line`.
 */
export interface CadenzaPlayer extends HTMLElement {
  /**
   * What to play: set, anything that is a {@link PlayerSource}; read, the URL of the attribute, empty for
   * none. What plays is silent at once.
   */
  get src(): string;
  set src(source: PlayerSource);
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
  muted: boolean;
  /** How fast, 1 as it was played; 0.1 … 4. Pitch stays. */
  playbackRate: number;
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
   * it plays, or was told to be silent before that; where it cannot, the event `error` says why and the
   * promise is rejected.
   */
  play(): Promise<void>;
  /** Silence at once; the playhead stays. */
  pause(): void;
  /** Silence at once; the playhead goes back to the beginning. */
  stop(): void;
  /** Puts the playhead somewhere else, seconds. */
  seek(seconds: number): void;
  /** Strikes a key now, whether it plays or not. */
  strike(pitch: number, velocity?: number): void;
  /** Lets go a key that was struck so. */
  release(pitch: number): void;

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

/** The element `<cadenza-view>`: shows what the player plays whose id is in `for`, and obeys in turn. */
export interface CadenzaView extends HTMLElement {
  /** The player, once it is in the page. */
  readonly player: CadenzaPlayer | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'cadenza-player': CadenzaPlayer;
    'cadenza-view': CadenzaView;
  }
}
