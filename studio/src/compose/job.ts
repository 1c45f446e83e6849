/** One job for the model: takes that differ only in their variation, from when it begins to its end. */
import {
  CadenzaError,
  type FillOptions,
  keysOfNotes,
  type PlayRequest,
  soundingOf,
} from '../../../src/index.js';
import type { Material } from '../state/material.js';
import { complain, say } from '../state/messages.js';
import { models } from '../state/models.js';
import type { Session, Take } from '../state/session.js';
import { client, complainOfModel, readyModel } from './model.js';
import { endShown, growShown } from './showing.js';
import { type Making, type StudioState, sessionOf, startOf, studio } from './studio.js';

/** What becomes of a job in the session. */
export interface Job {
  /** Begins it, with takes that are empty. */
  readonly apply: (more: Pick<StudioState, 'materials' | 'making'>) => void;
  /** Takes back those for which nothing was played, before anything else is made. */
  readonly settle?: (empty: readonly string[]) => void;
}

type Ending = 'made' | 'stopped';

const nothing = (cut: number): Material => ({ events: [], knownTo: cut, state: 'making' });

const setMaking = (change: Partial<Making>) =>
  studio.set(({ making }) => ({ making: making && { ...making, ...change } }));

/** Makes takes; done when they are there, or it was stopped. */
export async function run(takes: readonly Take[], session: Session, { apply, settle }: Job): Promise<Ending> {
  const [{ cut, kept }] = takes;
  const calledOff = new AbortController();
  apply({
    materials: {
      ...studio.get().materials,
      ...Object.fromEntries(takes.map(({ id }) => [id, nothing(cut)])),
    },
    making: { takes: takes.map(({ id }) => id), phase: 'loading', cancel: () => calledOff.abort() },
  });
  let ending: Ending = 'stopped';
  let failure: unknown;
  try {
    await readyFor(takes[0]);
    const make = kept === undefined ? play : fill;
    if (!calledOff.signal.aborted) ending = await make(takes, session, calledOff.signal);
  } catch (error) {
    if (!calledOff.signal.aborted) failure = error;
  }
  const empty = close(takes, ending);
  settle?.(empty);
  studio.set({ making: undefined });
  endShown(ending === 'stopped');
  if (failure !== undefined) complainOfModel(failure);
  return ending;
}

/** Has the model of a take ready. */
async function readyFor({ recipe }: Take): Promise<void> {
  const entry = models.get().entries.find(({ id }) => id === recipe.model.id);
  if (entry === undefined) {
    throw new CadenzaError(
      `the model ${recipe.model.name} is not here; drop its .safetensors file, or choose another model`,
    );
  }
  const ready = await readyModel(entry);
  const expected = recipe.model.fingerprint;
  if (expected === undefined || expected === ready.fingerprint) return;
  complain(
    new CadenzaError(`${ready.name} has other weights than when this was made: it will not sound the same`),
  );
}

/** Goes on from what is before the takes. */
function play(takes: readonly Take[], session: Session, signal: AbortSignal): Promise<Ending> {
  const [{ parent, cut, until, recipe }] = takes;
  setMaking({ phase: 'listening' });
  const { options, isSilentToCut } = recipe;
  const seconds = until === undefined ? recipe.seconds : until - cut;
  // Where the piece goes on after it, nothing may ring into that.
  const isCutOff = until !== undefined;
  const start = startOf(session, parent, cut);
  const request: PlayRequest = { ...start, seconds, options, isSilentToCut, isCutOff };
  return new Promise((resolve, reject) => {
    const stop = client.play(request, {
      onHeard: (part) => setMaking({ part }),
      onBegun: () => setMaking({ phase: 'playing' }),
      onPlayed(parts) {
        const { current } = sessionOf();
        const grown: Record<string, Material> = {};
        for (const part of parts) {
          const take = takes.find(({ recipe: { variation } }) => variation === part.variation);
          if (take === undefined) continue;
          const before = studio.get().materials[take.id] ?? nothing(cut);
          const events = [...before.events, ...part.events];
          grown[take.id] = { events, knownTo: part.knownTo, state: 'making' };
        }
        studio.set(({ materials }) => ({ materials: { ...materials, ...grown } }));
        const shown = parts.find((part) =>
          takes.some((t) => t.id === current && t.recipe.variation === part.variation),
        );
        if (shown !== undefined) growShown(shown);
      },
      onEnd({ wasCancelled, error }) {
        if (error !== undefined) reject(error);
        else resolve(wasCancelled ? 'stopped' : 'made');
      },
    });
    signal.addEventListener('abort', stop);
  });
}

/** Fills the span of the takes; what is the likeliest so far is shown meanwhile. */
async function fill(takes: readonly Take[], session: Session, signal: AbortSignal): Promise<Ending> {
  const [{ id, parent, cut, until = cut, kept, recipe }] = takes;
  setMaking({ phase: 'filling' });
  const { piece, heard = soundingOf(piece) } = startOf(session, parent, cut);
  const stays = new Set(kept);
  const { variations: _, ...wishes } = recipe.options;
  const onProgress: FillOptions['onProgress'] = (part, best) => {
    const events = keysOfNotes(best());
    const preview: Material = { events, knownTo: cut + part * (until - cut), state: 'making' };
    studio.set(({ materials }) => ({ materials: { ...materials, [id]: preview } }));
    setMaking({ part });
  };
  const given = { notes: heard, from: cut, to: until, isKept: (note: number) => stays.has(note) };
  const fills = await client.fill(given, { ...wishes, signal, onProgress });
  // Silence may be what fits best; who asks for music wants some.
  const played = fills.filter(({ notes }) => notes.length > 0);
  const made: Record<string, Material> = {};
  for (const take of takes) {
    const way = played[take.recipe.variation];
    made[take.id] =
      way === undefined
        ? nothing(cut)
        : { events: keysOfNotes(way.notes), knownTo: until, bits: way.bits, state: 'making' };
  }
  studio.set(({ materials }) => ({ materials: { ...materials, ...made } }));
  const found = takes.filter(({ recipe: { variation } }) => variation < played.length).length;
  if (found === 0) complain(new CadenzaError('nothing but silence was found to fit there; try again'));
  else if (found < takes.length) say(`No more than ${found} different ways were found.`);
  return 'made';
}

/** What was made of takes is all there will be; gives those of which there is nothing. */
function close(takes: readonly Take[], state: Ending): string[] {
  const materials: Record<string, Material> = { ...studio.get().materials };
  const empty: string[] = [];
  for (const { id, cut, until, recipe } of takes) {
    const material = materials[id];
    if (material === undefined || material.events.length === 0) {
      delete materials[id];
      empty.push(id);
      continue;
    }
    const end = until ?? Math.max(cut + recipe.seconds, material.knownTo);
    materials[id] = { ...material, state, knownTo: state === 'made' ? end : material.knownTo };
  }
  studio.set({ materials });
  return empty;
}
