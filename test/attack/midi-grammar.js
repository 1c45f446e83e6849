/** MIDI files as the format allows them, and a little beyond: chunks, delta times, running status, every event. */

function number(value) {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

/** @param {import('../../dist/index.js').Random} random */
export function madeUpMidi(random) {
  const pick = (...choices) => choices[random.below(choices.length)];
  const byte = () => random.below(random.below(20) === 0 ? 256 : 128);
  const delta = () => number(pick(0, 0, 1, 10, 120, 480, random.below(4000), random.below(2 ** 28)));
  const text = () => {
    const bytes = Array.from({ length: random.below(12) }, byte);
    return [...number(random.below(30) === 0 ? random.below(2 ** 28) : bytes.length), ...bytes];
  };
  function event() {
    const channel = random.below(16);
    switch (random.below(14)) {
      case 0:
        return [0xff, pick(0x51, 0x58, 0x59, 0x54, 0x2f, 0x20, 0x21, byte()), ...text()];
      case 1:
        return [0xff, 0x51, 3, byte(), byte(), byte()];
      case 2:
        return [pick(0xf0, 0xf7), ...text()];
      case 3:
        return [0xc0 | channel, byte()];
      case 4:
        return [0xe0 | channel, byte(), byte()];
      case 5:
        return [0xb0 | channel, pick(64, 66, 67, 121, 123, 0, 32, byte()), pick(0, 63, 64, 127, byte())];
      case 6:
        return [byte(), byte()]; // running status, if it is one
      case 7:
        return [pick(0xf1, 0xf2, 0xf3, 0xf6, 0xf8, 0xfa, 0xfe), byte()];
      default: {
        const key = pick(60, 64, random.below(128));
        return pick([0x90 | channel, key, byte()], [0x80 | channel, key, byte()], [0x90 | channel, key, 0]);
      }
    }
  }
  const four = (value) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const chunk = (name, bytes) => {
    const length = random.below(15) === 0 ? random.below(2 ** 32) : bytes.length;
    return [...new TextEncoder().encode(name), ...four(length), ...bytes];
  };
  const tracks = random.below(4);
  const division = pick(480, 96, 1, 0, 0xe728, random.below(65_536));
  const header = [
    0,
    pick(0, 1, 2, random.below(256)),
    0,
    pick(tracks, random.below(256)),
    division >> 8,
    division & 255,
  ];
  const bytes =
    pick(0, 0, 0, 1) === 0 ? [] : [...new TextEncoder().encode('RIFF'), ...four(random.below(9999))];
  bytes.push(...chunk('MThd', header));
  for (let track = 0; track < tracks; track++) {
    const events = Array.from({ length: random.below(60) }, () => [...delta(), ...event()]).flat();
    const end = random.below(5) === 0 ? [] : [0, 0xff, 0x2f, 0];
    bytes.push(...chunk(pick('MTrk', 'MTrk', 'MTrk', 'XFIH'), [...events, ...end]));
  }
  return Uint8Array.from(bytes);
}
