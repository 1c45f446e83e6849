/** The part of the library that needs Node: files, corpora, run folders, and the native engine. */

export { freePath, writeChunksAtomic, writeFileAtomic } from './atomic-file.js';
export { type CorpusOptions, openCorpus } from './corpus.js';
export { type ReaderThreads, startReaderThreads } from './corpus-reader.js';
export { type Engines, openEngines } from './engines.js';
export { type BitsEvaluation, type EvaluateBitsOptions, evaluateBits } from './evaluate-bits.js';
export { type EvaluateOptions, type Evaluation, evaluateCorpus } from './evaluate-corpus.js';
export { type FromFile, loadModel, type ModelFromFile } from './load-model.js';
export { listShippedModels, type ModelFile, resolveModel } from './model-files.js';
export { createOnnxEngine } from './onnx-engine.js';
export { installedPlayers, type Player, playFile } from './player.js';
export { readNotes } from './read-notes.js';
export { loadSoundFont, readSoundingNotes, writeWav } from './render-file.js';
export {
  type NewRunOptions,
  type ResumeOptions,
  type RunControl,
  type RunEnd,
  type RunProgress,
  type RunStart,
  trainRun,
} from './train-run.js';
export { createWorkerEngine, type WorkerEngine } from './worker-engine.js';
