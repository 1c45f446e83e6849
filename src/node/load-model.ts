import { type Checkpoint, decodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { Loaded, LoadedModel } from '../kinds/kind.js';
import { modelFromCheckpoint } from '../kinds/load.js';
import type { EventLstm } from '../kinds/performance/network.js';
import type { TutorialLstm } from '../kinds/tutorial/network.js';
import { readFileBytes } from './files/files.js';
import { type ModelFile, resolveModel } from './files/model-files.js';

/** The most that is read of a weights file; the models here stay far below, training state included. */
const MAX_MODEL_BYTES = 2 ** 30;

/** A model ready to play or to be measured, and where it came from. */
export type ModelFromFile = LoadedModel & FromFile;

/** Where a model came from. */
export interface FromFile {
  readonly file: ModelFile;
  readonly checkpoint: Checkpoint;
}

/**
 * Loads the shipped tutorial model.
 *
 * @example
 * import { builtInOpening } from 'cadenza';
 * import { createOnnxEngine, loadModel } from 'cadenza/node';
 *
 * const loaded = await loadModel('maestro');
 * const player = await loaded.kind.player(loaded, await createOnnxEngine());
 * const notes = builtInOpening();
 * const start = { piece: { notes }, cut: Math.max(...notes.end) };
 * const asked = { ...start, seconds: 2, options: { seed: 1 } };
 * for await (const { event } of player.play(asked)) console.log(event);
 * await player.release();
 */
export async function loadModel(model: 'tutorial'): Promise<Loaded<TutorialLstm> & ModelFromFile>;
/** Loads a shipped performance model. */
export async function loadModel(model: 'maestro' | 'pop909'): Promise<Loaded<EventLstm> & ModelFromFile>;
/**
 * Loads a model: the name of a shipped one, a run folder, or a `.safetensors` file.
 *
 * @throws CadenzaError when there is no such model, or its file is too long, damaged, of a newer version, or
 *   no model of ours
 */
export async function loadModel(model: string): Promise<ModelFromFile>;
export async function loadModel(model: string): Promise<ModelFromFile> {
  const file = await resolveModel(model);
  const checkpoint = decodeCheckpoint(await readFileBytes(file.path, MAX_MODEL_BYTES), file.path);
  return { ...modelFromCheckpoint(checkpoint), file, checkpoint };
}
