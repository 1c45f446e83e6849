/** Making takes: asks the model, and lets them grow as it plays. */
import { CadenzaError, type PlayRequest } from '../../../src/index.js';
import { transport } from '../shell/sound.js';
import { changed, withdrawn } from '../state/history.js';
import type { Material } from '../state/material.js';
import { complain } from '../state/messages.js';
import { models } from '../state/models.js';
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
import { chosenForRecipe, client, complainOfModel, readyModel } from './model.js';
import { endShown, growShown } from './showing.js';
import { commit, cutOf, newId, type StudioState, sessionOf, shownPiece, startOf, studio } from './studio.js';

/**
 * Seconds before the place where a take begins that are played before it, so that one hears where it comes
 * from.
 */
const LEAD_IN = 1.5;
/** The shortest span that can be rewritten. */
const SHORTEST_SPAN = 0.2;

/** Goes on from the marker, as often as the settings say. */
export function continueNow(): void {
  const cut = cutOf();
  makeNew(cut, undefined, `continue from ${placeName()}`);
}

/** Plays the selected span anew; all around it stays. */
export function rewriteSelection(): void {
  const { selection } = studio.get();
  const piece = shownPiece();
  if (selection === undefined) return;
  const until = Math.min(selection.end, piece.end);
  if (until - selection.start < SHORTEST_SPAN) {
    complain(new CadenzaError('the selection is too short to be rewritten; select a longer span'));
    return;
  }
  // To the end of the piece there is nothing to stay behind it.
  const isToEnd = !piece.notes.start.some((start) => start >= until);
  makeNew(selection.start, isToEnd ? undefined : until, 'rewrite a span', until - selection.start);
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

function makeNew(cut: number, until: number | undefined, label: string, seconds?: number): void {
  if (studio.get().making !== undefined || studio.get().live !== 'off') return;
  if (complainOfClash()) return;
  const asked = settings.get();
  const session = sessionOf();
  const count = asked.variations;
  const options = { ...optionsOf(asked), seed: asked.seed ?? freshSeed() };
  const takes = Array.from(
    { length: count },
    (_, variation): NewTake => ({
      id: newId(),
      parent: session.current,
      cut,
      ...(until !== undefined && { until }),
      recipe: { model: chosenForRecipe(), options, variation, seconds: seconds ?? asked.seconds },
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

const jobOf = ({ cut, until, recipe: { variation: _, ...recipe } }: Take) => ({ cut, until, recipe });

function begin(takes: readonly NewTake[], session: Session, label: string): void {
  const before = studio.get().history;
  const own = takes.flatMap(({ id }) => takeOf(session, id) ?? []);
  const [{ cut }] = own;
  const isBefore = transport.isPlaying && transport.currentTime <= cut;
  const apply: Job['apply'] = (more) => commit(session, label, { ...more, selection: undefined });
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

/** What becomes of a job in the session. */
interface Job {
  /** Begins it, with takes that are empty. */
  readonly apply: (more: Pick<StudioState, 'materials' | 'making'>) => void;
  /** Takes back those for which nothing was played, before anything else is made. */
  readonly settle?: (empty: readonly string[]) => void;
}

/** Runs one job for takes that differ only in their variation. */
function run(takes: readonly Take[], session: Session, { apply, settle }: Job): Promise<'made' | 'stopped'> {
  const [{ parent, cut, until, recipe }] = takes;
  let stop = () => {};
  let isOff = false;
  const cancel = () => {
    isOff = true;
    stop();
  };
  const empty: Material = { events: [], knownTo: cut, state: 'making' };
  apply({
    materials: { ...studio.get().materials, ...Object.fromEntries(takes.map(({ id }) => [id, empty])) },
    making: { takes: takes.map(({ id }) => id), phase: 'loading', cancel },
  });
  const phase = (phase: 'listening' | 'playing') =>
    studio.set(({ making }) => ({ making: making && { ...making, phase } }));

  return new Promise((resolve) => {
    const end = (state: 'made' | 'stopped', error?: Error) => {
      const empty = close(takes, state, until);
      settle?.(empty);
      studio.set({ making: undefined });
      endShown(state === 'stopped');
      if (error !== undefined) complainOfModel(error);
      resolve(state);
    };
    const start = async () => {
      const entry = models.get().entries.find(({ id }) => id === recipe.model.id);
      if (entry === undefined) {
        throw new CadenzaError(
          `the model ${recipe.model.name} is not here; drop its .safetensors file, or choose another model`,
        );
      }
      const ready = await readyModel(entry);
      if (isOff) return end('stopped');
      const expected = recipe.model.fingerprint;
      if (expected !== undefined && expected !== ready.fingerprint) {
        complain(
          new CadenzaError(
            `${ready.name} has other weights than when this was made: it will not sound the same`,
          ),
        );
      }
      phase('listening');
      const { options, isSilentToCut } = recipe;
      const seconds = until === undefined ? recipe.seconds : until - cut;
      const start = startOf(session, parent, cut);
      // Where the piece goes on after it, nothing may ring into that.
      const isCutOff = until !== undefined;
      const request: PlayRequest = { ...start, seconds, options, isSilentToCut, isCutOff };
      stop = client.play(request, {
        onHeard: (heard) => studio.set(({ making }) => ({ making: making && { ...making, heard } })),
        onBegun: () => phase('playing'),
        onPlayed(parts) {
          const { current } = sessionOf();
          const grown: Record<string, Material> = {};
          for (const part of parts) {
            const take = takes.find(({ recipe: { variation } }) => variation === part.variation);
            if (take === undefined) continue;
            const before = studio.get().materials[take.id] ?? empty;
            const events = [...before.events, ...part.events];
            grown[take.id] = { events, knownTo: part.knownTo, state: 'making' };
          }
          studio.set(({ materials }) => ({ materials: { ...materials, ...grown } }));
          const shown = parts.find((part) =>
            takes.some((t) => t.id === current && t.recipe.variation === part.variation),
          );
          if (shown !== undefined) growShown(shown);
        },
        onEnd: ({ wasCancelled, error }) => end(wasCancelled || error ? 'stopped' : 'made', error),
      });
    };
    start().catch((error) => end('stopped', error));
  });
}

/** What was made of takes is all there will be; gives those of which there is nothing. */
function close(takes: readonly Take[], state: 'made' | 'stopped', until: number | undefined): string[] {
  const materials: Record<string, Material> = { ...studio.get().materials };
  const nothing: string[] = [];
  for (const { id, cut, recipe } of takes) {
    const material = materials[id];
    if (material === undefined || material.events.length === 0) {
      delete materials[id];
      nothing.push(id);
      continue;
    }
    const end = until ?? Math.max(cut + recipe.seconds, material.knownTo);
    materials[id] = { ...material, state, knownTo: state === 'made' ? end : material.knownTo };
  }
  studio.set({ materials });
  return nothing;
}
