/**
 * The listener against an oracle: files that mean something, heard once by `listen` and once key by key, slowly, as the
 * specifications say it. Nothing of the library's own hearing is used here but the reading of the file.
 */
import { listen, readMidi } from '../../../dist/index.js';
import { playableMidi } from '../midi-grammar.js';

export const make = playableMidi;

/** Seconds at a tick, tempo by tempo. */
function secondsAt(midi, tick) {
  if (midi.ticksPerSecond !== undefined) return tick / midi.ticksPerSecond;
  const tempos = midi.tempos
    .map((tempo, i) => ({ ...tempo, i }))
    .sort((a, b) => a.tick - b.tick || a.track - b.track || a.i - b.i);
  let [seconds, at, perBeat] = [0, 0, 500_000];
  for (const tempo of tempos) {
    if (tempo.tick > tick) break;
    seconds += ((tempo.tick - at) * perBeat) / 1e6 / midi.ticksPerBeat;
    [at, perBeat] = [tempo.tick, tempo.microsecondsPerBeat];
  }
  return seconds + ((tick - at) * perBeat) / 1e6 / midi.ticksPerBeat;
}

/** All that is sent, in the order in which an instrument gets it. */
function sent(midi) {
  const { events, messages } = midi;
  const all = [];
  for (let e = 0; e < events.length; e++)
    all.push({
      ...{ tick: events.tick[e], track: events.track[e], place: 2 * e + 1 },
      ...{
        kind: events.status[e] >> 4,
        channel: events.status[e] & 15,
        a: events.data1[e],
        b: events.data2[e],
      },
    });
  for (const { tick, track, before, status, data } of messages)
    if (status === 0xf0) all.push({ tick, track, place: 2 * before, kind: 'message', data: [...data] });
  return all.sort((x, y) => x.tick - y.tick || x.track - y.track || x.place - y.place);
}

const startsWith = (data, ...bytes) => bytes.every((byte, i) => byte === undefined || data[i] === byte);

/** Which standard a message sets, if it resets the instrument. */
function resetOf(data) {
  if (startsWith(data, 0x7e, undefined, 9, 1) || startsWith(data, 0x7e, undefined, 9, 2)) return 'GM';
  if (startsWith(data, 0x7e, undefined, 9, 3)) return 'GM2';
  if (startsWith(data, 0x41, undefined, 0x42, 0x12, 0x40, 0, 0x7f)) return 'GS';
  if (data[1] >> 4 === 1 && startsWith(data, 0x43, undefined, 0x4c, 0, 0, 0x7e)) return 'XG';
  return undefined;
}

/** Whether a channel plays drums after so many of what is sent, by going through it all anew. */
function isDrums(all, channel, until) {
  let [standard, bank, kit, part] = [undefined, 0, false, undefined];
  for (const { kind, data, channel: of, a, b } of all.slice(0, until)) {
    if (kind === 'message') {
      const reset = resetOf(data);
      if (reset !== undefined) [standard, bank, kit, part] = [reset, 0, false, undefined];
      // GS numbers channel 10 as 0, those before it 1 … 9, those after it 10 … 15.
      const gsPart = channel === 9 ? 0 : channel < 9 ? channel + 1 : channel;
      if (startsWith(data, 0x41, undefined, 0x42, 0x12, 0x40, 0x10 | gsPart, 0x15)) part = data[7] > 0;
      if (data[1] >> 4 === 1 && startsWith(data, 0x43, undefined, 0x4c, 8, channel, 7)) part = data[6] > 0;
    } else if (of === channel && kind === 0xb && a === 0) bank = b;
    else if (of === channel && kind === 0xc)
      kit = (standard !== 'GS' && (bank === 126 || bank === 127)) || (standard === 'GM2' && bank === 120);
  }
  return part ?? (channel === 9 || kit);
}

