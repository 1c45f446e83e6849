/** How time and memory grow: with the corpus, with the model, with the batch. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const name = 'scaling';
export const title = 'Scaling';

const POINT = fileURLToPath(new URL('../contestants/scaling.js', import.meta.url));
const FILES = [10, 100, 1000, 10_000];
const HIDDEN = [64, 128, 256, 512, 1024];
const BATCHES = [16, 32, 64, 128, 256];
/** Files of MAESTRO's train and validation parts. */
const ALL_FILES = 1104;

function point(...args) {
  const output = execFileSync(process.execPath, [POINT, ...args.map(String)], { encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** A curve: x, and what was measured there. */
function curve(title, x, points) {
  return { case: title, x, points, contestants: [{ name: 'Cadenza' }], targets: [] };
}

export async function run({ corpus }) {
  const curves = [];
  if (corpus.maestro !== undefined) {
    for (const [kind, words] of [
      ['read', 'reading files into training data'],
      ['evaluate', 'evaluating files, every 2,000th window'],
    ]) {
      const points = FILES.map((files) => ({ x: files, ...point(kind, files, corpus.maestro) }));
      curves.push(curve(words, 'files', points));
    }
    const training = point('train', ALL_FILES, corpus.maestro);
    const evaluating = point('evaluate', ALL_FILES, corpus.maestro);
    const memory = (text, value, limit) => ({ text, value, atMost: limit, met: value < limit });
    curves.push({
      case: 'peak memory over all 1,104 files',
      contestants: [{ name: 'Cadenza' }],
      points: [
        { x: 'training', ...training },
        { x: 'evaluating', ...evaluating },
      ],
      targets: [
        memory('training on all of MAESTRO in less than 1,000 MB', training.peakMegabytes, 1000),
        memory('evaluating all of MAESTRO in less than 500 MB', evaluating.peakMegabytes, 500),
      ],
    });
  }
  const steps = (pairs) =>
    pairs.map(([x, hidden, batch]) => ({ x, milliseconds: point('step', hidden, batch).step }));
  curves.push(
    curve('training step by hidden size, batch 64', 'hidden size', steps(HIDDEN.map((h) => [h, h, 64]))),
  );
  curves.push(
    curve('training step by batch, hidden size 128', 'batch', steps(BATCHES.map((b) => [b, 128, b]))),
  );
  return curves;
}
