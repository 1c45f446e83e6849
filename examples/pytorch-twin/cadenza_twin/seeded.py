"""The random numbers of src/random.ts, bit for bit: pieces are ordered and varied as in Cadenza."""

MASK = 0xFFFFFFFF
GOLDEN_GAMMA = 0x9E3779B9


def mix32(h: int) -> int:
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def hash_label(label: str) -> int:
    h = 0x811C9DC5
    for character in label:
        h = ((h ^ ord(character)) * 0x01000193) & MASK
    return h


class Random:
    """A seeded stream that can be forked: xoshiro128**."""

    def __init__(self, seed: int | tuple[int, int, int, int]):
        if isinstance(seed, tuple):
            self.state = seed
            return
        word = mix32(seed >> 32) ^ (seed & MASK)
        words = []
        for _ in range(4):
            word = (word + GOLDEN_GAMMA) & MASK
            words.append(mix32(word))
        a, b, c, d = words
        self.state = (a, b, c, d)

    def uint32(self) -> int:
        a, b, c, d = self.state
        scaled = (b * 5) & MASK
        result = (((scaled << 7) | (scaled >> 25)) * 9) & MASK
        shifted = (b << 9) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = ((d << 11) | (d >> 21)) & MASK
        self.state = (a, b, c, d)
        return result

    def next(self) -> float:
        """Uniform in [0, 1) with 53 bits."""
        high = self.uint32() >> 5
        low = self.uint32() >> 6
        return (high * 2**26 + low) / 2**53

    def below(self, bound: int) -> int:
        """Uniform among 0 … bound − 1."""
        limit = 2**32 - 2**32 % bound
        word = self.uint32()
        while word >= limit:
            word = self.uint32()
        return word % bound

    def fork(self, label: str) -> "Random":
        word = hash_label(label)
        words = []
        for state in self.state:
            word = (mix32(word ^ state) + GOLDEN_GAMMA) & MASK
            words.append(word)
        a, b, c, d = words if any(words) else (GOLDEN_GAMMA, 0, 0, 0)
        return Random((a, b, c, d))

    def shuffle(self, items: list) -> list:
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def seeded_permutation(count: int, seed: int, epoch: int) -> list[int]:
    """The numbers below `count` in an order fixed by seed and epoch."""
    return Random(seed).fork(f"epoch {epoch}").shuffle(list(range(count)))
