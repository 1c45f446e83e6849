/** Files that are almost right: what is known of a format, and bytes that are changed by chance. */

/** Numbers at which things change: ends of ranges, signs, lengths. */
const EDGES = [0, 1, 2, 0x7e, 0x7f, 0x80, 0x81, 0xfe, 0xff];

/** @param {import('../../dist/index.js').Random} random */
function change(bytes, random, others) {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.below(4) === 0 ? 200 : 8);
  const cut = (from, to) => bytes.subarray(Math.max(0, from), Math.max(0, to));
  switch (random.below(9)) {
    case 0: // one bit
      return edited(bytes, at, (value) => value ^ (1 << random.below(8)));
    case 1:
      return edited(bytes, at, () => EDGES[random.below(EDGES.length)]);
    case 2:
      return edited(bytes, at, () => random.below(256));
    case 3: // left out
      return joined(cut(0, at), cut(at + length, bytes.length));
    case 4: // twice
      return joined(cut(0, at), cut(at, at + length), cut(at, bytes.length));
    case 5: // put in
      return joined(
        cut(0, at),
        Uint8Array.from({ length }, () => random.below(256)),
        cut(at, bytes.length),
      );
    case 6: // the end is missing
      return cut(0, at).slice();
    case 7: {
      // another file from here on
      const other = others[random.below(others.length)];
      return joined(cut(0, at), other.subarray(random.below(other.length + 1)));
    }
    default: {
      // a number of four bytes, as lengths are
      const number = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, bytes.length][random.below(6)];
      const copy = bytes.slice();
      if (copy.length >= 4)
        new DataView(copy.buffer).setUint32(random.below(copy.length - 3), number, random.below(2) === 0);
      return copy;
    }
  }
}

function edited(bytes, at, edit) {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = edit(copy[at]);
  return copy;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

/** One of the seeds, changed a few times. */
export function mutated(seeds, random) {
  let bytes = seeds[random.below(seeds.length)];
  for (let n = 1 + random.below(random.below(3) === 0 ? 20 : 4); n > 0; n--)
    bytes = change(bytes, random, seeds);
  return bytes;
}