/** The strikes of one key and what became of them: where each is let go, and where its sound ends. */
function heardOf(midi, all, channel, pitch) {
  const own = all
    .map((event, at) => ({ ...event, at }))
    .filter(({ kind, channel: of }) => kind === 'message' || of === channel);
  const isStrike = ({ kind, a, b }) => kind === 9 && a === pitch && b > 0;
  const isRelease = ({ kind, a, b }) => (kind === 8 || (kind === 9 && b === 0)) && a === pitch;
  const lets = ({ kind, a, data }) =>
    kind === 'message' ? resetOf(data) !== undefined : kind === 0xb && (a >= 123 || a === 120);

  // Which release is a strike's: the one that answers the last of all strikes that wait; else the last before the next strike.
  const strikes = [];
  let waiting = 0;
  for (const event of own) {
    const last = strikes.at(-1);
    if (isStrike(event)) {
      if (last && last.letGo === undefined) last.letGo = last.lastRelease;
      strikes.push({ event, letGo: undefined, lastRelease: undefined, isOpen: true });
      if (last) last.isOpen = false;
      waiting++;
    } else if (isRelease(event)) {
      waiting = Math.max(0, waiting - 1);
      if (!last?.isOpen) continue;
      last.lastRelease = event.at;
      if (waiting === 0) [last.letGo, last.isOpen] = [event.at, false];
    } else if (lets(event)) {
      waiting = 0;
      if (last?.isOpen) [last.letGo, last.isOpen] = [event.at, false];
    }
  }
  const last = strikes.at(-1);
  if (last?.isOpen) last.letGo = last.lastRelease;

  const fileEnd = Math.max(0, ...midi.tracks.map(({ endTick }) => endTick), ...all.map(({ tick }) => tick));
  return strikes.map(({ event, letGo }, s) => {
    const next = strikes[s + 1]?.event;
    const trackEnd = Math.max(event.tick, midi.tracks[event.track].endTick);
    // From its strike on: is it down, held by sostenuto, is the damper pedal down?
    let [isDown, isHeld, released, end] = [true, false, undefined, undefined];
    let [sustain, sostenuto] = [false, false];
    for (const { at, tick, kind, a, b, data } of own) {
      const has = at > event.at;
      if (has && next && at === next.at) {
        const latest = isDown ? trackEnd : fileEnd;
        end = letGo === undefined && isDown ? Math.min(tick, latest) : tick;
        break;
      }
      const isReset = kind === 'message' && resetOf(data) !== undefined;
      if (isReset || (kind === 0xb && a === 120 && has)) {
        if (isReset) [sustain, sostenuto] = [false, false];
        if (has) {
          end = tick;
          break;
        }
      }
      if (kind === 0xb && a === 64) sustain = b >= 64;
      if (kind === 0xb && a === 66) {
        const was = sostenuto;
        sostenuto = b >= 64;
        if (sostenuto !== was) isHeld = sostenuto && has && isDown;
      }
      if (kind === 0xb && a === 121) [sustain, sostenuto, isHeld] = [false, false, false];
      if (has && at === letGo && isDown) [isDown, released] = [false, tick];
      if (has && !isDown && !sustain && !isHeld) {
        end = tick;
        break;
      }
    }
    end ??= isDown ? trackEnd : fileEnd;
    return {
      at: event.at,
      tick: event.tick,
      end,
      released: released ?? end,
      pitch,
      velocity: event.b,
      channel,
    };
  });
}

function heard(midi) {
  const all = sent(midi);
  const keys = new Set(
    all.filter(({ kind, b }) => kind === 9 && b > 0).map(({ channel, a }) => 128 * channel + a),
  );
  return [...keys]
    .flatMap((key) => heardOf(midi, all, key >> 7, key & 127))
    .filter(({ at, channel, tick, end }) => end > tick && !isDrums(all, channel, at))
    .sort((x, y) => x.at - y.at);
}

const isNear = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

export async function use(bytes) {
  const midi = readMidi(bytes, 'a.mid');
  const { notes } = listen(midi);
  const expected = heard(midi);
  if (notes.length !== expected.length)
    throw new Error(`hears ${notes.length} notes instead of ${expected.length}`);
  for (const [n, { tick, end, released, pitch, velocity, channel }] of expected.entries()) {
    const isRight =
      notes.pitch[n] === pitch &&
      notes.velocity[n] === velocity &&
      notes.channel[n] === channel &&
      isNear(notes.start[n], secondsAt(midi, tick)) &&
      isNear(notes.end[n], secondsAt(midi, end)) &&
      isNear(notes.released[n], secondsAt(midi, released));
    if (!isRight) {
      const has = `${notes.pitch[n]} ${notes.start[n]}–${notes.released[n]}–${notes.end[n]}`;
      const wants = `${pitch} ${secondsAt(midi, tick)}–${secondsAt(midi, released)}–${secondsAt(midi, end)}`;
      throw new Error(`hears note ${n} as ${has} instead of ${wants}`);
    }
  }
}
