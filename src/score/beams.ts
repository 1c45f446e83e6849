/** Beams: which short notes of a group are joined. */

export type Beam = 'begin' | 'continue' | 'end' | 'forward hook' | 'backward hook';

/** What of a note beams look at. */
export interface Beamed {
  /** Ticks from the bar line. */
  readonly at: number;
  /** Flags: 1 of an eighth, 2 of a sixteenth; 0 of what has none, and of a rest. */
  readonly flags: number;
  readonly isRest: boolean;
}

/**
 * (N) for each note its beams, the one of eighths first.
 *
 * @param group ticks that are beamed together: a beat, or three eighths
 */
export function beamsOf(notes: readonly Beamed[], group: number): Beam[][] {
  const beams: Beam[][] = notes.map(() => []);
  let run: number[] = [];
  const close = () => {
    if (run.length > 1) joinRun(notes, run, beams);
    run = [];
  };
  for (const [n, { at, flags, isRest }] of notes.entries()) {
    const last = run.at(-1);
    if (last !== undefined && Math.floor(notes[last].at / group) !== Math.floor(at / group)) close();
    if (flags === 0 || isRest) close();
    else run.push(n);
  }
  close();
  return beams;
}

function joinRun(notes: readonly Beamed[], run: readonly number[], beams: Beam[][]): void {
  const most = Math.max(...run.map((n) => notes[n].flags));
  for (let level = 1; level <= most; level++) {
    for (const [i, n] of run.entries()) {
      if (notes[n].flags < level) continue;
      const [before, after] = [run[i - 1], run[i + 1]].map((other) => (notes[other]?.flags ?? 0) >= level);
      if (before && after) beams[n].push('continue');
      else if (after) beams[n].push('begin');
      else if (before) beams[n].push('end');
      else beams[n].push(i === 0 ? 'forward hook' : 'backward hook');
    }
  }
}
