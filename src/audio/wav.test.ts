import { describe, expect, it } from 'vitest';
import { notesOf, shippedPiano } from '../../test/helpers/sound.js';
import { renderNotes } from './render.js';
import { pcm16, wavChunks, wavHeader, wavOf } from './wav.js';

describe('wavHeader', () => {
  it('is these 44 bytes', () => {
    expect(Buffer.from(wavHeader(3, 44_100)).toString('hex')).toBe(
      [
        '52494646', // RIFF
        '30000000', // 36 + 12 bytes follow
        '57415645', // WAVE
        '666d7420', // fmt
        '10000000', // 16 bytes follow
        '0100', // PCM
        '0200', // stereo
        '44ac0000', // 44100 samples a second
        '10b10200', // 176400 bytes a second
        '0400', // 4 bytes a sample of both sides
        '1000', // 16 bits
        '64617461', // data
        '0c000000', // 12 bytes follow
      ].join(''),
    );
  });

  it('refuses what the format cannot count', () => {
    expect(wavHeader(2 ** 30 - 10, 44_100)).toHaveLength(44);
    expect(() => wavHeader(2 ** 30, 44_100)).toThrow(/longer than the 6\.7 hours that fit into a WAV file/);
  });
});

describe('pcm16', () => {
  it('puts left and right in turn, as little-endian numbers that stay in range', () => {
    const bytes = pcm16({ left: Float32Array.of(0, 1, -2), right: Float32Array.of(0.5, -1, 2) });
    expect([...new Int16Array(bytes.buffer)]).toEqual([0, 16384, 32767, -32767, -32768, 32767]);
    expect([...bytes.subarray(2, 4)]).toEqual([0, 0x40]);
  });
});

describe('wavOf', () => {
  it('is the chunks, one after the other', async () => {
    const rendering = renderNotes(notesOf([60, 80, 0, 0.5]), await shippedPiano(), { sampleRateHz: 8000 });
    const whole = wavOf(rendering);
    expect(whole).toHaveLength(44 + 4 * rendering.frames);
    expect(Buffer.concat([...wavChunks(rendering)]).equals(whole)).toBe(true);
    expect(new Set(whole.subarray(44)).size).toBeGreaterThan(100);
  });
});
