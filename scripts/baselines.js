/**
 * What a model scores that hears nothing: the losses of the best constant guesses over a corpus, for
 * comparison.
 *
 *   npm run build && node scripts/baselines.js STRIDE PATHS...
 *
 * Pitch is guessed uniformly, and by how often each pitch occurs (the unigram); step and duration by their
 * means, whose squared error is the variance. The guesses know the corpus they are scored on, which flatters
 * them.
 */
import { encodeTutorial, readPieces, TUTORIAL_CONFIG, windowsOf } from '../dist/index.js';
import { openCorpus } from '../dist/node/index.js';

const FEATURES = 3;
const [stride, ...paths] = process.argv.slice(2);
if (paths.length === 0) {
  process.stderr.write('usage: node scripts/baselines.js STRIDE PATHS...\n');
  process.exit(2);
}
const { windowLength } = TUTORIAL_CONFIG;
const pitches = new Float64Array(128);
const sums = { step: 0, stepSquared: 0, duration: 0, durationSquared: 0 };
let windows = 0;
for await (const { notes } of readPieces(await openCorpus(paths))) {
  const features = encodeTutorial(notes);
  const { count, first } = windowsOf([notes.length], windowLength, Number(stride));
  windows += count;
  for (let w = 0; w < count; w++) {
    const label = first[w] + windowLength;
    const [step, duration] = features.subarray(label * FEATURES + 1, (label + 1) * FEATURES);
    pitches[notes.pitch[label]]++;
    sums.step += step;
    sums.stepSquared += step ** 2;
    sums.duration += duration;
    sums.durationSquared += duration ** 2;
  }
}
const entropy = pitches.reduce((h, n) => (n === 0 ? h : h - (n / windows) * Math.log(n / windows)), 0);
const variance = (sum, squared) => squared / windows - (sum / windows) ** 2;
process.stdout.write(
  `${JSON.stringify({
    windows,
    uniformPitchLoss: Math.log(pitches.length),
    unigramPitchLoss: entropy,
    meanStepLoss: variance(sums.step, sums.stepSquared),
    meanDurationLoss: variance(sums.duration, sums.durationSquared),
  })}\n`,
);
