/**
 * Makes the piano that Cadenza plays, sounds/piano.sf3, of the grand piano in MuseScore General: two
 * dynamics, in stereo, about every third key, each sample at the rate that its overtones need, as Vorbis.
 * sounds/README.md says where the original comes from. Needs `oggenc` (Debian: vorbis-tools).
 *
 *   node scripts/make-soundfont.js MuseScore_General_Full.sf2
 */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BasicSoundBank, GeneratorTypes, SoundBankLoader } from 'spessasynth_core';

const OUTPUT = fileURLToPath(new URL('../sounds/piano.sf3', import.meta.url));
const PRESET = 'Grand Piano';

/**
 * The keys whose recordings are kept; the others are played by the nearest of them. Closer together where
 * music is most often and where recordings are short.
 */
const ROOTS = [
  23, 27, 31, 35, 40, 43, 47, 50, 52, 55, 57, 60, 62, 64, 67, 69, 72, 76, 79, 83, 87, 91, 95, 99, 103, 107,
];
/** Vorbis quality of oggenc, -1 … 10. */
const QUALITY = 1.2;
/** A softly struck string below this key has no overtones worth keeping beyond half of this rate. */
const SOFT_RATE_HZ = 22050;
const SOFT_BELOW_KEY = 86;
const RATE_HZ = 32000;
/** Change of the time in which a released key falls silent, in 1/1200 of a doubling: about a quarter less. */
const RELEASE_CHANGE = -450;
/** Samples after a loop's end, for the interpolation. */
const TAIL = 64;

const [input] = process.argv.slice(2);
if (input === undefined) {
  process.stderr.write('usage: node scripts/make-soundfont.js MuseScore_General_Full.sf2\n');
  process.exit(2);
}
await BasicSoundBank.isSF3DecoderReady;
const file = await readFile(input);
const source = SoundBankLoader.fromArrayBuffer(
  file.buffer.slice(file.byteOffset, file.byteOffset + file.length),
);
const piano = new BasicSoundBank();
const original = source.presets.find(({ name, program }) => name === PRESET && program === 0);
const preset = piano.clonePreset(original);

keepOneLayer(preset);
for (const zone of preset.zones) quickenRelease(zone);
for (const instrument of piano.instruments) keepRoots(instrument);
piano.removeUnusedElements();
for (const sample of piano.samples) resample(sample);
piano.soundBankInfo = {
  name: 'Cadenza Grand',
  version: { major: 3, minor: 0 },
  creationDate: new Date('2026-01-01T00:00:00Z'),
  soundEngine: 'E-mu 10K2',
  engineer: 'AKAI (recordings), S. Christian Collins (SoundFont)',
  copyright: 'Recordings: public domain. MuseScore General: MIT licence, (c) 2018-2021 S. Christian Collins',
  comment: 'The grand piano of MuseScore General 0.2.1, reduced by scripts/make-soundfont.js of Cadenza',
};
piano.flush();
await piano.setSampleFormat({ format: 'compressed', compressionFunction: encodeVorbis });
const bytes = new Uint8Array(piano.writeSF2({ software: 'Cadenza' }));
await writeFile(OUTPUT, bytes);
process.stdout.write(`${OUTPUT}: ${piano.samples.length} samples, ${bytes.length} bytes\n`);

/**
 * Keeps one pair of voices a note. The original adds further pairs to soft notes, which fill in their decay;
 * they double the cost of a note and are hard to hear. The softest notes, silent in the original, sound too.
 */
function keepOneLayer(preset) {
  for (let i = preset.zones.length - 1; i >= 0; i--) {
    const { min, max } = preset.zones[i].velRange;
    const isMain = [
      [3, 74],
      [75, 107],
      [108, 127],
    ].some(([from, to]) => min === from && max === to);
    if (!isMain) preset.deleteZone(i);
    else if (min === 3) preset.zones[i].velRange = { min: 0, max };
  }
}

