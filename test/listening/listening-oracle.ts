/**
 * What is heard of a file, told note by note: each is followed from its strike on through everything that is
 * sent, with no regard to speed. Written apart from src/notes/listen.ts, to check it.
 */
import type { TrackEvent } from '../helpers/midi-tracks.js';

export interface OracleNote {
  readonly start: number;
  readonly end: number;
  readonly released: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly channel: number;
  readonly track: number;
}

interface Sent {
  readonly at: number;
  readonly track: number;
  readonly is: 'strike' | 'release' | 'control' | 'program' | 'reset' | 'part' | 'nothing';
  readonly channel: number;
  readonly one: number;
  readonly two: number;
}

/** Notes in ticks. @param ends the last tick of every track */
export function oracleNotes(
  tracks: readonly (readonly TrackEvent[])[],
  ends: readonly number[],
): OracleNote[] {
  const all = tracks.flatMap((events, track) =>
    [...events].sort((a, b) => a.at - b.at).map((event) => sent(event, track)),
  );
  all.sort((a, b) => a.at - b.at || a.track - b.track);
  const notes: OracleNote[] = [];
  for (const [i, event] of all.entries()) {
    if (event.is !== 'strike' || isDrum(all, i)) continue;
    const { end, released } = follow(all, i, ends);
    if (end === event.at) continue;
    const { at: start, one: pitch, two: velocity, channel, track } = event;
    notes.push({ start, end, released, pitch, velocity, channel, track });
  }
  return notes;
}

function sent(event: TrackEvent, track: number): Sent {
  const { at } = event;
  const none = { at, track, channel: -1, one: 0, two: 0 };
  if ('message' in event) {
    const [status, one, two = 0] = event.message;
    const kind = status >> 4;
    const is =
      kind === 9 && two > 0
        ? 'strike'
        : kind === 8 || kind === 9
          ? 'release'
          : kind === 11
            ? 'control'
            : 'program';
    return { at, track, is, channel: status & 15, one, two };
  }
  if (!('sysEx' in event)) return { ...none, is: 'nothing' };
  const bytes = event.sysEx;
  if (bytes[0] === 0x43) return { ...none, is: 'reset', one: 2 };
  if (bytes[0] === 0x7e) return { ...none, is: 'reset', one: 0 };
  if (bytes[5] === 0) return { ...none, is: 'reset', one: 1 };
  const part = bytes[5] - 0x10;
  return { ...none, is: 'part', channel: part === 0 ? 9 : part < 10 ? part - 1 : part, two: bytes[7] };
}

/** Whether the channel of a strike plays drums by then. */
function isDrum(all: readonly Sent[], strike: number): boolean {
  const { channel } = all[strike];
  let [standard, bank, part, kit] = [0, 0, -1, false];
  for (const event of all.slice(0, strike)) {
    if (event.is === 'reset') [standard, bank, part, kit] = [event.one, 0, -1, false];
    if (event.channel !== channel) continue;
    if (event.is === 'part') part = event.two > 0 ? 1 : 0;
    if (event.is === 'control' && event.one === 0) bank = event.two;
    if (event.is === 'program') kit = standard !== 1 && bank >= 126;
  }
  return part >= 0 ? part === 1 : channel === 9 || kit;
}

/** Whether an event releases all keys of a channel. */
const releasesAll = ({ is, channel, one }: Sent, of: number) =>
  is === 'reset' || (is === 'control' && channel === of && (one === 120 || one >= 123));

/** The event that releases the key of a strike; undefined if none does. */
function releaseOf(all: readonly Sent[], strike: number): Sent | undefined {
  const { channel, one: pitch } = all[strike];
  const isKey = (event: Sent) => event.channel === channel && event.one === pitch;
  let unanswered = 0;
  let last: Sent | undefined;
  for (const [i, event] of all.entries()) {
    if (event.is === 'strike' && isKey(event)) {
      if (i > strike) return last;
      unanswered++;
    } else if (event.is === 'release' && isKey(event)) {
      unanswered = Math.max(0, unanswered - 1);
      if (i < strike) continue;
      last = event;
      if (unanswered === 0) return event;
    } else if (releasesAll(event, channel)) {
      unanswered = 0;
      if (i > strike) return event;
    }
  }
  return last;
}

/** When the key of a strike is let go, and when its sound ends. */
function follow(all: readonly Sent[], strike: number, ends: readonly number[]) {
  const { at: start, channel, one: pitch, track } = all[strike];
  const release = releaseOf(all, strike);
  let [sustain, sostenuto, isCaught, released] = [false, false, false, -1];
  for (const [i, { at, is, channel: of, one, two }] of all.entries()) {
    const isMine = of === channel || is === 'reset';
    if (!isMine) continue;
    const isAfter = i > strike;
    if (is === 'reset' || (is === 'control' && one === 120)) {
      if (isAfter) return { end: at, released: released < 0 ? at : released };
    }
    if (is === 'reset' || (is === 'control' && one === 121))
      [sustain, sostenuto, isCaught] = [false, false, false];
    if (is === 'control' && one === 64) sustain = two >= 64;
    if (is === 'control' && one === 66) {
      if (two >= 64 && !sostenuto) isCaught = isAfter && released < 0;
      if (two < 64) isCaught = false;
      sostenuto = two >= 64;
    }
    if (is === 'strike' && isAfter && one === pitch) {
      const end = release === undefined ? Math.min(at, Math.max(start, ends[track])) : at;
      return { end, released: released < 0 ? end : released };
    }
    if (isAfter && all[i] === release) released = at;
    if (isAfter && released >= 0 && !sustain && !isCaught) return { end: at, released };
  }
  if (released < 0) {
    const end = Math.max(start, ends[track]);
    return { end, released: end };
  }
  return { end: Math.max(...ends), released };
}
