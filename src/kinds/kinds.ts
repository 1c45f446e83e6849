/** All kinds of models there are. A new one is a folder beside the others, and a line here. */
import type { ModelConfig } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import type { Kind } from './kind.js';
import { METRICAL_KIND, MIDI_LIKE_KIND, NOTE_TUPLES_KIND, PERFORMANCE_KIND } from './performance/kind.js';
import { TUTORIAL_KIND } from './tutorial/kind.js';

/** By name: `tutorial`, `performance`, `metrical`, and for comparison `midi-like` and `note-tuples`. */
export const KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  [TUTORIAL_KIND, PERFORMANCE_KIND, METRICAL_KIND, MIDI_LIKE_KIND, NOTE_TUPLES_KIND].map((kind) => [
    kind.name,
    kind,
  ]),
);

/**
 * @throws CadenzaError when there is none of that name
 *
 * @example
 * import { kindNamed } from 'cadenza';
 *
 * const kind = kindNamed('performance');
 * const model = kind.network(kind.configure({ layers: 1, hiddenSize: 32 }));
 * console.log(model.layers.map(({ name, parameters }) => [name, parameters]));
 */
export function kindNamed(name: string): Kind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name];
  throw new CadenzaError(`no such preset: ${name}; there are ${Object.keys(KINDS).join(', ')}`);
}

/**
 * The kind of a model of this configuration. Of one that is no kind's, the one that says best what is wrong
 * with it.
 */
export function kindOfConfig(config: ModelConfig): Kind {
  const kind = Object.values(KINDS).find((each) => each.owns(config));
  return kind ?? (config.kind === 'events' ? PERFORMANCE_KIND : TUTORIAL_KIND);
}
