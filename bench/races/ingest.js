/** MAESTRO to notes: every note's start, end, pitch and velocity, from files on disk, without a cache. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../../dist/index.js';
import { race } from '../harness.js';
import { npmPeers, pythonPeers } from '../peers.js';

export const name = 'ingest';
export const title = 'Ingest';

/** Files in a unit of work, and fewer for whoever is slow. */
const FILES = 100;
const FEW_FILES = 10;
/** As many as `cadenza evaluate` takes. No peer has a use for them: symusic reads under Python's lock. */
const THREADS = Math.min(availableParallelism(), 4);
/**
 * Of the sums of all starts and all ends: libraries keep seconds in 32 or 64 bits and add in different
 * orders.
 */
const TOLERANCE = 1e-6;

const ONE_THREAD = 'Cadenza, one thread';

const contestant = (file) => fileURLToPath(new URL(`../contestants/${file}`, import.meta.url));
const node = (program, ...args) => ({ command: process.execPath, args: [contestant(program), ...args] });
function python(environment, program, ...args) {
  const command = pythonPeers(environment) ?? 'false'; // ends at once, and is skipped
  return { command, args: [contestant(program), ...args], env: { PYTHONDONTWRITEBYTECODE: '1' } };
}

function sampleOf(maestro) {
  const files = readdirSync(maestro, { recursive: true })
    .filter((file) => file.endsWith('.midi'))
    .sort();
  return new Random(0)
    .shuffle(files)
    .slice(0, FILES)
    .map((file) => join(maestro, file));
}

/** Leaves out whoever reads other notes than Cadenza. */
function withSameNotes([ours, ...peers]) {
  const near = (a, b) => Math.abs(a - b) <= TOLERANCE * Math.abs(b);
  const same = ({ sums }) => Object.keys(ours.sums).every((key) => near(sums[key], ours.sums[key]));
  const checked = peers.map((peer) =>
    peer.skip !== undefined || ours.skip !== undefined || same(peer)
      ? peer
      : {
          name: peer.name,
          version: peer.version,
          skip: `its notes ${JSON.stringify(peer.sums)} are not ${JSON.stringify(ours.sums)}`,
        },
  );
  return [ours, ...checked];
}

function target(name, peerName, words, atLeast, contestants) {
  const millisecondsOf = (wanted) => contestants.find((one) => one.name === wanted)?.milliseconds;
  const [ours, theirs] = [millisecondsOf(name), millisecondsOf(peerName)];
  const value = theirs === undefined || ours === undefined ? null : theirs / ours;
  const how = name === ONE_THREAD ? ' on one thread' : '';
  const text = `MAESTRO to notes: ≥ ${atLeast} × as fast as ${words}${how}`;
  return { text, ratioOf: peerName, atLeast, value, met: value === null ? null : value >= atLeast };
}

const cadenza = (threads, files) => node('ingest-cadenza.js', threads, ...files);

async function ingest(entries, rounds) {
  return withSameNotes(await race(entries, { rounds }));
}

export async function run({ corpus, rounds = 9 } = {}) {
  if (corpus?.maestro === undefined) return [];
  npmPeers();
  const many = sampleOf(corpus.maestro);
  const few = many.slice(0, FEW_FILES);
  const fast = await ingest(
    [
      { name: 'Cadenza', ...cadenza(THREADS, many) },
      { name: ONE_THREAD, ...cadenza(1, many) },
      { name: 'midi-file, with notes', ...node('ingest-midi-file.js', 'notes', ...many) },
      { name: 'midi-file, parsing only', ...node('ingest-midi-file.js', 'parse', ...many) },
      { name: 'spessasynth_core', ...node('ingest-spessasynth.js', ...many) },
      { name: 'symusic', ...python('symusic', 'ingest-symusic.py', ...many) },
    ],
    rounds,
  );
  const slow = await ingest(
    [
      { name: 'Cadenza', ...cadenza(1, few) },
      { name: '@tonejs/midi', ...node('ingest-tonejs.js', ...few) },
      { name: 'pretty_midi', ...python('midi', 'ingest-pretty-midi.py', ...few) },
    ],
    rounds,
  );
  const notes = (contestants) => contestants[0].sums?.notes.toLocaleString('en') ?? '?';
  return [
    {
      case: `${FILES} files of MAESTRO, ${notes(fast)} notes`,
      unit: 'ms',
      contestants: fast,
      targets: [
        ...['Cadenza', ONE_THREAD].flatMap((ours) => [
          target(ours, 'midi-file, with notes', 'midi-file and the shortest loop to notes', 2, fast),
          target(ours, 'symusic', 'symusic', 0.7, fast),
        ]),
      ],
    },
    {
      case: `${FEW_FILES} files of MAESTRO, ${notes(slow)} notes`,
      unit: 'ms',
      contestants: slow,
      targets: [target('Cadenza', 'pretty_midi', 'pretty_midi', 50, slow)],
    },
  ];
}
