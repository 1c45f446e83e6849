"""Metrics of a few made-up pieces, by SciPy where it has them and else written out from their definitions.

    python metrics_goldens.py > ../golden/metrics.json

A piece is a list of notes on the grid, [key 0-87, velocity bin 0-31, onset, offset] in ticks of 10 ms.
"""

import itertools
import json
import platform

import numpy as np
import scipy
from scipy.integrate import trapezoid
from scipy.spatial.distance import cdist, pdist
from scipy.stats import entropy, gaussian_kde

EXACT, BINS_AN_OCTAVE, OCTAVES = 32, 8, 9
MAJOR = {0, 2, 4, 5, 7, 9, 11}
POINTS, FLOOR = 1001, 1e-10


def time_edges() -> list[int]:
    edges = list(range(EXACT))
    for octave in range(OCTAVES):
        base = EXACT << octave
        edges += [base + part * base // BINS_AN_OCTAVE for part in range(BINS_AN_OCTAVE)]
    return edges + [EXACT << OCTAVES]


def make_piece(random: np.random.Generator, keys: range, mean_step: float, repeats: bool) -> list[list[int]]:
    """Notes with steps and durations of all sizes; where it repeats, the second half is the first one, a bit slower."""
    count = 40
    steps = np.where(random.random(count) < 0.2, 0, random.exponential(mean_step, count).astype(int) + 1)
    pitches = random.choice(np.array(keys), count)
    lengths = random.exponential(1.5 * mean_step, count).astype(int)
    velocities = np.clip(random.normal(15, 5, count), 0, 31).astype(int)
    strikes, now = [], 0
    for speed in (1.0, 1.1):
        if speed > 1 and not repeats:
            pitches = random.choice(np.array(keys), count)
            steps = random.permutation(steps)
        for key, velocity, step, length in zip(pitches, velocities, steps, lengths):
            now += int(step * speed) if strikes else 0
            strikes.append([int(key), int(velocity), now, now + int(length * speed)])
    strikes.sort(key=lambda note: (note[2], note[0]))
    for i, note in enumerate(strikes):
        following = [other[2] for other in strikes[i + 1 :] if other[0] == note[0]]
        note[3] = min([note[3], *following])
    return strikes


def features_of(piece: np.ndarray) -> dict[str, np.ndarray]:
    key, velocity, onset, offset = piece.T
    classes = (key + 21) % 12
    steps, lengths = np.diff(onset), offset - onset
    transitions = np.zeros((12, 12))
    for one, other in itertools.pairwise(classes):
        transitions[one, other] += 1
    ticks = np.arange(onset[0], offset.max())
    sounding = ((onset[:, None] <= ticks) & (ticks < offset[:, None])).sum(axis=0)

    def histogram(values, edges):
        counts = np.histogram(values, edges)[0]
        return counts / counts.sum()

    found = {
        "usedPitches": len(set(key)),
        "pitchRange": key.max() - key.min(),
        "pitchClassHistogram": histogram(classes, np.arange(13)),
        "pitchClassTransition": (transitions / transitions.sum()).ravel(),
        "meanInterOnset": steps.mean() / 100,
        "interOnsetHistogram": histogram(steps, time_edges()),
        "meanDuration": lengths.mean() / 100,
        "durationHistogram": histogram(lengths, time_edges()),
        "meanVelocity": (4 * velocity + 2).mean(),
        "velocityHistogram": histogram(velocity, np.arange(33)),
        "polyphony": sounding[sounding > 0].mean(),
        "notesPerSecond": len(key) / ((offset.max() - onset[0]) / 100),
    }
    return {name: np.atleast_1d(value).astype(float) for name, value in found.items()}


def statistics_of(piece: np.ndarray) -> dict[str, float]:
    key, _, onset, _ = piece.T
    classes = (key + 21) % 12
    in_scale = [np.mean([(c - tonic) % 12 in MAJOR for c in classes]) for tonic in range(12)]
    bars = np.zeros((int(onset[-1] // 200), 64), dtype=bool)
    for tick in onset:
        if tick // 200 < len(bars):
            bars[tick // 200, tick % 200 * 64 // 200] = True
    agreements = [1 - np.mean(one ^ other) for one, other in itertools.combinations(bars, 2)]
    return {
        "pitchClassEntropy": entropy(np.bincount(classes), base=2),
        "pitchEntropy": entropy(np.bincount(key), base=2),
        "scaleConsistency": max(in_scale),
        "grooveSimilarity": np.mean(agreements),
        **structure_of(piece),
    }


def structure_of(piece: np.ndarray) -> dict[str, float]:
    key, _, onset, offset = piece.T
    frames = int(np.ceil(max(offset.max(), onset.max() + 1) / 100))
    chroma = np.zeros((frames, 12))
    for k, begin, end in zip(key, onset, offset):
        for tick in range(begin, max(end, begin + 1)):
            chroma[tick // 100, (k + 21) % 12] += 1
    kernel = np.array([0.5, 1, 1, 1, 0.5])
    chroma = np.stack([np.convolve(column, kernel, "same") for column in chroma.T], axis=1)
    sizes = np.linalg.norm(chroma, axis=1, keepdims=True)
    chroma = np.divide(chroma, sizes, where=sizes > 0, out=np.zeros_like(chroma))
    similarity = chroma @ chroma.T
    # The threshold is the highest multiple of 1/4096 that at least a fifth of the similarities reach.
    levels = np.arange(4096)
    reached = np.array([np.mean(np.floor(similarity * 4096).clip(0, 4095) >= level) for level in levels])
    threshold = levels[reached >= 0.2].max() / 4096
    scores = np.where(similarity < threshold, -2, np.minimum(1, (similarity - threshold) / (1 - threshold)))
    np.fill_diagonal(scores, 1)
    best = {"structureShort": 0.0, "structureMiddle": 0.0, "structureLong": 0.0}
    lengths = [3, 5, 8, 11, 15]
    while 2 * (longer := int(np.floor(lengths[-1] * 1.5 + 0.5))) <= frames:
        lengths.append(longer)
    for length in lengths:
        if 2 * length > frames:
            continue
        hop = max(1, int(np.floor(length / 3 + 0.5)))
        value = max(fitness(scores[:, s : s + length]) for s in range(0, frames - length + 1, hop))
        for name, low, high in (("Short", 3, 8), ("Middle", 8, 15), ("Long", 15, np.inf)):
            if low <= length <= high:
                best[f"structure{name}"] = max(best[f"structure{name}"], value)
    return best


def fitness(scores: np.ndarray) -> float:
    """Mueller, Jiang and Grosche 2013: the optimal path family by recursion over whole tuples (score, cells, covered)."""
    frames, length = scores.shape
    never = (-np.inf, 0, 0)
    free = (0.0, 0, 0)
    ends = [[never] * length for _ in range(frames)]
    for n in range(frames):
        if n > 0:
            free = max(free, ends[n - 1][-1], key=lambda family: family[0])
        for m in range(length):
            if m == 0:
                score, cells, covered = free
                ends[n][m] = (score + scores[n, 0], cells + 1, covered + 1)
                continue
            options = [(n - dn, m - dm, dn) for dn, dm in ((1, 1), (2, 1), (1, 2)) if n >= dn and m >= dm]
            came = [(*ends[i][j], dn) for i, j, dn in options]
            if came:
                score, cells, covered, dn = max(came, key=lambda family: family[0])
                ends[n][m] = (score + scores[n, m], cells + 1, covered + dn)
    score, cells, covered = max(free, ends[-1][-1], key=lambda family: family[0])
    alike, coverage = (score - length) / cells, (covered - length) / frames
    return 2 * alike * coverage / (alike + coverage) if alike > 0 and coverage > 0 else 0.0


def compare(generated: np.ndarray, reference: np.ndarray) -> dict:
    within, own, between = pdist(reference), pdist(generated), cdist(generated, reference).ravel()
    sets = (within, own, between)
    low, high = min(map(min, sets)), max(map(max, sets))
    bandwidth = max(samples.std(ddof=1) * len(samples) ** -0.2 for samples in sets)
    margin = max(4 * bandwidth, 0.02 * (high - low))
    grid, step = np.linspace(low - margin, high + margin, POINTS, retstep=True)

    def density(samples):
        kernel = gaussian_kde(samples, "scott")
        kernel.set_bandwidth(max(kernel.factor, step / samples.std(ddof=1)))
        return kernel(grid)

    def closeness(one, other):
        floored = [np.maximum(FLOOR, p / p.sum()) for p in (one, other)]
        return {
            "overlap": trapezoid(np.minimum(one, other), grid),
            "divergence": entropy(floored[0], floored[1]),
        }

    return {
        "reference": closeness(density(within), density(between)),
        "generated": closeness(density(own), density(between)),
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, np.ndarray)):
        return [plain(item) for item in value]
    return float(f"{value:.12g}")


def main() -> None:
    random = np.random.default_rng(11)
    sets = {
        "generated": [make_piece(random, range(30, 60 + i), 60 + 10 * i, False) for i in range(4)],
        "reference": [make_piece(random, range(20, 70 - i), 70 - 5 * i, i % 2 == 0) for i in range(6)],
    }
    features = {name: [features_of(np.array(piece)) for piece in pieces] for name, pieces in sets.items()}
    statistics = {name: [statistics_of(np.array(piece)) for piece in pieces] for name, pieces in sets.items()}
    comparison = {
        name: compare(*(np.array([piece[name] for piece in features[role]]) for role in sets))
        for name in features["generated"][0]
    }
    versions = {
        "python": platform.python_version(),
        "scipy": scipy.__version__,
        "numpy": np.__version__,
    }
    parts = {
        "versions": versions,
        "pieces": sets,
        "features": plain(features),
        "statistics": plain(statistics),
        "comparison": plain(comparison),
    }
    lines = [f"{json.dumps(key)}:{json.dumps(part, separators=(',', ':'))}" for key, part in parts.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
