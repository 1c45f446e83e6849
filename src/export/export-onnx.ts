/**
 * A model as ONNX, for whatever has a runtime: one step, with its state and all that is around the network.
 */
import { CadenzaError } from '../errors.js';
import type { Loaded, LoadedModel } from '../kinds/kind.js';
import { EventLstm } from '../kinds/performance/network.js';
import { eventsUpTo } from '../kinds/performance/perform.js';
import { encodePrimer } from '../kinds/tutorial/generate.js';
import { TutorialLstm } from '../kinds/tutorial/network.js';
import { TUTORIAL_FEATURES, TUTORIAL_PITCHES } from '../kinds/tutorial/representation.js';
import type { NoteTable } from '../notes/note-table.js';
import { builtInOpening } from '../playing/opening.js';
import { Repeats } from '../playing/repeats.js';
import { NONE, roundingOf } from '../representation/events.js';
import { SYMBOLS } from '../representation/performance.js';
import { type EventContextWriter, eventStep } from './event-step.js';
import { METRICAL_CONTEXT } from './metrical-context.js';
import { performanceContext } from './performance-context.js';
import type { StepSignature, StepWriter } from './step-writer.js';
import { tutorialStep } from './tutorial-step.js';

/** What is said of an exported model beside its file, as JSON. */
export interface OnnxDescription extends StepSignature {
  readonly format: 'cadenza-onnx';
  readonly formatVersion: number;
  /** The configuration from which the model was built. */
  readonly config: LoadedModel['model']['config'];
  /** SPDX expression of the licence the weights are under, and whom to name. */
  readonly license?: string;
  readonly credit?: string;
  /** Events to begin with, one after the other, each a value of `event`. */
  readonly opening: readonly (readonly number[])[];
}

/** An exported model. */
export interface OnnxExport {
  /** Of the `.onnx` file. */
  readonly bytes: Uint8Array;
  readonly description: OnnxDescription;
}

export interface OnnxExportOptions {
  /** The notes to begin with, as they sound; the built-in opening by default. */
  readonly opening?: NoteTable;
  /** SPDX expression of the licence the weights are under. */
  readonly license?: string;
  /** Whom to name when using the weights. */
  readonly credit?: string;
}

const FORMAT_VERSION = 1;

const CONTEXTS: Readonly<Record<string, EventContextWriter>> = {
  performance: performanceContext('keys'),
  'performance-recall': performanceContext('recall'),
  'performance-guided': performanceContext('told'),
  metrical: METRICAL_CONTEXT,
};

/**
 * One step of a model as ONNX: what was played last, numbers drawn by chance and a state go in; what comes
 * next and the state after come out. It plays as the library does with `isPlain`. The description says what
 * every input and output is.
 *
 * @throws CadenzaError when the model is of a kind that cannot play
 *
 * @example
 * import { exportOnnx } from 'cadenza';
 * import { loadModel } from 'cadenza/node';
 *
 * const { bytes, description } = exportOnnx(await loadModel('tutorial'));
 * console.log(bytes.length, description.inputs.map(({ name }) => name));
 */
export function exportOnnx(loaded: Loaded, options: OnnxExportOptions = {}): OnnxExport {
  const { opening: notes = builtInOpening(), license, credit } = options;
  const { step, opening } = partsOf(loaded, notes);
  const about = { ...(license !== undefined && { license }), ...(credit !== undefined && { credit }) };
  const description: OnnxDescription = {
    format: 'cadenza-onnx',
    formatVersion: FORMAT_VERSION,
    config: loaded.model.config,
    ...about,
    ...step.signature,
    opening,
  };
  return { bytes: step.writer.encode(about), description };
}

/** A step of a model, and what it hears first. */
interface Parts {
  readonly step: StepWriter;
  readonly opening: OnnxDescription['opening'];
}

function partsOf({ model, parameters }: Loaded, notes: NoteTable): Parts {
  if (model instanceof TutorialLstm) {
    return { step: tutorialStep({ model, parameters }), opening: notesBefore(model, notes) };
  }
  if (model instanceof EventLstm) {
    const { name } = model.representation;
    if (!Object.hasOwn(CONTEXTS, name)) {
      throw new CadenzaError(`a model of ${name} events cannot be exported as ONNX; choose another model`);
    }
    const contexts = CONTEXTS[name];
    const { opening, usualRun } = eventsBefore(model, contexts.carries ?? 0, notes);
    return { step: eventStep({ model, parameters }, contexts, usualRun), opening };
  }
  throw new CadenzaError(
    `a model of kind ${model.config.kind} cannot be exported as ONNX; choose another one`,
  );
}

function notesBefore({ config }: TutorialLstm, notes: NoteTable): number[][] {
  const numbers = encodePrimer(notes, config.windowLength);
  return Array.from({ length: numbers.length / TUTORIAL_FEATURES }, (_, n) => {
    const [pitch, step, duration] = numbers.subarray(n * TUTORIAL_FEATURES, (n + 1) * TUTORIAL_FEATURES);
    return [pitch * TUTORIAL_PITCHES, step, duration];
  });
}

/** The events of notes, and how many strikes of one key in a row are usual after them. */
function eventsBefore({ representation }: EventLstm, carries: number, notes: NoteTable) {
  const { attributes } = representation;
  const grid = roundingOf(representation).gridOf(notes);
  const { columns, length } = eventsUpTo(grid, Number.POSITIVE_INFINITY, representation);
  const told = columns.slice(0, attributes.length + carries);
  const events = Array.from({ length }, (_, e) => told.map((column) => column[e]));
  const repeats = new Repeats();
  for (const symbol of columns[attributes.findIndex(({ size }) => size === SYMBOLS)]) repeats.push(symbol);
  repeats.takeForUsual();
  // A model hears first that there was nothing yet.
  return { opening: [told.map(() => NONE), ...events], usualRun: repeats.usualRun };
}
