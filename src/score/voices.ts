/** Notes of a staff in two voices at most: more are hard to read, so that what would need a third is cut. */
import type { PlacedNote } from './readable-times.js';
import type { ScoreNote } from './score-types.js';

const VOICES = 2;

/** Notes that begin and end together. */
interface Chord {
  readonly pitches: number[];
  readonly start: number;
  length: number;
}

export function inVoices(notes: readonly PlacedNote[]): ScoreNote[] {
  const written: ScoreNote[] = [];
  for (const staff of [1, 2]) {
    const voices = voicesOf(chordsOf(notes.filter((note) => note.staff === staff)));
    for (const [v, chords] of voices.entries())
      for (const { pitches, start, length } of chords)
        for (const pitch of pitches) written.push({ pitch, staff, voice: v + 1, start, length });
  }
  return written.sort(
    (a, b) => a.start - b.start || a.staff - b.staff || a.voice - b.voice || a.pitch - b.pitch,
  );
}

/** At one onset the chord whose top is highest comes first. */
function chordsOf(notes: readonly PlacedNote[]): Chord[] {
  const chords = new Map<string, Chord>();
  for (const { pitch, start, length } of notes) {
    const key = `${start} ${length}`;
    const chord = chords.get(key) ?? { pitches: [], start, length };
    chords.set(key, chord);
    chord.pitches.push(pitch);
  }
  const top = ({ pitches }: Chord) => Math.max(...pitches);
  return [...chords.values()].sort((a, b) => a.start - b.start || top(b) - top(a));
}

function voicesOf(chords: readonly Chord[]): Chord[][] {
  const voices: Chord[][] = Array.from({ length: VOICES }, () => []);
  for (const chord of chords) {
    const endOf = (voice: Chord[]) => {
      const last = voice.at(-1);
      return last === undefined ? 0 : last.start + last.length;
    };
    const free = voices.find((voice) => endOf(voice) <= chord.start);
    if (free !== undefined) {
      free.push(chord);
      continue;
    }
    // Of what still sounds the one that began last is cut, so that a held tune or bass stays; where all begin
    // now, it joins one of them.
    const earlier = voices.filter((voice) => (voice.at(-1) as Chord).start < chord.start);
    const [given] = earlier.sort((a, b) => (b.at(-1) as Chord).start - (a.at(-1) as Chord).start);
    if (given === undefined) {
      const joined = voices[VOICES - 1].at(-1) as Chord;
      joined.pitches.push(...chord.pitches);
      joined.length = Math.min(joined.length, chord.length);
      continue;
    }
    const cut = given.at(-1) as Chord;
    cut.length = chord.start - cut.start;
    given.push(chord);
  }
  return voices;
}
