/**
 * Cadenza's library: everything that runs in a browser, a worker and Node alike. What reads folders and
 * trains with native speed is in `cadenza/node`.
 *
 *     bytes → readMidi → listen → kind.prepare → train → kind.player → notesOfKeys → midiFromNotes → bytes
 */

// MIDI files: bytes ⇄ events ⇄ notes

export { FORMATS, type Format, ROW_FORMATS } from './formats/formats.js';
export { NOTE_COLUMNS, type NoteRow, noteRows, type Row } from './formats/rows.js';
export { describeWarning, type MidiFile, type MidiWarning } from './midi/midi-file.js';
export { readMidi } from './midi/read.js';
export { BarGrid, type BarPlace, type GridLine } from './notes/bar-grid.js';
export { type Beats, beatAt, beatsUpTo, evenBeats, secondsAtBeat } from './notes/beats.js';
export { continuedFile, type Place, playedFile } from './notes/continued-file.js';
export { type DeclaredGrid, declareGrid } from './notes/declare-grid.js';
export { fileOnGridOf } from './notes/file-on-grid.js';
export { filledFile, type TakenOut } from './notes/filled-file.js';
export { beatsOfFile } from './notes/find-beats.js';
export {
  type Instrument,
  instrumentsOf,
  type NotesFromMidiOptions,
  notesFromMidi,
} from './notes/from-midi.js';
export { type Heard, type HeardNotes, listen, pedalOf } from './notes/listen.js';
export { beatsOf } from './notes/metrical-grid.js';
export { type MidiOnBeatsOptions, midiOnBeats } from './notes/midi-on-beats.js';
export { pianoPieceOf } from './notes/piano-piece.js';
export { READINGS, type Reading } from './notes/reading.js';
export { soundingNotes } from './notes/sounding.js';
export {
  type KeySignature,
  keySignatureNamed,
  type Metre,
  metreNamed,
  type TimeGrid,
  timeGridOf,
} from './notes/time-grid.js';
export { type MidiFromNotesOptions, midiFromNotes, quantizeNotes, type Shape } from './notes/to-midi.js';

// Notes: tables of them, and what can be done with them

export { HALF_TICK, headOf, joined, type KeyEvent, keysOfNotes, notesOfKeys, tailOf } from './notes/cut.js';
export {
  type GridNotes,
  type GridOptions,
  gridOf,
  KEYS,
  LOWEST_PITCH,
  notesOfGrid,
} from './notes/grid.js';
export { handsOf, LEFT, RIGHT } from './notes/hands.js';
export { afterEdit, type EditedNote, type NoteEdit } from './notes/note-edit.js';
export { noteName, pitchNamed } from './notes/note-name.js';
export {
  createNoteTable,
  durationsOf,
  type NoteTable,
  selectNotes,
  sliceNotes,
  stepsOf,
} from './notes/note-table.js';
export type { PartTracks } from './notes/part-tracks.js';
export { PEDAL_DOWN, type Pedal } from './notes/pedal.js';
export { type PianoPiece, shiftNotes, soundingOf, sustainExtended } from './notes/transform.js';

// Sound: notes → a SoundFont piano → WAV, MP3, Ogg Vorbis

export {
  BLOCK_FRAMES,
  type Rendering,
  type RenderOptions,
  renderNotes,
  type SoundBlock,
} from './audio/render.js';
export {
  packingWriter,
  SOUND_FORMATS,
  type SoundEncoder,
  type SoundFormat,
  type SoundWriter,
  soundChunks,
  soundFormatOf,
  WAV_WRITER,
} from './audio/sound-file.js';
export { readSoundFont, type SoundFont } from './audio/sound-font.js';
export { soundWriter } from './audio/sound-writer.js';
export { pcm16, wavChunks, wavHeader, wavOf } from './audio/wav.js';

// Corpora: files → pieces → the sides of a training

export {
  type Corpus,
  type CorpusEntry,
  type CorpusProblem,
  type NoteCache,
  type ParsedPiece,
  type Piece,
  readPieces,
  SPLITS,
  type Split,
} from './dataset/corpus.js';
export { fileKindOf, MAX_FILE_BYTES } from './dataset/file-kind.js';
export { type SplitOptions, type Splittable, splitPieces, type TrainValidation } from './dataset/split.js';

