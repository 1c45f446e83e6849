/** Keeps the piano roll at what is shown, and does what is asked through it. */
import { createNoteTable, type NoteTable } from '../../../src/index.js';
import { followTime, type PianoRoll } from '../../../src/web/index.js';
import { transport } from '../shell/sound.js';
import { type Assembled, type Material, notesWhere } from '../state/material.js';
import { moveCut, type Source, type Take } from '../state/session.js';
import { settings } from '../state/settings.js';
import { focusChords } from './chord-field.js';
import { edit } from './edit/editing.js';
import { lookOfParts } from './parts/parts-shown.js';
import { shownChords } from './shown-chords.js';
import { currentTake, cutOf, type PartsBy, sessionOf, shownPiece, studio } from './studio.js';
import { countedBy, moveBeat } from './time/bars.js';
import { counting } from './time/counting.js';

/** Seconds that are shown before the place where a take begins. */
const SHOWN_BEFORE = 8;
/** Seconds that a roll shows even where there is less. */
const LEAST_SHOWN = 10;
const NO_NOTES = createNoteTable(0);
const NO_PARTS = { silent: NO_NOTES, lower: NO_NOTES, upper: NO_NOTES };

class RollSync {
  private piece: Assembled | undefined;
  private source: Source | undefined;
  private cut: number | undefined;
  private partsBy: PartsBy = 'making';
  private silent: ReadonlySet<string> = new Set();
  /** The take that grows on the roll, how many of its events are there, and which keys are down. */
  private growing: { readonly id: string; count: number; readonly down: Set<number> } | undefined;

  constructor(private readonly roll: PianoRoll) {}

  update(): void {
    const state = studio.get();
    const session = sessionOf(state);
    const take = currentTake(state);
    const material = take && state.materials[take.id];
    const isMaking = take !== undefined && material?.state === 'making';
    this.roll.chords = shownChords(state);
    this.roll.beats = countedBy();
    this.roll.snap = counting.get().snap;
    this.roll.tool = state.tool;
    this.roll.picked = state.picked;
    if (isMaking && this.growing?.id === take.id) {
      if (take.kept === undefined) this.grow(material.events, material.knownTo);
      else this.preview(take, material);
      return;
    }
    const piece = shownPiece(state);
    const isOther = session.source !== this.source;
    // What grows is seen as what is made.
    const partsBy = isMaking ? 'making' : state.partsBy;
    const isSeenOtherwise = partsBy !== this.partsBy || state.silent !== this.silent;
    if (piece !== this.piece || session.cut !== this.cut || isSeenOtherwise) {
      this.partsBy = partsBy;
      this.silent = state.silent;
      this.draw(piece, session.cut);
    }
    this.source = session.source;
    this.growing = undefined;
    if (isMaking) {
      this.growing = { id: take.id, count: 0, down: new Set() };
      this.roll.setLayer('made', 'continuation', piece.made);
      this.growing.count = material.events.length;
      for (const { pitch, velocity } of material.events) {
        if (velocity > 0) this.growing.down.add(pitch);
        else this.growing.down.delete(pitch);
      }
      const end = take.until ?? take.cut + take.recipe.seconds;
      this.show(take.cut - SHOWN_BEFORE, end + 1);
    }
    this.roll.marker = isMaking ? take.cut : cutOf(state);
    this.roll.selection = state.selection;
    if (isOther) this.roll.fit();
  }

  /** Shows a span, where it is not all to be seen already. */
  private show(start: number, end: number): void {
    const { view } = this.roll;
    if (start >= view.start && end <= view.end && view.end - view.start < 3 * (end - start)) return;
    // The roll shows no more than there is, or a little: what comes is followed.
    const span = Math.min(end - Math.max(0, start), Math.max(LEAST_SHOWN, this.roll.duration * 1.1));
    this.roll.view = { start: Math.max(0, start), end: Math.max(0, start) + span };
  }

