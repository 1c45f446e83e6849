/** Making takes: asks the model, and lets them grow as it plays. */
import {
  ACCOMPANYING_WISHES,
  CadenzaError,
  freeSideOf,
  type NoteTable,
  selectNotes,
} from '../../../src/index.js';
import { transport } from '../shell/sound.js';
import { changed, withdrawn } from '../state/history.js';
import { complain } from '../state/messages.js';
import {
  addTakes,
  type NewTake,
  type Recipe,
  removeTakes,
  replaceTake,
  type Session,
  type Take,
  takeOf,
} from '../state/session.js';
import { clashOf, freshSeed, optionsOf, settings } from '../state/settings.js';
import { chordsIn, chordsTo } from './asked-chords.js';
import { type Job, run } from './job.js';
import { isTune, keptIn } from './keeping.js';
import { chosenForRecipe } from './model.js';
import { commit, cutOf, newId, sessionOf, shownPiece, studio } from './studio.js';

/**
 * Seconds before the place where a take begins that are played before it, so that one hears where it comes
 * from.
 */
const LEAD_IN = 1.5;
/** The shortest span that can be rewritten. */
const SHORTEST_SPAN = 0.2;

/** Goes on from the marker, as often as the settings say. */
export function continueNow(): void {
  makeNew({ cut: cutOf() }, `continue from ${placeName()}`);
}

/**
 * Plays the selected span anew, so that it leads into what follows; all around it, and what is kept, stays.
 */
export function rewriteSelection(): void {
  const { selection, keeping, kind } = studio.get();
  const piece = shownPiece();
  if (selection === undefined) return;
  const until = Math.min(selection.end, piece.end);
  if (until - selection.start < SHORTEST_SPAN) {
    complain(new CadenzaError('the selection is too short to be rewritten; select a longer span'));
    return;
  }
  const seed = settings.get().seed ?? freshSeed();
  const span = { start: selection.start, end: until };
  const kept = keptIn(piece, span, keeping, {
    session: sessionOf(),
    materials: studio.get().materials,
    seed,
  });
  if (keeping !== 'nothing' && kept.length === 0) {
    complain(
      new CadenzaError('none of the notes in the selection are those that are to stay; select others'),
    );
    return;
  }
  const asked = {
    seed,
    seconds: until - selection.start,
    ...(isTune(keeping) && { tune: selectNotes(piece.notes, kept) }),
  };
  // To the end of the piece there is nothing to lead into.
  const isToEnd = !piece.notes.start.some((start) => start >= until);
  if (isToEnd && kept.length === 0) makeNew({ cut: selection.start }, 'rewrite to the end', asked);
  else {
    const label = kept.length > 0 ? 'play to what stays' : 'rewrite a span';
    makeNew({ cut: selection.start, until, ...(kind.canFill && { kept }) }, label, asked);
  }
}

function placeName(): string {
  const session = sessionOf();
  return takeOf(session, session.current)?.name ?? 'the primer';
}

/** Whether wishes clash that the model would have to follow; says which. */
export function complainOfClash(): boolean {
  const clash = clashOf(settings.get(), studio.get().wishes);
  if (clash !== undefined) complain(new CadenzaError(clash));
  return clash !== undefined;
}

function makeNew(
  place: Pick<Take, 'cut' | 'until' | 'kept'>,
  label: string,
  more: { readonly seconds?: number; readonly seed?: number; readonly tune?: NoteTable } = {},
): void {
  if (studio.get().making !== undefined || studio.get().live !== 'off') return;
  if (complainOfClash()) return;
  const asked = settings.get();
  const session = sessionOf();
  const { seconds = asked.seconds, seed = asked.seed ?? freshSeed() } = more;
  const end = place.cut + seconds;
  const line = asked.chords || (more.tune ? chordsTo(more.tune, place.cut, end) : '');
  const spans = studio.get().wishes.has('chords')
    ? chordsIn(line, place.cut, end).map(({ name: _, ...span }) => span)
    : [];
  const hasChords = spans.length > 0;
  // To a hand or a track that stays it is played where that leaves room, and steadily.
  const beside = more.tune && { range: freeSideOf(more.tune), ...ACCOMPANYING_WISHES };
  const options = { ...beside, ...optionsOf(asked), seed, ...(hasChords && { chords: spans }) };
  const model = chosenForRecipe();
  const chords = hasChords ? { chords: line } : {};
  const takes = Array.from(
    { length: asked.variations },
    (_, variation): NewTake => ({
      id: newId(),
      parent: session.current,
      ...place,
      recipe: { model, options, variation, seconds, ...chords },
    }),
  );
  begin(takes, addTakes(session, takes), label);
}

