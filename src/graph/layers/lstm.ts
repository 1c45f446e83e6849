/**
 * A layer of long short-term memory (Hochreiter & Schmidhuber 1997, with Gers' forget gate), forward and
 * backward.
 *
 * Legend: T steps, B batch, I input features, H hidden size. Gates stand in PyTorch's order i, f, g, o;
 * weights are stored as PyTorch stores them, but with one bias vector, as Keras has it.
 *
 *   i, f, o = σ(…)   g = tanh(…)   c = f·c₋₁ + i·g   h = o·tanh(c)
 *
 * What does not depend on the step before is done for all steps at once, in large products: the input
 * projection before the forward scan, the weight and input gradients after the backward one. The scan bodies
 * hold only the recurrent product and few element-wise nodes, because an engine pays for every node at every
 * step.
 */
import * as ops from '../ops.js';
import type { GradientRule, NodeOf, Tensor } from '../tensor.js';

export interface LstmWeights {
  /** (4H, I) */
  readonly inputWeight: Tensor;
  /** (4H, H) */
  readonly recurrentWeight: Tensor;
  /** (4H) */
  readonly bias: Tensor;
}

export interface LstmState {
  /** (B, H) */
  readonly hidden: Tensor;
  /** (B, H) */
  readonly cell: Tensor;
}

export interface LstmResult {
  /** (T, B, H) hidden state after every step. */
  readonly hidden: Tensor;
  /** The state after the last step. */
  readonly last: LstmState;
}

/**
 * Runs a layer over a sequence x (T, B, I), from `initial` or from zeros.
 *
 * @param purpose `playing` gives up the gradient for one node that engines run much faster on small batches
 */
export function lstm(
  x: Tensor,
  weights: LstmWeights,
  initial?: LstmState,
  purpose: 'learning' | 'playing' = 'learning',
): LstmResult {
  const [steps, batch] = x.shape;
  const hiddenSize = weights.recurrentWeight.shape[1];
  const state = initial ?? { hidden: ops.zeros([batch, hiddenSize]), cell: ops.zeros([batch, hiddenSize]) };
  if (purpose === 'playing') {
    const { inputWeight, recurrentWeight, bias } = weights;
    const outputs = ops.lstmLayer(x, inputWeight, recurrentWeight, bias, state.hidden, state.cell);
    return { hidden: outputs[0], last: { hidden: outputs[1], cell: outputs[2] } };
  }
  const projected = ops.linear(x, weights.inputWeight, weights.bias); // (T, B, 4H)
  const result = ops.scan({
    states: [state.hidden, state.cell],
    sequences: [projected],
    captures: [weights.recurrentWeight],
    gradient: backward(steps, batch, hiddenSize),
    body: ([hidden, cell], [projection], [recurrentWeight]) => {
      const gates = ops.matmul(hidden, recurrentWeight, { transposeB: true, addend: projection }); // (B, 4H)
      const [i0, f0, g0, o0] = ops.split(gates, 1, [hiddenSize, hiddenSize, hiddenSize, hiddenSize]);
      const [i, f, g, o] = [ops.sigmoid(i0), ops.sigmoid(f0), ops.tanh(g0), ops.sigmoid(o0)];
      const nextCell = ops.add(ops.multiply(f, cell), ops.multiply(i, g));
      const squashed = ops.tanh(nextCell);
      const nextHidden = ops.multiply(o, squashed);
      // Everything after the hidden state is saved for the gradient; engines drop what nobody reads.
      return { states: [nextHidden, nextCell], outputs: [nextHidden, i, f, g, o, squashed, cell] };
    },
  });
  return { hidden: result.outputs[0], last: { hidden: result.states[0], cell: result.states[1] } };
}

/**
 * The gradient of the scan above: inputs (h₀, c₀, projected, U), outputs (h, c, hidden, i, f, g, o, tanh c,
 * c₋₁).
 */
function backward(steps: number, batch: number, hiddenSize: number): GradientRule {
  return (node, [lastHidden, lastCell, everyHidden], [needsHidden, needsCell]) => {
    const [initialHidden, , , recurrentWeight] = node.inputs;
    const [hidden, i, f, g, o, squashed, previousCell] = (node as NodeOf<'scan'>).outputs.slice(2);
    const zero = ops.zeros([batch, hiddenSize]);
    const result = ops.scan({
      states: [lastHidden ?? zero, lastCell ?? zero],
      sequences: [i, f, g, o, squashed, previousCell, ...(everyHidden === undefined ? [] : [everyHidden])],
      captures: [recurrentWeight],
      reverse: true,
      body: ([hiddenIn, cellIn], [it, ft, gt, ot, squashedT, previousT, upstream], [weight]) => {
        const dHidden = upstream === undefined ? hiddenIn : ops.add(hiddenIn, upstream);
        // h = o·tanh(c): ∂h/∂c = o·(1 − tanh²c)
        const slope = ops.multiply(ot, ops.subtract(1, ops.multiply(squashedT, squashedT)));
        const dCell = ops.add(cellIn, ops.multiply(dHidden, slope));
        // All four gates in one (B, 4H) row: σ′ = a − a² and tanh′ = 1 − a² differ only in the first term.
        const gates = ops.concat([it, ft, gt, ot], 1);
        const first = ops.concat([it, ft, ops.filled(1, [batch, hiddenSize]), ot], 1);
        const partner = ops.concat([gt, previousT, it, squashedT], 1);
        const factor = ops.multiply(partner, ops.subtract(first, ops.multiply(gates, gates)));
        const dGates = ops.multiply(ops.concat([dCell, dCell, dCell, dHidden], 1), factor);
        return { states: [ops.matmul(dGates, weight), ops.multiply(dCell, ft)], outputs: [dGates] };
      },
    });
    const dGates = result.outputs[0]; // (T, B, 4H), also the gradient of the projection
    // Every step's recurrent product saw the hidden state of the step before.
    const previous = ops.concat(
      [
        ops.reshape(initialHidden, [1, batch, hiddenSize]),
        ...(steps > 1 ? [ops.slice(hidden, 0, 0, steps - 1)] : []),
      ],
      0,
    );
    const rows = steps * batch;
    const dRecurrent = ops.matmul(
      ops.reshape(dGates, [rows, 4 * hiddenSize]),
      ops.reshape(previous, [rows, hiddenSize]),
      { transposeA: true },
    );
    return [
      needsHidden ? result.states[0] : undefined,
      needsCell ? result.states[1] : undefined,
      dGates,
      dRecurrent,
    ];
  };
}
