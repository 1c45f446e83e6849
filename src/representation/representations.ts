import type { EventRepresentation } from './events.js';
import { METRICAL } from './metrical.js';
import { MIDI_LIKE } from './midi-like.js';
import { NOTE_TUPLES } from './note-tuples.js';
import { PERFORMANCE } from './performance.js';
import { PERFORMANCE_GUIDED } from './performance-guided.js';
import { PERFORMANCE_RECALL } from './performance-recall.js';

/** Every representation of a performance, by name. */
export const REPRESENTATIONS: Readonly<Record<string, EventRepresentation>> = Object.fromEntries(
  [PERFORMANCE, PERFORMANCE_RECALL, PERFORMANCE_GUIDED, METRICAL, NOTE_TUPLES, MIDI_LIKE].map(
    (representation) => [representation.name, representation],
  ),
);
