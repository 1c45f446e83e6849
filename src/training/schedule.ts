/** How the learning rate goes over a training: a short way up, then level, then down to nothing. */
export interface Schedule {
  /** Updates until the learning rate is reached, in equal steps. */
  readonly warmup: number;
  /** From this part of all updates on (0 … 1) it falls in a straight line, to 0 after the last. */
  readonly decayFrom: number;
}

/** The factor on the learning rate at an update, 0, 1, …, of so many in all. */
export function scheduleFactor({ warmup, decayFrom }: Schedule, update: number, total: number): number {
  const up = Math.min(1, (update + 1) / Math.max(1, warmup));
  const down = decayFrom >= 1 ? 1 : Math.min(1, (1 - update / total) / (1 - decayFrom));
  return Math.max(0, Math.min(up, down));
}
