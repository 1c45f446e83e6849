/** The chords over the roll: those that takes were played to, and those that are asked for next. */
import { chordsNamed } from '../../../src/index.js';
import type { ChordLabel } from '../../../src/web/index.js';
import { type Take, takeOf } from '../state/session.js';
import { settings } from '../state/settings.js';
import { chordsIn } from './asked-chords.js';
import { cutOf, type StudioState, sessionOf } from './studio.js';

const NONE: readonly ChordLabel[] = [];

export function shownChords(state: StudioState): readonly ChordLabel[] {
  const session = sessionOf(state);
  const chain: Take[] = [];
  for (let take = takeOf(session, session.current); take; take = takeOf(session, take.parent))
    chain.unshift(take);
  const played = chain.reduce((labels, take) => {
    const { cut, until = Number.POSITIVE_INFINITY } = take;
    return over(labels, namedChords(take), { from: cut, to: until });
  }, NONE);
  const isAsked = settings.get().chords.trim() !== '' && state.wishes.has('chords');
  if (state.making !== undefined || !isAsked) return played;
  const start = state.selection?.start ?? cutOf(state);
  const end = state.selection?.end ?? start + settings.get().seconds;
  return over(played, askedChords(start, end), { from: start, to: end });
}

function namedChords({ cut, until, recipe }: Take): ChordLabel[] {
  const { chords, options, seconds } = recipe;
  if (chords === undefined || options.chords === undefined) return [];
  const names = chordsNamed(chords).map(({ name }) => name);
  const end = until ?? cut + seconds;
  return options.chords.map(({ from, to }, i) => ({
    from: Math.max(cut, from),
    to: Math.min(end, to),
    name: names[i % names.length],
  }));
}

/** None while what is typed cannot be read. */
function askedChords(from: number, to: number): ChordLabel[] {
  try {
    return chordsIn(settings.get().chords, from, to).map((span) => ({
      from: Math.max(from, span.from),
      to: Math.min(to, span.to),
      name: span.name,
      isAsked: true,
    }));
  } catch {
    return [];
  }
}

/** Labels with others over a span, of which nothing else stays. */
function over(
  below: readonly ChordLabel[],
  above: readonly ChordLabel[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly ChordLabel[] {
  const left = below.flatMap((label) =>
    label.from < from ? [{ ...label, to: Math.min(label.to, from) }] : [],
  );
  const right = below.flatMap((label) =>
    label.to > to ? [{ ...label, from: Math.max(label.from, to) }] : [],
  );
  return [...left, ...above, ...right];
}
