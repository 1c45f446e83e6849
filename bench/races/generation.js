/**
 * Playing: a note of the tutorial model, a step of a large stack of LSTM layers, and the time to the first
 * note.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInOpening, encodeTutorial, initialParameters } from '../../dist/index.js';
import { race } from '../harness.js';
import { npmPeers, pythonPeers } from '../peers.js';
import { StackedLstm } from '../stacked-lstm.js';

export const name = 'generation';
export const title = 'Generation';

/** Notes and steps in a unit of work. */
const NOTES = 30;
const STEPS = 200;
/** Notes of three numbers in the tutorial model's window. */
const WINDOW_NUMBERS = 150 * 3;
/** Likeliest symbols that must be the same: rounding grows from step to step, but not in so few. */
const COMPARED = 16;
const TOLERANCE = 1e-4;
const MODEL = fileURLToPath(new URL('../../models/tutorial/tutorial.safetensors', import.meta.url));

const contestant = (file) => fileURLToPath(new URL(`../contestants/${file}`, import.meta.url));
const node = (program, ...args) => ({ command: process.execPath, args: [contestant(program), ...args] });
function python(environment, program, ...args) {
  const command = pythonPeers(environment) ?? 'false'; // ends at once, and is skipped
  return { command, args: [contestant(program), ...args], env: { PYTHONDONTWRITEBYTECODE: '1' } };
}

/** Leaves out whoever does not play what Cadenza plays, and names what each found to be its fastest way. */
function withSame(key, [ours, ...peers]) {
  const same = (peer) =>
    peer[key].every((value, i) => Math.abs(value - ours[key][i]) <= TOLERANCE * (1 + Math.abs(value)));
  const checked = peers.map((peer) =>
    peer.skip !== undefined || ours.skip !== undefined || same(peer)
      ? peer
      : { name: peer.name, skip: `it plays ${peer[key]}, not ${ours[key]}` },
  );
  return [ours, ...checked].map(({ settings, ...result }) =>
    settings === undefined ? result : { ...result, version: `${result.version} (${settings})` },
  );
}

function ratio(text, [ours, ...peers], peerName, atLeast) {
  const theirs = peers.find((peer) => peer.name === peerName)?.milliseconds;
  const value = theirs === undefined || ours.milliseconds === undefined ? null : theirs / ours.milliseconds;
  return { text, ratioOf: peerName, atLeast, value, met: value === null ? null : value >= atLeast };
}

function limit(text, [{ milliseconds: value = null }], atMost) {
  return { text, atMost, value, met: value === null ? null : value < atMost };
}

async function tutorialNote(folder, rounds) {
  const window = join(folder, 'window.bin');
  writeFileSync(window, encodeTutorial(builtInOpening()).slice(-WINDOW_NUMBERS));
  const args = [String(NOTES), MODEL, window];
  const entries = [
    { name: 'Cadenza', ...node('tutorial-note-cadenza.js', String(NOTES)) },
    { name: 'PyTorch', ...python('torch', 'tutorial-note-torch.py', ...args) },
    { name: 'Keras', ...python('keras', 'tutorial-note-keras.py', ...args) },
  ];
  const contestants = withSame('first', await race(entries, { rounds }));
  return {
    case: 'a note of the tutorial model: window of 150, batch 1',
    unit: 'ms',
    contestants,
    targets: [],
  };
}

async function stackedStep(batch, file, rounds) {
  const args = [batch, STEPS, COMPARED].map(String);
  const entries = [
    { name: 'Cadenza', ...node('stacked-step-cadenza.js', ...args, file) },
    { name: 'PyTorch nn.LSTM', ...python('torch', 'stacked-step-torch.py', 'module', ...args, file) },
    { name: 'PyTorch nn.LSTMCell', ...python('torch', 'stacked-step-torch.py', 'cells', ...args, file) },
    { name: 'Keras', ...python('keras', 'stacked-step-keras.py', ...args, file) },
    { name: 'Magenta.js MusicRNN', ...node('stacked-step-magenta.js', ...args, file) },
  ];
  const contestants = withSame('symbols', await race(entries, { rounds }));
  const words = `stacked LSTM 3 × 512, a step with carried state, batch ${batch}`;
  const targets = ['PyTorch nn.LSTM', 'PyTorch nn.LSTMCell'].map((peer) =>
    ratio(`${words}: ≥ 3 × as fast as ${peer}`, contestants, peer, 3),
  );
  if (batch === 1) targets.unshift(limit(`${words}: < 1 ms`, contestants, 1));
  return { case: words, unit: 'ms', contestants, targets };
}

async function firstNote(rounds) {
  const words = 'first note after loadModel: native library, compilation, prediction';
  const contestants = await race([{ name: 'Cadenza', ...node('first-note.js') }], { rounds });
  return { case: words, unit: 'ms', contestants, targets: [limit('first note: < 100 ms', contestants, 100)] };
}

export async function run({ rounds = 9 } = {}) {
  npmPeers();
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  try {
    const weights = join(folder, 'stacked.bin');
    writeFileSync(weights, initialParameters(new StackedLstm().parameters, 0));
    return [
      await tutorialNote(folder, rounds),
      await stackedStep(1, weights, rounds),
      await stackedStep(32, weights, rounds),
      await firstNote(rounds),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
