/** Lets a contestant find out on the spot which of several ways is its fastest here, before the race. */

const TRIALS = 3;

/** The way whose best of a few trials is fastest. `trial` does a short piece of the work. */
export async function bestWay(ways, trial) {
  let best;
  let least = Number.POSITIVE_INFINITY;
  for (const way of ways) {
    await trial(way); // warm
    for (let i = 0; i < TRIALS; i++) {
      const start = performance.now();
      await trial(way);
      const milliseconds = performance.now() - start;
      if (milliseconds < least) [best, least] = [way, milliseconds];
    }
  }
  return best;
}
