/** The notes that begin from one time up to another; seconds of the piece. */
export function between({ length, pitch, velocity, start, end, beats }, first, last) {
  const kept = Array.from({ length }, (_, n) => n).filter((n) => start[n] >= first && start[n] < last);
  const take = (column) => column.constructor.from(kept, (n) => column[n]);
  return {
    length: kept.length,
    pitch: take(pitch),
    velocity: take(velocity),
    start: take(start),
    end: take(end),
    ...(beats && { beats }),
  };
}
