/** Stops training when the watched loss has not improved for some epochs, and remembers where it was best. */
export interface EarlyStoppingState {
  /** The epoch with the lowest loss, counted from 1; 0 before the first. */
  readonly bestEpoch: number;
  /** That loss; null before the first, since JSON knows no infinity. */
  readonly bestLoss: number | null;
  readonly epochsSinceBest: number;
}

export const NO_EPOCH_YET: EarlyStoppingState = { bestEpoch: 0, bestLoss: null, epochsSinceBest: 0 };

/** The state after an epoch; it improved if `epochsSinceBest` is 0. */
export function afterEpoch(state: EarlyStoppingState, epoch: number, loss: number): EarlyStoppingState {
  if (state.bestLoss === null || loss < state.bestLoss) {
    return { bestEpoch: epoch, bestLoss: loss, epochsSinceBest: 0 };
  }
  return { ...state, epochsSinceBest: state.epochsSinceBest + 1 };
}
