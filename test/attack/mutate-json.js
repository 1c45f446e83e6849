/** JSON that is almost right: values changed, left out, doubled and swapped by chance. */

const VALUES = [
  ...[0, -0, 1, -1, 2, 0.5, 127, 128, 1e9, -1e9, 2 ** 31, 2 ** 53, 1e308, 5e-324],
  ...[null, true, false, '', 'a', '__proto__', 'constructor', 'length', '0', '../../a', 'x'.repeat(2000)],
  ...[[], {}, [[]], [null], { length: 5 }, [1, 2, 3, 4]],
];

/** Every place in a value: what holds it, and its name there. */
function placesIn(value, places = []) {
  for (const name of Object.keys(value)) {
    places.push([value, name]);
    if (typeof value[name] === 'object' && value[name] !== null) placesIn(value[name], places);
  }
  return places;
}

/**
 * A copy of a value that has a few places changed.
 *
 * @param {import('../../dist/index.js').Random} random
 */
export function mutatedJson(value, random) {
  const copy = structuredClone(value);
  for (let n = 1 + random.below(random.below(3) === 0 ? 8 : 2); n > 0; n--) {
    const places = placesIn(copy);
    if (places.length === 0) break;
    const [holder, name] = places[random.below(places.length)];
    const [otherHolder, otherName] = places[random.below(places.length)];
    switch (random.below(6)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(name), 1);
        else delete holder[name];
        break;
      case 1: // twice
        if (Array.isArray(holder)) holder.splice(Number(name), 0, structuredClone(holder[name]));
        else holder[`${name}2`] = structuredClone(holder[name]);
        break;
      case 2: // what stands elsewhere
        holder[name] = structuredClone(otherHolder[otherName]);
        break;
      case 3:
        if (typeof holder[name] === 'number') holder[name] += [1, -1, 0.5, 1e-9, 1e6][random.below(5)];
        else holder[name] = structuredClone(VALUES[random.below(VALUES.length)]);
        break;
      default:
        holder[name] = structuredClone(VALUES[random.below(VALUES.length)]);
    }
  }
  return copy;
}

/**
 * A safetensors file whose header is almost right, texts that are JSON themselves included.
 *
 * @param {Uint8Array} file
 * @param {import('../../dist/index.js').Random} random
 */
export function mutatedHeader(file, random) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const told = Object.entries(header.__metadata__).filter(([, text]) => text.startsWith('{'));
  if (random.below(3) > 0 && told.length > 0) {
    const [name, text] = told[random.below(told.length)];
    header.__metadata__[name] = JSON.stringify(mutatedJson(JSON.parse(text), random));
  }
  const changed = random.below(3) === 0 ? mutatedJson(header, random) : header;
  const text = new TextEncoder().encode(JSON.stringify(changed));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
  padded.set(text);
  const bytes = new Uint8Array(8 + padded.length + file.length - 8 - length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true);
  bytes.set(padded, 8);
  bytes.set(file.subarray(8 + length), 8 + padded.length);
  return bytes;
}
