/** In a real browser: training, generation, the first note, and what a page downloads for it. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { noChromium } from '../browser/chromium.js';
import { downloads } from '../browser/download.js';
import { race } from '../harness.js';

export const name = 'browser';
export const title = 'In a browser';

const CONTESTANT = fileURLToPath(new URL('../contestants/browser.js', import.meta.url));
const THREADS = Math.min(availableParallelism(), 4);
const BATCH = 64;

const TRAINING_SPEEDUP = 10;
const FIRST_NOTE_MILLISECONDS = 300;
const ENCODINGS = { raw: 'uncompressed', gzip: 'with gzip', brotli: 'with Brotli' };

function contestant(name, program, spec, rounds) {
  const args = [CONTESTANT, program, JSON.stringify({ threads: THREADS, ...spec })];
  return { name, command: process.execPath, args, ...(rounds !== undefined && { rounds }) };
}

const cadenza = (spec) => contestant('Cadenza', 'cadenza', spec);

/** In the page itself, as its guide has it: in a worker it is no faster. */
const tensorflow = (spec, rounds) =>
  contestant(`TensorFlow.js ${spec.backend}`, 'tfjs', { worker: false, ...spec }, rounds);

/** How many times slower than ours the peer is; null where one of them did not run. */
function speedup([ours, ...peers], name) {
  const peer = peers.find((each) => each.name === name);
  const ratio = peer?.milliseconds / ours.milliseconds;
  return Number.isFinite(ratio) ? ratio : null;
}

function target(value, { text, ratioOf, atLeast, atMost }) {
  const met = value === null ? null : atLeast !== undefined ? value >= atLeast : value <= atMost;
  return {
    text,
    ...(ratioOf !== undefined && { ratioOf }),
    ...(atLeast !== undefined && { atLeast }),
    ...(atMost !== undefined && { atMost }),
    value,
    met,
  };
}

async function training() {
  const spec = { case: 'train', batch: BATCH };
  const contestants = await race(
    [
      cadenza(spec),
      tensorflow({ ...spec, backend: 'wasm' }, 5),
      // A minute and a half for the first step, which compiles the shaders; then one tells enough.
      tensorflow({ ...spec, backend: 'webgl', webgl: true }, 1),
    ],
    { warmUp: 3, rounds: 9 },
  );
  const peer = 'TensorFlow.js wasm';
  return {
    case: `Chromium: a training step of the tutorial model, batch ${BATCH} × 150 (WebGL in software: no graphics card)`,
    unit: 'ms',
    contestants,
    targets: [
      target(speedup(contestants, peer), {
        text: `in Chromium a training step at least ${TRAINING_SPEEDUP} times as fast as ${peer}`,
        ratioOf: peer,
        atLeast: TRAINING_SPEEDUP,
      }),
    ],
  };
}

async function notes() {
  const spec = { case: 'note' };
  const entries = [cadenza(spec), tensorflow({ ...spec, backend: 'wasm' })];
  return {
    case: 'Chromium: a note of the tutorial model from a window of 150, batch 1',
    unit: 'ms',
    contestants: await race(entries, { warmUp: 5, rounds: 21 }),
    targets: [],
  };
}

async function stacked(batch) {
  return {
    case: `Chromium: a step of 3 × 512 LSTM with carried state, batch ${batch}`,
    unit: 'ms',
    contestants: await race([cadenza({ case: 'stacked', batch })], { warmUp: 5, rounds: 21 }),
    targets: [],
  };
}

async function firstNote() {
  const contestants = await race([cadenza({ case: 'first-note', fresh: true })], { warmUp: 1, rounds: 9 });
  const [{ milliseconds: value = null, runtimeMilliseconds, samples: _, ...ours }] = contestants;
  return [
    {
      case: 'Chromium: the first note of a new page, once the runtime has started and the weights are there',
      unit: 'ms',
      contestants,
      targets: [
        target(value, {
          text: `the first note of a new page in at most ${FIRST_NOTE_MILLISECONDS} ms`,
          atMost: FIRST_NOTE_MILLISECONDS,
        }),
      ],
    },
    {
      case: 'Chromium: to start the runtime, which a page can do while the weights are on their way',
      unit: 'ms',
      contestants: [{ ...ours, milliseconds: runtimeMilliseconds }],
      targets: [],
    },
  ];
}

/** Of every compression a case of its own; the figure stands where the tables look for it. */
async function downloadCases() {
  const weighed = await downloads();
  return Object.entries(ENCODINGS).map(([encoding, words]) => ({
    case: `What a page downloads to play the tutorial model, without sound, ${words}`,
    unit: 'MB',
    contestants: weighed.flatMap(({ name, bytes, parts }) => [
      { name, milliseconds: bytes[encoding] / 1e6 },
      ...Object.entries(parts).map(([part, each]) => ({
        name: `${name}: ${part}`,
        milliseconds: each[encoding] / 1e6,
      })),
    ]),
    targets: [],
  }));
}

export async function run() {
  const missing = noChromium();
  if (missing !== undefined) {
    return [
      { case: 'Chromium', unit: 'ms', contestants: [{ name: 'Cadenza', skip: missing }], targets: [] },
      ...(await downloadCases()),
    ];
  }
  return [
    await training(),
    await notes(),
    await stacked(1),
    await stacked(32),
    ...(await firstNote()),
    ...(await downloadCases()),
  ];
}
