import { describe, expect, it } from 'vitest';
import { BarGrid } from '../../notes/bar-grid.js';
import { evenBeats } from '../../notes/beats.js';
import { hoverInWords, placeLabel, rollInWords } from './words.js';

describe('the roll in words', () => {
  const facts = {
    notes: 1,
    duration: 62.5,
    view: { start: 0, end: 20 },
    playhead: undefined,
    marker: undefined,
    markerLabel: 'primer ends here',
    selection: undefined,
    selectedNotes: 0,
  };

  it('says what is there and what is shown', () => {
    expect(rollInWords({ ...facts, notes: 0 })).toBe('No notes yet.');
    expect(rollInWords(facts)).toBe('1 note in 1 minute 2.5 seconds; shown from 0 seconds to 20 seconds.');
  });

  it('says where playhead, marker and selection are', () => {
    const selection = { start: 1, end: 2, lowest: 60, highest: 72 };
    const words = rollInWords({ ...facts, playhead: 3, marker: 125, selection, selectedNotes: 4 });
    expect(words).toContain('Playhead at 3 seconds.');
    expect(words).toContain('At 2 minutes 5 seconds: primer ends here.');
    expect(words).toContain('Selected: 1 second to 2 seconds, C4 to C5, 4 notes.');
  });

  it('reads out notes and places', () => {
    expect(hoverInWords(undefined)).toBe('');
    expect(hoverInWords({ time: 61.5, pitch: 60, note: undefined })).toBe('C4 · 1:01.50');
    const note = { layer: 'a', index: 0, pitch: 61, velocity: 72, start: 1, end: 1.5 };
    expect(hoverInWords({ time: 1.2, pitch: 61, note })).toBe('C#4 · velocity 72 · 0:01.00 · 0.50 s');
    expect(
      hoverInWords({ time: 1.2, pitch: 61, note: { ...note, end: Number.POSITIVE_INFINITY } }),
    ).toContain('sounding');
  });

  it('counts in bars where they are known', () => {
    const bars = new BarGrid(evenBeats(0, 90, 3));
    const selection = { start: 8, end: 17 };
    const words = rollInWords({ ...facts, bars, selection, playhead: 8 + 2 / 3, selectedNotes: 4 });
    expect(words).toContain('shown from bar 1 to bar 11');
    expect(words).toContain('Playhead at bar 5 beat 2.');
    expect(words).toContain('Selected: bar 5 to bar 9 beat 2.5');
    expect(placeLabel(8.5, bars)).toBe('5.1+75');
    expect(hoverInWords({ time: 8, pitch: 60, note: undefined }, bars)).toBe('C4 · 0:08.00 · 5.1');
  });
});
