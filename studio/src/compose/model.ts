/** The chosen model, made ready in the worker before it is needed. */
import { kindOfConfig, USUAL_PARTICLES } from '../../../src/index.js';
import { PlayingClient, Superseded } from '../../../src/web/index.js';
import { complain } from '../state/messages.js';
import { chosenModel, fingerprint, type ModelEntry, modelBytes, models } from '../state/models.js';
import type { Recipe } from '../state/session.js';
import { settings } from '../state/settings.js';
import { cutOf, sessionOf, shownPiece, startOf, studio } from './studio.js';

export const client = new PlayingClient(() => {
  loading = undefined;
  studio.set({ modelState: 'failed' });
});

export interface ReadyModel {
  readonly id: string;
  readonly name: string;
  readonly fingerprint: string;
}

/** Fingerprints of models that were loaded, by id. */
const fingerprints = new Map<string, string>();
let loading: { readonly id: string; readonly ready: Promise<ReadyModel> } | undefined;

/**
 * The chosen model, or another one where a recipe asks for it, loaded.
 *
 * @throws CadenzaError when it cannot be had
 */
export function readyModel(entry: ModelEntry = chosenModel()): Promise<ReadyModel> {
  if (loading?.id === entry.id) return loading.ready;
  const ready = load(entry);
  loading = { id: entry.id, ready };
  ready.catch(() => {
    // The next one who asks tries again.
    if (loading?.ready === ready) loading = undefined;
  });
  return ready;
}

async function load(entry: ModelEntry): Promise<ReadyModel> {
  studio.set({ modelState: 'loading' });
  client.warm();
  try {
    const bytes = await modelBytes(entry);
    const mark = await fingerprint(bytes);
    // A faster one, or the one that is remembered, may have been chosen meanwhile.
    if (loading?.id !== entry.id) throw new Superseded(`another model than ${entry.name} was chosen`);
    fingerprints.set(entry.id, mark);
    const config = await client.load(entry.id, entry.name, bytes);
    const kind = kindOfConfig(config);
    if (loading?.id === entry.id) {
      const [wishes, styles] = [kind.wishesOf(config), kind.stylesOf?.(config) ?? []];
      studio.set({ modelState: 'ready', kind, wishes, styles });
    }
    return { id: entry.id, name: entry.name, fingerprint: mark };
  } catch (error) {
    if (loading?.id === entry.id) studio.set({ modelState: 'failed' });
    throw error;
  }
}

/** Says why a model is not ready, unless that is because another one was chosen. */
export function complainOfModel(error: unknown): void {
  if (!(error instanceof Superseded)) complain(error);
}

/** The chosen model, as a recipe names it. */
export function chosenForRecipe(): Recipe['model'] {
  const { id, name } = chosenModel();
  const mark = fingerprints.get(id);
  return { id, name, ...(mark !== undefined && { fingerprint: mark }) };
}

/** Keeps the chosen model ready, and lets it hear in advance what it would go on from. */
export function keepModelReady(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heard: unknown;
  const update = () => {
    const { making, live, modelState } = studio.get();
    if (making !== undefined || live !== 'off') return;
    const { id } = chosenModel();
    if (loading?.id !== id && modelState !== 'failed') void readyModel().catch(complainOfModel);
    if (modelState !== 'ready' || loading?.id !== id) return;
    const { kind, selection } = studio.get();
    // A selected span will be filled: then it is heard to there, by as many as are tried.
    const isToFill = selection !== undefined && kind.canFill;
    const [piece, cut] = [shownPiece(), isToFill ? selection.start : cutOf()];
    const variations = isToFill ? USUAL_PARTICLES : settings.get().variations;
    const key = [id, piece, cut, variations];
    if (key.every((value, i) => value === (heard as unknown[] | undefined)?.[i])) return;
    heard = key;
    void client.prepare(startOf(sessionOf(), sessionOf().current, cut), variations);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(update, 200);
  };
  studio.subscribe(soon);
  settings.subscribe(soon);
  models.subscribe(() => {
    // Another choice is another try.
    if (studio.get().modelState === 'failed' && loading === undefined) studio.set({ modelState: 'loading' });
    soon();
  });
  soon();
}