// Models: kinds of them, and their files

export {
  type Checkpoint,
  type CheckpointTensor,
  decodeCheckpoint,
  encodeCheckpoint,
  type ModelConfig,
} from './checkpoint/checkpoint.js';
export type {
  Fill,
  FillOptions,
  GivenPiece,
  Kind,
  Loaded,
  LoadedModel,
  Measurement,
  Played,
  Player,
  PlayOptions,
  PlayRequest,
  PreparedPiece,
  PreparedPieces,
  Start,
} from './kinds/kind.js';
export { fittingBatch, USUAL_PARTICLES } from './kinds/kind.js';
export { KINDS, kindNamed, kindOfConfig } from './kinds/kinds.js';
export { modelFromCheckpoint, modelOfConfig } from './kinds/load.js';
export { type ModelSizes, SIZE_ROWS, type SizeRow } from './kinds/sizes.js';
export { startOf } from './kinds/start.js';
export type { Losses } from './model/losses.js';
export type { LayerSummary, Model } from './model/model.js';
export { initialParameters, namedViews, type ParameterSpec, parameterCount } from './model/parameters.js';

// Ways out: models for other programs

export {
  exportOnnx,
  type OnnxDescription,
  type OnnxExport,
  type OnnxExportOptions,
} from './export/export-onnx.js';
export { exportPytorch } from './export/export-pytorch.js';
export type { Role, StepInput, StepOutput, StepSignature } from './export/step-writer.js';
export { exportTrainingGraph, type TrainingGraphOptions } from './export/training-graph.js';

// Playing on: what may be wished, and what is played

export { type Cut, cutPiece } from './kinds/performance/cut-piece.js';
export {
  notesOfEvents,
  type PerformOptions,
  type PlayedEvent,
  perform,
  primerEvents,
} from './kinds/performance/perform.js';
export { Performer } from './kinds/performance/performer.js';
export {
  type GeneratedNote,
  type GenerateOptions,
  generate,
  primerWindow,
  tableOfGenerated,
} from './kinds/tutorial/generate.js';
export { type Chord, type ChordSpan, chordSpans, chordsNamed, chordsOver } from './playing/chords.js';
export { type Constraints, pitchesOfKey, rulesOf } from './playing/constraints.js';
export { ACCOMPANYING_WISHES, freeSideOf } from './playing/free-side.js';
export { builtInOpening } from './playing/opening.js';
export { chordLine, readChords } from './playing/read-chords.js';
export { chordsOfTune } from './playing/tune-chords.js';
export {
  ALL_WISHES,
  KEY_NAMES,
  type PitchRange,
  valuesOf,
  WISH_ROWS,
  type WishRow,
  type WishSlider,
  type WishValue,
  type WishValues,
  wishesOf,
} from './playing/wish-table.js';
export { DEFAULT_MIN_P, type Wish, type Wishes } from './playing/wishes.js';

// Training: data loaders, the loop, a run and where it is kept

export { type EventData, EventDataLoader } from './kinds/performance/data-loader.js';
export { WindowDataLoader } from './kinds/tutorial/data-loader.js';
export { TrainingClock } from './run/clock.js';
export { LossRecorder, type PendingLosses } from './run/loss-recorder.js';
export {
  beginningWith,
  bestOf,
  type RunState,
  Sitting,
  type SittingOptions,
  type Training,
} from './run/sitting.js';
export { checkpointToSnapshot, type RunNotes, snapshotToCheckpoint } from './run/snapshot-checkpoint.js';
export type { RunStore, SavedRun } from './run/store.js';
export type { CarriedStates, DataLoader, Validator } from './training/data-loader.js';
export { OPTIMISERS, type OptimiserName, optimiserOf } from './training/optimisers.js';
export type { Augmentation, Dropout } from './training/options.js';
export {
  PERFORMANCE_TRAIN_OPTIONS,
  type TrainingData,
  type TrainOptions,
  TUTORIAL_TRAIN_OPTIONS,
} from './training/options.js';
export type {
  EpochProgress,
  StepProgress,
  TrainingPosition,
  TrainingSnapshot,
  TrainProgress,
  ValidationProgress,
} from './training/progress.js';
export type { Schedule } from './training/schedule.js';
export { startFrom } from './training/start-from.js';
export { train } from './training/train.js';

