/** A score as MusicXML 4.0, partwise, for notation programs. */
import { type Beam, beamsOf } from './beams.js';
import { type NoteValueName, noteValueOf, TICKS, valuesOf } from './note-values.js';
import type { Score, ScoreBar, ScoreNote } from './score-types.js';
import { spelledIn } from './spelling.js';

export interface MusicXmlOptions {
  readonly title?: string;
  readonly composer?: string;
}

const STAVES = [1, 2];
const VOICES = [1, 2];
/** Voices of the second staff are numbered from here, as notation programs do. */
const VOICES_A_STAFF = 4;
/** Tempos that differ by less are not said again. */
const SAME_TEMPO = 0.5;

/** Notes that sound together in a voice, or a rest, with the value that is written. */
interface Event {
  /** Ticks from the bar line. */
  readonly at: number;
  readonly ticks: number;
  readonly value: NoteValueName;
  /** None for a rest. */
  readonly pitches: readonly number[];
  readonly isTiedFrom: boolean;
  readonly isTiedOn: boolean;
}

/** The text of a `.musicxml` file. */
export function musicXmlOf(score: Score, { title, composer }: MusicXmlOptions = {}): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">',
    '<score-partwise version="4.0">',
    ...(title ? [`  <work><work-title>${escaped(title)}</work-title></work>`] : []),
    '  <identification>',
    ...(composer ? [`    <creator type="composer">${escaped(composer)}</creator>`] : []),
    '    <encoding><software>Cadenza</software></encoding>',
    '  </identification>',
    '  <part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>',
    '  <part id="P1">',
  ];
  const byBar = notesByBar(score);
  for (const [i, bar] of score.bars.entries()) lines.push(...measure(score, i, bar, byBar[i]));
  // A part has a measure at least.
  if (score.bars.length === 0)
    lines.push('    <measure number="1"><note><rest/><duration>96</duration></note></measure>');
  lines.push('  </part>', '</score-partwise>', '');
  return lines.join('\n');
}

