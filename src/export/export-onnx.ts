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
import { NONE, roundingOf } from '../representation/events.js';
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
  const { opening = builtInOpening(), license, credit } = options;
  const { writer, signature } = stepOf(loaded);
  const description: OnnxDescription = {
    format: 'cadenza-onnx',
    formatVersion: FORMAT_VERSION,
    config: loaded.model.config,
    ...(license !== undefined && { license }),
    ...(credit !== undefined && { credit }),
    ...signature,
    opening: openingOf(loaded, opening),
  };
  const said = { ...(license !== undefined && { license }), ...(credit !== undefined && { credit }) };
  return { bytes: writer.encode(said), description };
}

function stepOf({ model, parameters }: Loaded): StepWriter {
  if (model instanceof TutorialLstm) return tutorialStep({ model, parameters });
  if (model instanceof EventLstm) {
    const { name } = model.representation;
    if (Object.hasOwn(CONTEXTS, name)) return eventStep({ model, parameters }, CONTEXTS[name]);
    throw new CadenzaError(`a model of ${name} events cannot be exported as ONNX; choose another model`);
  }
  throw new CadenzaError(
    `a model of kind ${model.config.kind} cannot be exported as ONNX; choose another one`,
  );
}

function openingOf({ model }: Loaded, notes: NoteTable): number[][] {
  if (model instanceof TutorialLstm) {
    const numbers = encodePrimer(notes, model.config.windowLength);
    return Array.from({ length: numbers.length / TUTORIAL_FEATURES }, (_, n) => {
      const [pitch, step, duration] = numbers.subarray(n * TUTORIAL_FEATURES, (n + 1) * TUTORIAL_FEATURES);
      return [pitch * TUTORIAL_PITCHES, step, duration];
    });
  }
  const { representation } = model as EventLstm;
  const { columns, length } = eventsUpTo(
    roundingOf(representation).gridOf(notes),
    Number.POSITIVE_INFINITY,
    representation,
  );
  const told = columns.slice(
    0,
    representation.attributes.length + (CONTEXTS[representation.name].carries ?? 0),
  );
  const events = Array.from({ length }, (_, e) => told.map((column) => column[e]));
  // A model hears first that there was nothing yet.
  return [told.map(() => NONE), ...events];
}
