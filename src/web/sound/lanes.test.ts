import { describe, expect, it } from 'vitest';
import { type LaneSynth, Lanes } from './lanes.js';

/** A synthesiser that writes down what it was told, and whose time passes when it is told to. */
function fakeSynth() {
  let now = 0;
  const told: string[] = [];
  const waiting: { at: number; callback: () => void }[] = [];
  const synth: LaneSynth = {
    now: () => now,
    fade: (channel, gain) => told.push(`fade ${channel} ${gain}`),
    mute: (channel, isMuted) => told.push(`${isMuted ? 'mute' : 'unmute'} ${channel}`),
    reset: (channel) => told.push(`reset ${channel}`),
    after: (seconds, callback) => waiting.push({ at: now + seconds, callback }),
  };
  const passTo = (time: number) => {
    waiting.sort((a, b) => a.at - b.at);
    while (waiting.length > 0 && waiting[0].at <= time) {
      now = waiting[0].at;
      waiting.shift()!.callback();
    }
    now = time;
  };
  return { synth, told, passTo };
}

describe('lanes', () => {
  it('change when they are silenced, and come back when all that was sent is past', () => {
    const { synth, told, passTo } = fakeSynth();
    const lanes = new Lanes(synth, [0, 1]);
    expect(lanes.at(0.1)).toBe(0);
    expect(lanes.at(0.5)).toBe(0);
    lanes.silence();
    expect(told).toEqual(['fade 0 0']);
    expect(lanes.at(0.05)).toBe(1);
    passTo(0.1);
    expect(told).toEqual(['fade 0 0', 'mute 0']);
    passTo(0.5);
    expect(told).not.toContain('unmute 0');
    passTo(0.6);
    expect(told.slice(-3)).toEqual(['unmute 0', 'reset 0', 'fade 0 1']);
    lanes.silence();
    expect(lanes.at(1)).toBe(0);
  });

  it('still fall silent when none is left', () => {
    const { synth, told } = fakeSynth();
    const lanes = new Lanes(synth, [0, 1]);
    lanes.silence();
    lanes.at(0.3);
    lanes.silence();
    expect(told.slice(1)).toEqual(['fade 1 0', 'mute 1', 'unmute 1', 'reset 1', 'fade 1 1']);
    expect(lanes.at(0.4)).toBe(1);
  });
});
