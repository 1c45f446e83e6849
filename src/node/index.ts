/** The part of the library that needs Node: files, corpora, run folders, and the native engine. */

export { type CorpusOptions, type OpenReader, openCorpus } from './corpus/corpus.js';
export { type ReaderThreads, startReaderThreads } from './corpus/reader.js';
export type { Device } from './engine/devices.js';
export { type Engines, openEngines } from './engine/engines.js';
export { createOnnxEngine } from './engine/onnx-engine.js';
export { createWorkerEngine, type WorkerEngine } from './engine/worker-engine.js';
export { type EvaluateOptions, type Evaluation, evaluate, type Measurer } from './evaluate.js';
export { freePath, writeChunksAtomic, writeFileAtomic } from './files/atomic-file.js';
export { listShippedModels, type ModelFile, resolveModel } from './files/model-files.js';
export { type FromFile, loadModel, type ModelFromFile } from './load-model.js';
export { installedPlayers, playFile, type SoundProgram } from './loudspeaker.js';
export { readNotes } from './read-notes.js';
export { loadSoundFont, readSoundingNotes, writeSound } from './render-file.js';
export {
  type NewRunOptions,
  type ResumeOptions,
  type RunControl,
  type RunEnd,
  type RunProgress,
  type RunStart,
  trainRun,
} from './run/train-run.js';
export { type Rounds, type Trainer, type TrainingTask, trainerHere } from './run/trainer.js';
export { copyWebAssets, type WebAssets, type WebAssetsOptions } from './web-assets.js';

// What the above names

export type { FileEntry } from './corpus/reader.js';
export type { PartSummary } from './corpus/training-corpus.js';
export type { ChunksOptions } from './files/atomic-file.js';
export type { PlayersOptions } from './loudspeaker.js';
export type { SoundProgress } from './render-file.js';
export type { DataOptions, SessionOptions } from './run/train-session.js';
