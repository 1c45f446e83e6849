/**
 * `cadenza/web`, what a page needs beside `cadenza`: models that play in workers, engines to train with,
 * sound files, a live piano, the piano roll. Plain classes and functions, no framework; what is not used is
 * not loaded. The web component is `cadenza/player`, as loading it defines an element.
 *
 *     loadModel → createPerformer → play → Transport, PianoRoll, renderSound
 */

// Where the package's files lie

export { type AssetOptions, configureAssets, pianoUrl, type RuntimeUrls } from './assets.js';
export type { FetchOptions, FetchProgress } from './fetching.js';

// Models that play

export {
  fileOfModel,
  loadModel,
  type ModelFile,
  type ModelSource,
  modelFile,
  type ShippedModel,
} from './models.js';
export {
  createPerformer,
  type PagePerformer,
  type PagePlayOptions,
  type PerformerOptions,
  type PlayFrom,
} from './performer.js';
export { PlayingClient, type PlayListener, Superseded } from './workers/playing-client.js';
export type { PlayedPart } from './workers/playing-messages.js';

// Files that a visitor gives

export { filesOfDrop, filesOfList, partsOf } from './corpus/dropped-files.js';
export { midiFiles } from './corpus/midi-files.js';
export { type DroppedFile, type OpenedCorpus, openCorpus, readCorpus } from './corpus/read-corpus.js';

// Training and measuring, and the engines for it

export {
  availableThreads,
  createEngine,
  type EngineOptions,
  loadEngine,
  openEngines,
  type WebEngines,
} from './engine/engines.js';
export type { EngineUrls, WebEngine } from './engine/open-engine.js';
export { type TrainOnOptions, type TrainOnProgress, trainOn } from './train-on.js';
export { breathe } from './workers/breathe.js';

// Sound

export type { HeardNote } from './sound/heard-notes.js';
export type { Instrument } from './sound/instrument.js';
export { MidiOutput, type MidiPort } from './sound/midi-output.js';
export { Piano, type PianoEvents, type PianoOptions, type PianoState } from './sound/piano.js';
export { followTime } from './sound/playhead.js';
export { SwitchedInstrument } from './sound/switched-instrument.js';
export { Transport } from './sound/transport.js';
export type {
  Click,
  LoadOptions,
  Span,
  TransportEvents,
  TransportOptions,
  TransportState,
} from './sound/transport-types.js';
export { type RenderSoundOptions, renderSound } from './workers/rendering-client.js';

// The piano roll

export type { LayerOwner, RollLayer } from './roll/layer.js';
export type { NoteIndex } from './roll/note-index.js';
export { PianoRoll } from './roll/piano-roll.js';
export type * from './roll/roll-types.js';
export { Waterfall, type WaterfallEvents, type WaterfallOptions } from './roll/waterfall.js';
