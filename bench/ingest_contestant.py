"""What the contestants of the ingest race in Python share: files in, notes out."""

import sys

from contestant import compete


def ingest(version, read, count, each):
    """The unit of work reads all files named on the command line from disk, and makes notes of each.

    `read`: path to notes with seconds, in whatever form the library keeps them; `count`: notes of what `read` gave;
    `each`: yields pitch, velocity, start and end of every note: checked once, not timed.
    """
    paths = sys.argv[1:]
    sums = {"notes": 0, "pitch": 0, "velocity": 0, "start": 0.0, "end": 0.0}
    for path in paths:
        for pitch, velocity, start, end in each(read(path)):
            sums["notes"] += 1
            sums["pitch"] += pitch
            sums["velocity"] += velocity
            sums["start"] += start
            sums["end"] += end
    compete({"version": version, "sums": sums}, lambda: {"notes": sum(count(read(path)) for path in paths)})
