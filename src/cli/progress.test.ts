import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, formatTime, type ProgressOptions } from './progress.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts from 1 to `count`, a second each, and returns what was written. */
function written(count: number, options: Partial<ProgressOptions>, isTTY: boolean, columns = 200): string[] {
  const texts: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => texts.push(text) };
  const progress = createProgress({ label: 'Reading', unit: 'files', stream, ...options });
  for (let done = 1; done <= count; done++) {
    vi.advanceTimersByTime(1000);
    progress.update(done, done % 2 ? '' : 'loss 1.5');
  }
  progress.finish();
  progress.finish();
  progress.update(count);
  return texts;
}

describe('createProgress', () => {
  it('overwrites one line on a terminal', () => {
    const texts = written(2, { total: 4 }, true);
    expect(texts).toEqual([
      '\r\x1b[KReading █████░░░░░░░░░░░░░░░ 1/4 files, 25 %, 1.0 files/s, 3.0 s left',
      '\r\x1b[KReading ██████████░░░░░░░░░░ 2/4 files, 50 %, 1.0 files/s, 2.0 s left, loss 1.5',
      '\r\x1b[KReading: 2 files in 2.0 s\n',
    ]);
  });

  it('never wraps to a second line, and redraws at most ten times a second', () => {
    for (const text of written(2, { total: 4 }, true, 30).slice(0, 2)) expect(text).toHaveLength(4 + 29);
    const write = vi.fn();
    const progress = createProgress({ label: 'x', unit: 'y', stream: { isTTY: true, write } });
    for (let done = 0; done < 1000; done++) {
      vi.advanceTimersByTime(1);
      progress.update(done);
    }
    expect(write.mock.calls.length).toBeLessThanOrEqual(10);
  });

  it('writes plain lines every five seconds elsewhere', () => {
    expect(written(11, {}, false)).toEqual([
      'Reading: 5 files, 1.0 files/s\n',
      'Reading: 10 files, 1.0 files/s, loss 1.5\n',
      'Reading: 11 files in 11 s\n',
    ]);
  });

  it('grows rarer as time goes on', () => {
    expect(written(3600, { total: 3600 }, false).length).toBeLessThan(90);
  });

  it('writes nothing when quiet', () => {
    expect(written(20, { quiet: true }, true)).toEqual([]);
  });

  it('reckons its rate without what was done before the clock started', () => {
    const texts: string[] = [];
    const stream = { isTTY: true, columns: 200, write: (text: string) => texts.push(text) };
    const progress = createProgress({ label: 'Epoch 2', unit: 'steps', total: 10, before: 6, stream });
    progress.update(6);
    vi.advanceTimersByTime(1000);
    progress.update(8);
    progress.finish();
    expect(texts).toEqual([
      '\r\x1b[KEpoch 2 ████████████░░░░░░░░ 6/10 steps, 60 %',
      '\r\x1b[KEpoch 2 ████████████████░░░░ 8/10 steps, 80 %, 2.0 steps/s, 1.0 s left',
      '\r\x1b[KEpoch 2: 8 steps in 1.0 s\n',
    ]);
  });

  it('says nothing at its end when nothing was done', () => {
    expect(written(0, { total: 4 }, false)).toEqual([]);
    expect(written(0, { total: 4 }, true)).toEqual(['\r\x1b[K']);
  });

  it('lets other lines pass above the progress line', () => {
    const texts: string[] = [];
    const stream = { isTTY: true, columns: 80, write: (text: string) => texts.push(text) };
    const progress = createProgress({ label: 'Reading', unit: 'files', stream });
    vi.advanceTimersByTime(1000);
    progress.update(1);
    progress.log('a warning');
    expect(texts.slice(1)).toEqual(['\r\x1b[Ka warning\n', texts[0]]);
  });
});

describe('formatTime', () => {
  it('uses seconds, minutes and hours', () => {
    const times = [0, 9.94, 9.96, 59.4, 59.6, 185, 3599.6, 7385];
    expect(times.map(formatTime)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1:00',
      '3:05',
      '1:00:00',
      '2:03:05',
    ]);
  });
});