/** Dampers that close a little faster: clearer in fast music, and fewer voices at once. */
function quickenRelease(zone) {
  for (const time of [GeneratorTypes.releaseVolEnv, GeneratorTypes.releaseModEnv]) {
    zone.setGenerator(time, zone.getGenerator(time, 0) + RELEASE_CHANGE, false);
  }
}

/** Leaves of an instrument the zones of the kept roots and stretches them over the keys between. */
function keepRoots(instrument) {
  const { zones } = instrument;
  const lowest = Math.min(...zones.map(({ keyRange }) => keyRange.min));
  const highest = Math.max(...zones.map(({ keyRange }) => keyRange.max));
  for (let i = zones.length - 1; i >= 0; i--) {
    if (!ROOTS.includes(zones[i].sample.originalKey)) instrument.deleteZone(i, true);
  }
  const roots = [...new Set(zones.map(({ sample }) => sample.originalKey))].sort((a, b) => a - b);
  for (const zone of zones) {
    const place = roots.indexOf(zone.sample.originalKey);
    const [below, root, above] = [roots[place - 1], roots[place], roots[place + 1]];
    const min = below === undefined ? edge(lowest, 12, 0) : Math.ceil((below + root) / 2);
    const max = above === undefined ? edge(highest, 108, 127) : Math.ceil((root + above) / 2) - 1;
    zone.keyRange = { min, max };
  }
}

/** The end of the piano's range is stretched to that of MIDI. */
function edge(key, last, end) {
  return key === last ? end : key;
}

/**
 * Brings a sample to the rate that it needs. The loop becomes a whole number of samples long and starts on
 * one, so that it stays as smooth as it was.
 */
function resample(sample) {
  const isSoft = sample.name.includes(' MF ') && sample.originalKey < SOFT_BELOW_KEY;
  const { sampleRate, loopStart, loopEnd } = sample;
  const from = sample.getAudioData();
  const period = loopEnd - loopStart;
  const newPeriod = Math.round((period * (isSoft ? SOFT_RATE_HZ : RATE_HZ)) / sampleRate);
  const ratio = newPeriod / period;
  const newStart = Math.round(loopStart * ratio);
  const to = new Float32Array(newStart + newPeriod + TAIL);
  const at = (i) => (i < 0 ? 0 : from[i < loopEnd ? i : loopStart + ((i - loopStart) % period)]);
  const cutoff = Math.min(1, ratio) * 0.96;
  const reach = Math.ceil(32 / cutoff);
  for (let n = 0; n < to.length; n++) {
    const time = loopStart + (n - newStart) / ratio;
    const first = Math.ceil(time - reach);
    let sum = 0;
    for (let i = first; i <= time + reach; i++) {
      const x = i - time;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (reach + 1));
      const angle = Math.PI * cutoff * x;
      sum += at(i) * window * (angle === 0 ? cutoff : (cutoff * Math.sin(angle)) / angle);
    }
    to[n] = sum;
  }
  sample.setAudioData(to, Math.round(sampleRate * ratio));
  sample.loopStart = newStart;
  sample.loopEnd = newStart + newPeriod;
}

function encodeVorbis(audio, sampleRate) {
  const pcm = Int16Array.from(audio, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32767))));
  const options = [
    '--raw',
    '-B',
    '16',
    '-C',
    '1',
    '-R',
    sampleRate,
    '-q',
    QUALITY,
    '-s',
    1,
    '-Q',
    '-o',
    '-',
    '-',
  ];
  return new Promise((resolve, reject) => {
    const encoder = spawn('oggenc', options.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks = [];
    encoder.stdout.on('data', (chunk) => chunks.push(chunk));
    encoder.on('error', reject);
    encoder.on('close', (code) => {
      if (code === 0) resolve(new Uint8Array(Buffer.concat(chunks)));
      else reject(new Error(`oggenc ended with ${code}`));
    });
    encoder.stdin.end(new Uint8Array(pcm.buffer));
  });
}
