/** Where progress is written to: `process.stderr`, or a stand-in. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** What is going on, such as `Reading`. */
  label: string;
  /** How many there are, where that is known beforehand. */
  total?: number;
  /** How many were done before the clock started, and say nothing about the speed; 0 by default. */
  before?: number;
  /** What is counted, in the plural, such as `files`. */
  unit: string;
  /** Leave no line behind where it took but a moment. */
  isPassing?: boolean;
  /** Report nothing, as `--quiet` and `--json` want it. */
  quiet?: boolean;
  /** `process.stderr` by default. */
  stream?: ProgressStream;
}

/** Reports how far a long operation has come. */
export interface Progress {
  /**
   * @param done how many are done in all
   * @param extra more to show behind the numbers, such as a loss
   * @param total where it became known only after the beginning
   */
  update(done: number, extra?: string, total?: number): void;
  /** Writes a line of its own, past the progress line. */
  log(line: string): void;
  /** Ends the progress line with what was done, if anything, in what time. Also to be called on failure. */
  finish(extra?: string): void;
}

const REDRAW_SECONDS = 0.1;
const LINE_SECONDS = 5;
const BAR_WIDTH = 20;
const ERASE_LINE = '\r\x1b[K';

/**
 * On a terminal: one line that overwrites itself, with a bar, the rate and the time left. Elsewhere, as in a
 * log file: a plain line every five seconds, rarer as the operation takes longer (at most every twentieth of
 * its time).
 */
export function createProgress(options: ProgressOptions): Progress {
  const { label, before = 0, unit, isPassing, quiet = false, stream = process.stderr } = options;
  const seconds = () => performance.now() / 1000;
  const started = seconds();
  let last = stream.isTTY ? Number.NEGATIVE_INFINITY : started;
  let done = before;
  let line = '';
  let finished = quiet;
  let { total } = options;

  const draw = (text: string) => stream.write(ERASE_LINE + text.slice(0, (stream.columns || 80) - 1));

  return {
    update(nowDone, extra = '', nowTotal = total) {
      if (finished) return;
      total = nowTotal;
      done = nowDone;
      const now = seconds();
      const elapsed = now - started;
      const pause = stream.isTTY ? REDRAW_SECONDS : Math.max(LINE_SECONDS, elapsed / 20);
      if (now - last < pause) return;
      last = now;
      const rate = (done - before) / elapsed;
      const parts = [`${total === undefined ? done : `${done}/${total}`} ${unit}`];
      if (total) parts.push(`${Math.floor((100 * done) / total)} %`);
      if (done > before && elapsed > 0) {
        parts.push(`${formatRate(rate)} ${unit}/s`);
        if (total) parts.push(`${formatTime((total - done) / rate)} left`);
      }
      if (extra) parts.push(extra);
      const text = parts.join(', ');
      if (!stream.isTTY) {
        stream.write(`${label}: ${text}\n`);
        return;
      }
      line = total ? `${label} ${bar(done / total)} ${text}` : `${label} ${text}`;
      draw(line);
    },
    log(text) {
      if (quiet) return;
      stream.write(stream.isTTY && !finished ? `${ERASE_LINE}${text}\n` : `${text}\n`);
      if (stream.isTTY && !finished) draw(line);
    },
    finish(extra = '') {
      if (finished) return;
      finished = true;
      if (done === 0 || (isPassing && seconds() - started < LINE_SECONDS)) {
        if (stream.isTTY) stream.write(ERASE_LINE);
        return;
      }
      const text = `${label}: ${done} ${unit} in ${formatTime(seconds() - started)}${extra && `, ${extra}`}`;
      stream.write(stream.isTTY ? `${ERASE_LINE}${text}\n` : `${text}\n`);
    },
  };
}

function bar(part: number): string {
  const filled = Math.max(0, Math.min(BAR_WIDTH, Math.round(part * BAR_WIDTH)));
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function formatRate(rate: number): string {
  return rate >= 100 ? Math.round(rate).toString() : rate.toPrecision(2);
}

/** `0.4 s`, `12 s`, `3:05`, `2:03:05`. */
export function formatTime(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