/** What is no character of XML, as a control that a file's name may hold, would make the whole file none. */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const escaped = (text: string) =>
  text
    .replace(NO_XML, '')
    .replace(
      /[&<>"]/g,
      (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] as string,
    );

/** Parts of notes that lie in each bar. */
function notesByBar({ notes, bars }: Score): ScoreNote[][] {
  const byBar: ScoreNote[][] = bars.map(() => []);
  for (const note of notes) {
    const first = bars.findLastIndex(({ start }) => start <= note.start);
    for (let bar = first; bar < bars.length && bars[bar].start < note.start + note.length; bar++)
      byBar[bar].push(note);
  }
  return byBar;
}

function measure(score: Score, index: number, bar: ScoreBar, notes: readonly ScoreNote[]): string[] {
  const before = score.bars[index - 1];
  const lines = [`    <measure number="${score.firstBar + index}">`, ...attributes(score, bar, before)];
  if (before === undefined || Math.abs(before.tempo - bar.tempo) >= SAME_TEMPO) lines.push(tempo(bar));
  let written = false;
  for (const staff of STAVES) {
    for (const voice of VOICES) {
      const own = notes.filter((note) => note.staff === staff && note.voice === voice);
      if (own.length === 0 && voice > 1) continue;
      if (written) lines.push(`      <backup><duration>${bar.length}</duration></backup>`);
      written = true;
      lines.push(...voiceIn(score, bar, own, staff, voice));
    }
  }
  const isLast = index === score.bars.length - 1;
  if (isLast) lines.push('      <barline location="right"><bar-style>light-heavy</bar-style></barline>');
  return [...lines, '    </measure>'];
}

function attributes({ fifths }: Score, { metre }: ScoreBar, before: ScoreBar | undefined): string[] {
  const isSame =
    before?.metre.numerator === metre.numerator && before.metre.denominator === metre.denominator;
  if (isSame) return [];
  const time = `<time><beats>${metre.numerator}</beats><beat-type>${metre.denominator}</beat-type></time>`;
  if (before !== undefined) return [`      <attributes>${time}</attributes>`];
  return [
    '      <attributes>',
    `        <divisions>${TICKS}</divisions>`,
    `        <key><fifths>${fifths}</fifths></key>`,
    `        ${time}`,
    '        <staves>2</staves>',
    '        <clef number="1"><sign>G</sign><line>2</line></clef>',
    '        <clef number="2"><sign>F</sign><line>4</line></clef>',
    '      </attributes>',
  ];
}

function tempo({ tempo: perMinute }: ScoreBar): string {
  const rounded = Math.round(perMinute);
  return (
    '      <direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>' +
    `<per-minute>${rounded}</per-minute></metronome></direction-type><staff>1</staff><sound tempo="${perMinute.toFixed(2)}"/></direction>`
  );
}

/** How many ticks are beamed together. */
const groupOf = ({ metre }: ScoreBar) =>
  metre.denominator === 8 && metre.numerator % 3 === 0 ? (3 * TICKS) / 2 : TICKS;

function voiceIn(
  { fifths }: Score,
  bar: ScoreBar,
  notes: readonly ScoreNote[],
  staff: number,
  voice: number,
): string[] {
  const number = (staff - 1) * VOICES_A_STAFF + voice;
  const group = groupOf(bar);
  if (notes.length === 0) {
    return [
      `      <note><rest/><duration>${bar.length}</duration><voice>${number}</voice><staff>${staff}</staff></note>`,
    ];
  }
  const events = eventsIn(bar, notes, group);
  const beams = beamsOf(
    events.map(({ at, value, pitches }) => ({ at, flags: flagsOf(value), isRest: pitches.length === 0 })),
    group,
  );
  const tuplets = tupletsOf(events);
  const lines: string[] = [];
  for (const [i, event] of events.entries()) {
    if (event.pitches.length === 0 && voice > 1) {
      lines.push(
        `      <forward><duration>${event.ticks}</duration><voice>${number}</voice><staff>${staff}</staff></forward>`,
      );
      continue;
    }
    const pitches: readonly (number | undefined)[] = event.pitches.length === 0 ? [undefined] : event.pitches;
    for (const [k, pitch] of pitches.entries())
      lines.push(
        noteLine(event, {
          pitch,
          isChord: k > 0,
          beams: beams[i],
          tuplet: tuplets[i],
          fifths,
          number,
          staff,
        }),
      );
  }
  return lines;
}

/** What sounds in a bar, with rests between, in values that are written. */
function eventsIn(bar: ScoreBar, notes: readonly ScoreNote[], group: number): Event[] {
  const events: Event[] = [];
  let at = 0;
  const restTo = (until: number) => {
    for (const ticks of valuesOf(at, until - at, group)) {
      events.push({ at, ticks, value: noteValueOf(ticks), pitches: [], isTiedFrom: false, isTiedOn: false });
      at += ticks;
    }
  };
  const starts = [...new Set(notes.map(({ start }) => start))].sort((a, b) => a - b);
  for (const start of starts) {
    const chord = notes.filter((note) => note.start === start);
    const from = Math.max(0, start - bar.start);
    const to = Math.min(bar.length, start + chord[0].length - bar.start);
    if (from > at) restTo(from);
    const pitches = chord.map(({ pitch }) => pitch).sort((a, b) => a - b);
    for (const ticks of valuesOf(from, to - from, group)) {
      const isTiedFrom = at + bar.start > start;
      const isTiedOn = at + ticks + bar.start < start + chord[0].length;
      events.push({ at, ticks, value: noteValueOf(ticks), pitches, isTiedFrom, isTiedOn });
      at += ticks;
    }
  }
  if (at < bar.length) restTo(bar.length);
  return events;
}

const FLAGS: Partial<Record<NoteValueName['name'], number>> = { eighth: 1, '16th': 2, '32nd': 3 };
const flagsOf = ({ name }: NoteValueName) => FLAGS[name] ?? 0;

/** (N) where brackets of triplets begin and end: a beat's worth each. */
function tupletsOf(events: readonly Event[]): ('start' | 'stop' | undefined)[] {
  const marks: ('start' | 'stop' | undefined)[] = events.map(() => undefined);
  let first: number | undefined;
  for (const [i, { value, at, ticks }] of events.entries()) {
    if (!value.isTriplet) {
      first = undefined;
      continue;
    }
    first ??= i;
    const next = events[i + 1];
    const isEnd = (at + ticks) % TICKS === 0 || next?.value.isTriplet !== true;
    if (!isEnd) continue;
    if (first < i) {
      marks[first] = 'start';
      marks[i] = 'stop';
    }
    first = undefined;
  }
  return marks;
}

interface NoteLine {
  /** A rest where undefined. */
  readonly pitch: number | undefined;
  readonly isChord: boolean;
  readonly beams: readonly Beam[];
  readonly tuplet: 'start' | 'stop' | undefined;
  readonly fifths: number;
  readonly number: number;
  readonly staff: number;
}

/** The elements of a note stand in the order that the schema asks for. */
function noteLine(event: Event, { pitch, isChord, beams, tuplet, fifths, number, staff }: NoteLine): string {
  const { ticks, value, isTiedFrom, isTiedOn } = event;
  const parts = ['      <note>'];
  if (isChord) parts.push('<chord/>');
  if (pitch === undefined) parts.push('<rest/>');
  else {
    const { step, alter, octave } = spelledIn(fifths, pitch);
    const altered = alter === 0 ? '' : `<alter>${alter}</alter>`;
    parts.push(`<pitch><step>${step}</step>${altered}<octave>${octave}</octave></pitch>`);
  }
  parts.push(`<duration>${ticks}</duration>`);
  if (isTiedFrom) parts.push('<tie type="stop"/>');
  if (isTiedOn) parts.push('<tie type="start"/>');
  parts.push(`<voice>${number}</voice><type>${value.name}</type>`, '<dot/>'.repeat(value.dots));
  if (value.isTriplet)
    parts.push(
      '<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>',
    );
  parts.push(`<staff>${staff}</staff>`);
  if (!isChord)
    for (const [level, beam] of beams.entries()) parts.push(`<beam number="${level + 1}">${beam}</beam>`);
  const notations = [
    isTiedFrom ? '<tied type="stop"/>' : '',
    isTiedOn ? '<tied type="start"/>' : '',
    tuplet && !isChord ? `<tuplet type="${tuplet}"/>` : '',
  ].join('');
  if (notations !== '') parts.push(`<notations>${notations}</notations>`);
  parts.push('</note>');
  return parts.join('');
}
