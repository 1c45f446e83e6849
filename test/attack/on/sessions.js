/** Sessions that strangers send: opened, put together as a page shows them, and written again. */
import { builtInOpening, midiFromNotes } from '../../../dist/index.js';
import { mutated } from '../mutate.js';
import { mutatedJson } from '../mutate-json.js';
import { loadStudioState } from '../studio-state.js';

const { assemble, assembleAs, handParts, sessionFromText, sessionToText, trackParts } = await loadStudioState(
  'session-file',
  'material',
  'parts',
);

const recipe = {
  model: { id: 'shipped:maestro', name: 'maestro', fingerprint: 'ab' },
  options: { seed: 7, variations: 2, temperature: 0.9, chords: [{ from: 0, to: 1, pitchClasses: [0, 4] }] },
  variation: 1,
  seconds: 10,
  chords: 'Am | F',
};
const rows = [
  [60, 80, 0, 1.5],
  [64, 1, 0.5, 0.75],
  [67, 127, 2, 2.25],
];
const events = [
  [2.5, 70, 66],
  [3, 71, 20],
  [3.5, 70, 0],
  [4, 71, 0],
];
const edited = { notes: rows.map((row, n) => [...row, n, n - 1]), pedal: [[1, 90]] };

/** A session with all there is in one. */
export const SESSION = {
  format: 'cadenza-session',
  version: 1,
  source: {
    title: 'A piece',
    notes: rows,
    pedal: [
      [0.5, 127],
      [1.25, 0],
    ],
    midi: Buffer.from(midiFromNotes(builtInOpening())).toString('base64'),
  },
  takes: [
    { name: 'A', cut: 2.25, recipe, starred: true, events, knownTo: 12 },
    { name: 'A·1', parent: 0, cut: 3, until: 3.75, kept: [0, 2], recipe, events, knownTo: 3.75, bits: 12.5 },
    { name: 'B', cut: 1, recipe: { isPlayed: true }, events, knownTo: 5 },
    {
      name: 'C',
      parent: 1,
      cut: 1,
      recipe: { isPlayed: true, isEdited: true },
      events: [],
      knownTo: 5,
      edited,
    },
    { name: 'D', parent: 3, cut: 2, recipe },
  ],
  current: 4,
  cut: 1.5,
  beats: [0, 1, 2, 3, 4, 5].map((beat) => [0.5 * beat, beat % 3]),
};
const opening = { ...SESSION, source: { title: 'Prelude', opening: 'prelude' } };
const bytesOf = (json) => new TextEncoder().encode(JSON.stringify(json));
const files = [bytesOf(SESSION), bytesOf(opening)];

export const make = (random) =>
  random.below(4) === 0
    ? mutated(files, random)
    : bytesOf(mutatedJson(random.below(2) === 0 ? SESSION : opening, random));

/** As a page does with a session that it opens. */
export function show({ session, materials }) {
  for (const id of [undefined, ...session.takes.map((take) => take.id)]) {
    const piece = assemble(session, id, materials);
    for (const { start, end } of [piece.notes, piece.given, piece.made])
      for (const [n, time] of start.entries())
        if (!(time >= 0 && end[n] >= time && Number.isFinite(end[n])))
          throw new Error(`a note ends before it begins`);
    for (const reading of ['first', 'beats']) assembleAs(reading, session, id, materials);
    trackParts({ ...session, current: id }, piece, materials);
    handParts(piece);
  }
}

let ids = 0;
export const newId = () => `id${ids++}`;

export async function use(bytes) {
  const opened = sessionFromText(new TextDecoder().decode(bytes), 'a.cadenza.json', newId);
  show(opened);
  const text = sessionToText(opened.session, opened.materials);
  const again = sessionFromText(text, 'b.cadenza.json', newId);
  if (sessionToText(again.session, again.materials) !== text)
    throw new Error('exported, it is another session');
}