// Measuring: losses, bits a note, pictures of them

export { type LossPlotOptions, type LossRecord, lossPlot } from './charts/loss-plot.js';
export { type Bits, BitsEvaluator, bitsPerNote, bootstrapInterval } from './kinds/performance/bits.js';
export { LossEvaluator, type WindowSums } from './kinds/tutorial/loss-evaluator.js';

// Engines: what runs a graph

export type { Engine, Program, TensorData } from './engine/engine.js';
export { graphToOnnx } from './engine/onnx/graph-to-onnx.js';
export type { OnnxElementType } from './engine/onnx/proto.js';
export { type OnnxEngineOptions, type OnnxRuntime, onnxEngine } from './engine/onnx/runtime.js';
export { plainEngine } from './engine/plain/plain.js';

// Inside: networks and representations, for those who build on them

export type { EventLstm, EventLstmConfig } from './kinds/performance/network.js';
export {
  TUTORIAL_CONFIG,
  type TutorialConfig,
  TutorialLstm,
} from './kinds/tutorial/network.js';
export { decodeTutorial, encodeTutorial } from './kinds/tutorial/representation.js';
export { WindowBatch } from './kinds/tutorial/window-batch.js';
export { type WindowIndex, windowsOf } from './kinds/tutorial/windows.js';
export type { Attribute, EventRepresentation, EventTable, EventTracker } from './representation/events.js';
export { PERFORMANCE } from './representation/performance.js';
export { PERFORMANCE_GUIDED } from './representation/performance-guided.js';
export { PERFORMANCE_RECALL } from './representation/performance-recall.js';
export { MOST_EVENTS } from './representation/recent-events.js';
export { REPRESENTATIONS } from './representation/representations.js';

// What the above names: types that signatures refer to

export type { TrainingState } from './checkpoint/checkpoint.js';
export type { ContentMemory, EntryReader, PieceContent, ReadOutcome } from './dataset/corpus.js';
export type { AdamOptions } from './graph/optimisers/adam.js';
export type { Optimiser } from './graph/optimisers/optimiser.js';
export type {
  ElementType,
  GradientRule,
  Graph,
  GraphNode,
  NodeOf,
  OpAttributes,
  OpName,
  ScanBody,
  Shape as TensorShape,
  Tensor,
} from './graph/tensor.js';
export type { MeasureOptions, PieceMeasure } from './kinds/kind.js';
export type { MeasuredEvents } from './kinds/performance/bits.js';
export type { FillEvent, FilledGap, Fills, GapOptions } from './kinds/performance/filling/filler.js';
export type { Gap, GivenEvent } from './kinds/performance/filling/gap.js';
export type { LearnedPiece } from './kinds/performance/learned-piece.js';
export type {
  MidiEvents,
  MidiKeySignature,
  MidiMessage,
  MidiTempo,
  MidiText,
  MidiTimeSignature,
  MidiTrack,
} from './midi/midi-file.js';
export type { Initializer } from './model/initializers.js';
export type { Weights } from './model/parameters.js';
export type { Rounding, TickTime } from './notes/grid.js';
export type { AtTick } from './notes/time-grid.js';
export type { Harmony } from './playing/chords.js';
export type { RuleKeeper, Rules, Window } from './playing/constraints.js';
export type { Drawing, Drawn, DrawRule, KeyAction } from './playing/draw.js';
export type { Habits } from './playing/habits.js';
export type { Pace } from './playing/pace.js';
export type { Repeats } from './playing/repeats.js';
export type { Repetition } from './playing/repetition.js';
export type { Given, Hints, PlayingRules, Span, TimeMass } from './representation/events.js';
export type { EarlyStoppingState } from './training/early-stopping.js';

// Everywhere

export { CadenzaError } from './errors.js';
export { Random, type RandomState } from './random.js';

// Notation

export { type MusicXmlOptions, musicXmlOf } from './score/music-xml.js';
export { type ScoreOptions, scoreOf } from './score/score.js';
export type { Score, ScoreBar, ScoreNote } from './score/score-types.js';
