import { readFileSync } from 'node:fs';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { PIANO, shippedPiano } from '../../test/helpers/sound.js';
import { readSoundFont } from './sound-font.js';

describe('readSoundFont', () => {
  it('reads the shipped piano: one preset, two voices for every key and velocity', async () => {
    const { bank } = await shippedPiano();
    expect(bank.presets.map(({ name, program }) => [name, program])).toEqual([['Grand Piano', 0]]);
    for (let pitch = 0; pitch < 128; pitch += 1) {
      for (const velocity of [1, 2, 74, 75, 107, 108, 127]) {
        expect([pitch, velocity, bank.presets[0].getVoiceParameters(pitch, velocity).length]).toEqual([
          pitch,
          velocity,
          2,
        ]);
      }
    }
  });

  it('ships a piano of at most 4 MB', () => {
    expect(readFileSync(PIANO).length).toBeLessThan(4_000_000);
  });

  it.each([
    ['text', new TextEncoder().encode('this is no SoundFont'), /^my\.sf2: not a SoundFont; choose an \.sf2/],
    ['nothing', new Uint8Array(0), /^my\.sf2: not a SoundFont/],
    [
      'half of one',
      readFileSync(PIANO).subarray(0, 100_000),
      /^my\.sf2: a damaged SoundFont; get a whole copy/,
    ],
    ['another RIFF file', new TextEncoder().encode('RIFF\x04\0\0\0WAVE'), /^my\.sf2: a damaged SoundFont/],
  ])('refuses %s in one line', async (_, bytes, message) => {
    await expect(readSoundFont(bytes, 'my.sf2')).rejects.toThrow(message);
  });

  it.each([
    // Found by test/attack: gigabytes were taken for them.
    ['numbers a second by the billion', 36, 2e9],
    ['samples that are all as long as all of them', 24, 3_900_000],
  ])('refuses %s', async (_, place, value) => {
    const bytes = new Uint8Array(readFileSync(PIANO));
    const view = new DataView(bytes.buffer);
    const headers = Buffer.from(bytes.buffer).lastIndexOf('shdr') + 8;
    for (let at = headers; at + 46 < bytes.length; at += 46) view.setUint32(at + place, value, true);
    await expect(readSoundFont(bytes, 'my.sf3')).rejects.toThrow(/^my\.sf3: a damaged SoundFont/);
  });

  it.each([
    ['instruments', 'inst', 22, 20],
    ['zones', 'ibag', 4, 0],
  ])('refuses %s that begin beyond what there is', async (_, list, bytesOfOne, place) => {
    const bytes = new Uint8Array(readFileSync(PIANO));
    const view = new DataView(bytes.buffer);
    const at = Buffer.from(bytes.buffer).lastIndexOf(list) + 8;
    // The last of them says where all end.
    const last = at + view.getUint32(at - 4, true) - bytesOfOne;
    view.setUint16(last + place, 53_872, true);
    await expect(readSoundFont(bytes, 'my.sf3')).rejects.toThrow(/^my\.sf3: a damaged SoundFont/);
  });

  it('refuses one without an instrument', async () => {
    const empty = new Uint8Array(new BasicSoundBank().writeSF2());
    await expect(readSoundFont(empty, 'my.sf2')).rejects.toThrow(/^my\.sf2: /);
  });

  it.each([
    ['an array', (length: number) => new Uint8Array(length)],
    ['a Node buffer', (length: number) => Buffer.alloc(length)],
  ])('reads bytes within %s', async (_, create) => {
    const sample = new Uint8Array(BasicSoundBank.getSampleSoundBankFile());
    const larger = create(sample.length + 20);
    larger.set(sample, 10);
    const { bank } = await readSoundFont(larger.subarray(10, -10), 'saw.sf2');
    expect(bank.presets).toHaveLength(1);
  });
});
