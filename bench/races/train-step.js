/**
 * One training step: forward, backward and Adam, of the tutorial model and of a large stack of LSTM layers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { race } from '../harness.js';
import { npmPeers, pythonPeers } from '../peers.js';
import { trainingCase, writeCase } from '../training-cases.js';

export const name = 'train-step';
export const title = 'Training step';

const CASES = [
  {
    name: 'tutorial',
    words: 'tutorial model, batch 64 × 150',
    targets: [
      { of: ['TensorFlow.js wasm'], atLeast: 40 },
      { of: ['TensorFlow.js cpu'], atLeast: 120 },
      { of: ['Keras', 'PyTorch'], atLeast: 1.5 },
      { fractionOfGemm: 0.45 },
    ],
  },
  {
    name: 'stacked',
    words: 'stacked LSTM 3 × 512, batch 64 × 128 steps, softmax of 176 at every step',
    targets: [{ of: ['Keras', 'PyTorch'], atLeast: 1.2 }, { fractionOfGemm: 0.7 }],
  },
];

/**
 * Of how many steps, the first, the losses are compared: those after the first follow from gradients and
 * optimiser.
 */
const COMPARED = 2;
/** Sums in another order. */
const FORWARD_TOLERANCE = 1e-4;
/**
 * Where a gradient is tiny, it matters whether Adam's ε is added before (Cadenza, Keras) or after bias
 * correction.
 */
const UPDATE_TOLERANCE = 5e-3;

const contestant = (file) => fileURLToPath(new URL(`../contestants/${file}`, import.meta.url));

function entries(name, file) {
  const args = [name, String(COMPARED)];
  const node = (program, ...rest) => ({
    command: process.execPath,
    args: [contestant(program), ...args, ...rest],
  });
  const python = (environment, program) => {
    const command = pythonPeers(environment) ?? 'false'; // ends at once, and is skipped
    return { command, args: [contestant(program), ...args, file], env: { PYTHONDONTWRITEBYTECODE: '1' } };
  };
  return [
    { name: 'Cadenza', ...node('train-cadenza.js') },
    { name: 'PyTorch', ...python('torch', 'train-torch.py') },
    { name: 'Keras', ...python('keras', 'train-keras.py') },
    { name: 'TensorFlow.js wasm', rounds: 3, ...node('train-tfjs.js', 'wasm') },
    { name: 'TensorFlow.js cpu', rounds: 1, ...node('train-tfjs.js', 'cpu') },
  ];
}

/** Leaves out whoever does not compute what Cadenza computes. */
function withSameLosses([ours, ...peers]) {
  if (ours.skip !== undefined) throw new Error(ours.skip);
  const same = ({ losses }) =>
    losses.every((loss, i) => {
      const tolerance = i === 0 ? FORWARD_TOLERANCE : UPDATE_TOLERANCE;
      return Math.abs(loss - ours.losses[i]) <= tolerance * ours.losses[i];
    });
  const checked = peers.map((peer) =>
    peer.skip !== undefined || same(peer)
      ? peer
      : { name: peer.name, version: peer.version, skip: `its losses ${peer.losses} are not ${ours.losses}` },
  );
  return [ours, ...checked];
}

/** How many times faster than the fastest of some peers; null where none of them ran. */
function judge({ of, atLeast, fractionOfGemm }, [ours, ...peers], words) {
  if (fractionOfGemm !== undefined) {
    const text = `${words}: matrix products at ≥ ${fractionOfGemm} of the largest product's rate`;
    return { text, fractionOfGemm };
  }
  const times = peers.filter((peer) => of.includes(peer.name) && peer.milliseconds !== undefined);
  const value =
    times.length === 0
      ? null
      : Math.min(...times.map(({ milliseconds }) => milliseconds)) / ours.milliseconds;
  const whom = of.length === 1 ? of[0] : `the faster of ${of.join(' and ')}`;
  return {
    text: `${words}: ≥ ${atLeast} × as fast as ${whom}`,
    ratioOf: of.join(' | '),
    atLeast,
    value,
    met: value === null ? null : value >= atLeast,
  };
}

export async function run({ rounds = 9 } = {}) {
  npmPeers();
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  try {
    const cases = [];
    for (const { name, words, targets } of CASES) {
      const file = join(folder, `${name}.safetensors`);
      const data = trainingCase(name);
      writeCase(file, data);
      const contestants = withSameLosses(await race(entries(name, file), { warmUp: 2, rounds }));
      cases.push({
        case: words,
        unit: 'ms',
        gflop: data.gflop,
        contestants,
        targets: targets.map((target) => judge(target, contestants, words)),
      });
    }
    return cases;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