/** Makes a take once more, with another seed, in its place. */
export function regenerate(id: string): void {
  studio.get().stopLive();
  const session = sessionOf();
  const old = takeOf(session, id);
  if (studio.get().making !== undefined || old === undefined || old.recipe.isPlayed) return;
  const { variations: _, ...options } = old.recipe.options;
  const recipe: Recipe = {
    ...old.recipe,
    options: { ...options, variations: 1, seed: freshSeed() },
    variation: 0,
    model: chosenForRecipe(),
  };
  const take: NewTake = { ...old, id: newId(), recipe };
  begin([take], replaceTake(session, id, take), `make ${old.name} again`);
}

let isWanted = false;
let isMaking = false;

/**
 * Makes the takes that are named in a session and not there, in their order: of an opened link. Waits for
 * what is being made already; ends when it is stopped. Whoever asks while it runs has it look once more
 * afterwards.
 */
export async function makeMissing(): Promise<void> {
  isWanted = true;
  if (isMaking) return;
  isMaking = true;
  try {
    while (isWanted) {
      isWanted = false;
      await makeAllMissing();
    }
  } finally {
    isMaking = false;
  }
}

async function makeAllMissing(): Promise<void> {
  // What came to nothing once does so again.
  const tried = new Set<string>();
  for (;;) {
    while (studio.get().making !== undefined) await change();
    const session = sessionOf();
    const { materials } = studio.get();
    const missing = session.takes.filter(
      ({ id, recipe }) => materials[id] === undefined && !recipe.isPlayed && !tried.has(id),
    );
    if (missing.length === 0) return;
    const [first] = missing;
    const sameJob = missing.filter(
      (take) => take.parent === first.parent && JSON.stringify(jobOf(take)) === JSON.stringify(jobOf(first)),
    );
    for (const { id } of sameJob) tried.add(id);
    if ((await run(sameJob, session, { apply: studio.set })) === 'stopped') return;
  }
}

/** Waits until anything changes. */
function change(): Promise<void> {
  return new Promise((resolve) => {
    const stop = studio.subscribe(() => {
      stop();
      resolve();
    });
  });
}

const jobOf = ({ cut, until, kept, recipe: { variation: _, ...recipe } }: Take) => ({
  cut,
  until,
  kept,
  recipe,
});

function begin(takes: readonly NewTake[], session: Session, label: string): void {
  const before = studio.get().history;
  const own = takes.flatMap(({ id }) => takeOf(session, id) ?? []);
  const [{ cut }] = own;
  const isBefore = transport.isPlaying && transport.currentTime <= cut;
  const apply: Job['apply'] = (more) => commit(session, label, { ...more, selection: undefined, picked: [] });
  /** Where nothing came of it, it is as if it had not been tried. */
  const settle = (empty: readonly string[]) => {
    const isNothing = empty.length === takes.length && studio.get().history.present === session;
    studio.set(({ history }) => ({
      history: isNothing
        ? withdrawn(history, before)
        : changed(history, removeTakes(history.present, new Set(empty))),
    }));
  };
  void run(own, session, { apply, settle });
  if (!isBefore) transport.seek(Math.max(0, cut - LEAD_IN));
  // Within the click or key press, or the browser lets nothing sound.
  transport.play().catch(complain);
}