  private draw(piece: Assembled, cut: number | undefined): void {
    this.piece = piece;
    this.cut = cut;
    const isByParts = this.partsBy !== 'making';
    const parts = isByParts ? lookOfParts(piece, this.partsBy as 'tracks' | 'hands', this.silent) : NO_PARTS;
    this.roll.setLayer('silent', 'muted', parts.silent);
    this.roll.setLayer('lower', 'lower', parts.lower);
    this.roll.setLayer('upper', 'upper', parts.upper);
    this.roll.pedal = piece.pedal;
    if (isByParts) {
      for (const id of ['muted given', 'muted made', 'given', 'made']) this.roll.layer(id)?.set(NO_NOTES);
      return;
    }
    const before = (notes: NoteTable) =>
      cut === undefined ? notes : notesWhere(notes, (start) => start <= cut);
    const after = (notes: NoteTable) =>
      cut === undefined ? NO_NOTES : notesWhere(notes, (start) => start > cut);
    this.roll.setLayer('muted given', 'muted', after(piece.given));
    this.roll.setLayer('muted made', 'muted', after(piece.made));
    this.roll.setLayer('given', 'primer', before(piece.given));
    this.roll.setLayer('made', 'continuation', before(piece.made));
  }

  /** What fills a span so far; it may have changed altogether. */
  private preview({ id }: Take, { events }: Material): void {
    const growing = this.growing as NonNullable<typeof this.growing>;
    if (growing.id === id && growing.count === events.length) return;
    growing.count = events.length;
    const piece = shownPiece();
    this.draw(piece, sessionOf().cut);
    if (events.length > 0) markFirstNote();
  }

  private grow(events: readonly { time: number; pitch: number; velocity: number }[], knownTo: number): void {
    const growing = this.growing as NonNullable<typeof this.growing>;
    const made = this.roll.layer('made');
    let isHeadChanged = false;
    for (const { time, pitch, velocity } of events.slice(growing.count)) {
      if (velocity > 0) {
        isHeadChanged ||= !growing.down.has(pitch);
        growing.down.add(pitch);
        made?.strike(time, pitch, velocity);
      } else {
        isHeadChanged ||= !growing.down.delete(pitch);
        made?.release(time, pitch);
      }
    }
    growing.count = events.length;
    made?.extendTo(knownTo);
    // Keys that were held over the cut are released in the take.
    if (isHeadChanged) this.roll.layer('given')?.set(shownPiece().given);
    markFirstNote();
  }
}

/** For the measurements in `bench/studio.js`: when a new note was first drawn. */
function markFirstNote(): void {
  if (performance.getEntriesByName('first-note').length === 0) performance.mark('first-note');
}

/** Connects a roll; gives how to end that. */
export function connectRoll(roll: PianoRoll): () => void {
  const sync = new RollSync(roll);
  roll.follow = true;
  const setCut = (time: number) => {
    const session = sessionOf();
    const { end, notes } = shownPiece();
    const first = notes.start[0] ?? 0;
    // Dragged to the very end, it stays at the end.
    const cut = time >= end - 0.02 ? undefined : Math.max(first, time);
    studio.set(({ history }) => ({ history: { ...history, present: moveCut(session, cut) } }));
  };
  const endings = [
    studio.subscribe(() => sync.update()),
    settings.subscribe(() => sync.update()),
    counting.subscribe(() => sync.update()),
    roll.on('chords', focusChords),
    roll.on('pick', ({ notes }) => studio.set({ picked: notes })),
    roll.on('edit', edit),
    roll.on('beat', ({ from, to, isFinal }) => {
      if (isFinal) moveBeat(from, to);
    }),
    roll.on('seek', (time) => transport.seek(time)),
    roll.on('marker', ({ time, isFinal }) => {
      if (isFinal) setCut(time);
    }),
    roll.on('select', ({ selection, isFinal }) => {
      if (!isFinal) return;
      const end = shownPiece().end;
      const span = selection && { start: Math.max(0, selection.start), end: Math.min(selection.end, end) };
      studio.set({ selection: span && span.end > span.start ? span : undefined });
    }),
    roll.on('strike', ({ pitch, velocity }) => transport.strike(pitch, velocity)),
    roll.on('release', ({ pitch }) => transport.release(pitch)),
    followTime(transport, (seconds) => {
      roll.playhead = seconds;
    }),
    transport.on('state', (state) => {
      if (state === 'playing') roll.follow = true;
    }),
  ];
  sync.update();
  return () => {
    for (const end of endings) end();
  };
}
