/** Multinomial logistic regression on standardised numbers, every class weighed the same. */

/** How much weights are held small, steps of learning, and how far each goes. */
const [DECAY, STEPS, RATE, MOMENTUM] = [0.003, 400, 0.5, 0.9];

/**
 * @param rows numbers of each example
 * @param labels its class, from 0
 * @returns what gives the likelihood of every class for the numbers of another example
 */
export function fitClassifier(rows, labels, classes) {
  const width = rows[0].length;
  const means = Float64Array.from({ length: width }, (_, k) => meanOf(rows, (row) => row[k]));
  const scales = Float64Array.from({ length: width }, (_, k) =>
    Math.max(1e-6, Math.sqrt(meanOf(rows, (row) => (row[k] - means[k]) ** 2))),
  );
  const standard = (row) =>
    Float64Array.from({ length: width + 1 }, (_, k) =>
      k === width ? 1 : Math.max(-4, Math.min(4, (row[k] - means[k]) / scales[k])),
    );
  const inputs = rows.map(standard);
  const counts = Array.from({ length: classes }, (_, c) => labels.filter((label) => label === c).length);
  const weights = Array.from({ length: classes }, () => new Float64Array(width + 1));
  const moved = weights.map((row) => new Float64Array(row.length));
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((row) => row.map((weight, k) => (k < width ? DECAY * weight : 0)));
    for (const [n, input] of inputs.entries()) {
      const odds = likelihoods(weights, input);
      for (let c = 0; c < classes; c++) {
        const error = (odds[c] - Number(c === labels[n])) / (classes * counts[labels[n]]);
        for (let k = 0; k <= width; k++) gradient[c][k] += error * input[k];
      }
    }
    for (let c = 0; c < classes; c++) {
      for (let k = 0; k <= width; k++) {
        moved[c][k] = MOMENTUM * moved[c][k] - RATE * gradient[c][k];
        weights[c][k] += moved[c][k];
      }
    }
  }
  return (row) => likelihoods(weights, standard(row));
}

const meanOf = (list, of) => list.reduce((sum, each) => sum + of(each), 0) / list.length;

function likelihoods(weights, input) {
  const scores = weights.map((row) => row.reduce((sum, weight, k) => sum + weight * input[k], 0));
  const most = Math.max(...scores);
  const odds = scores.map((score) => Math.exp(score - most));
  const total = odds.reduce((sum, each) => sum + each, 0);
  return odds.map((each) => each / total);
}
