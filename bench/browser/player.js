/**
 * What a page needs that plays: the model's file in, notes and a MIDI file out. Bundled only to be weighed.
 */
export {
  builtInOpening,
  decodeCheckpoint,
  generate,
  midiFromNotes,
  modelFromCheckpoint,
  onnxEngine,
  tableOfGenerated,
} from '../../dist/index.js';
