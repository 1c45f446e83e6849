/** Keeps the transport at what is shown: loads pieces, and lets takes grow while they are made. */
import { type Beats, selectNotes } from '../../../src/index.js';
import type { PlayedPart } from '../../../src/web/index.js';
import { transport } from '../shell/sound.js';
import { growingNotes, notesWhere } from '../state/material.js';
import { countedBeats } from '../state/session-beats.js';
import { outputs } from './out/outputs.js';
import { audible } from './parts/parts-shown.js';
import { currentTake, sessionOf, shownPiece, studio } from './studio.js';
import { counting } from './time/counting.js';
import { clickBeats, pulseBeats } from './time/metronome.js';

/** What the transport holds: a source, or a take by its id. */
let loaded: unknown;
/** The beats that are clicked. */
let clicked: Beats | undefined;
/** Those whose parts are sent as MIDI clock. */
let pulsed: Beats | undefined;
/** Whether it holds a take that is still growing. */
let isGrowing = false;

/** Loads what is shown; the playhead stays where it is, or goes to `at`. What plays plays on. */
export function loadShown(at = transport.currentTime): void {
  const state = studio.get();
  const take = currentTake(state);
  const piece = shownPiece(state);
  loaded = take?.id ?? sessionOf(state).source;
  isGrowing = take !== undefined && state.materials[take.id]?.state === 'making';
  if (take === undefined || !isGrowing) {
    transport.load(audible(piece.notes, state), { pedal: piece.pedal, at: Math.min(at, piece.end) });
    return;
  }
  if (take.kept !== undefined) {
    // What is shown of it may still change: it is heard when it is there.
    const head = notesWhere(piece.notes, (start) => start < take.cut);
    transport.load(head, { pedal: piece.pedal, isComplete: false, at });
    transport.extendTo(take.cut);
    return;
  }
  const notes = growingNotes(sessionOf(state), take, state.materials);
  const isHeld = (i: number) => notes.end[i] === Number.POSITIVE_INFINITY;
  const all = Array.from(notes.start.keys());
  const known = all.filter((i) => !isHeld(i));
  transport.load(selectNotes(notes, known), { pedal: piece.pedal, isComplete: false, at });
  transport.append(
    all.filter(isHeld).map((i) => {
      return { time: notes.start[i], pitch: notes.pitch[i], velocity: notes.velocity[i] };
    }),
  );
}

/** More was played of the take that is shown. */
export function growShown({ events, knownTo }: PlayedPart): void {
  if (!isGrowing) return;
  transport.append(events);
  transport.extendTo(knownTo);
}

/** The take that is shown was made to its end, or stopped on the way. */
export function endShown(wasStopped: boolean): void {
  if (!isGrowing) return;
  const take = currentTake();
  isGrowing = false;
  if (wasStopped || take === undefined) {
    loadShown();
    return;
  }
  const { cut, until, kept } = take;
  const from = kept === undefined ? until : cut;
  if (from !== undefined) transport.append(notesWhere(shownPiece().notes, (start) => start >= from));
  transport.complete();
}

/** Sets what is played again and again. */
function loop(): void {
  const { isLooping, selection } = studio.get();
  const { start, end } = selection ?? { start: 0, end: isGrowing ? 0 : shownPiece().end };
  const before = transport.loop;
  if (!isLooping) transport.loop = undefined;
  else if (before?.start !== start || before.end !== end) transport.loop = { start, end };
}

/** Clicks where somebody wants it and beats are known. */
function click(): void {
  const beats = counting.get().clicks ? countedBeats(sessionOf()) : undefined;
  if (beats === clicked) return;
  clicked = beats;
  clickBeats(transport, beats);
}

/** MIDI clock for whoever follows it. */
function pulse(): void {
  const beats = outputs.get().sendsClock ? countedBeats(sessionOf()) : undefined;
  if (beats === pulsed) return;
  pulsed = beats;
  pulseBeats(transport, beats);
}

/**
 * Follows what is shown: another take or source is loaded, the playhead stays, so that takes can be compared.
 */
export function followShown(): () => void {
  let silent = studio.get().silent;
  const update = () => {
    const state = studio.get();
    if (state.live !== 'off') return;
    const isHeardOtherwise = state.silent !== silent;
    silent = state.silent;
    const take = currentTake(state);
    // A take of a link is shown before it is made.
    const begins = !isGrowing && take !== undefined && state.materials[take.id]?.state === 'making';
    if ((take?.id ?? sessionOf(state).source) !== loaded || begins || isHeardOtherwise) loadShown();
    loop();
    click();
    pulse();
  };
  update();
  const endings = [studio.subscribe(update), counting.subscribe(click), outputs.subscribe(pulse)];
  return () => {
    for (const end of endings) end();
  };
}
