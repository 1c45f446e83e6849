/**
 * `midi-file` gives events with delta ticks; the loop to notes with seconds is as short as it gets: two
 * passes, plain arrays, a note-off closes what its key holds. `parse` as the first argument leaves the loop
 * out and counts note-ons.
 */
import { readFileSync } from 'node:fs';
import midiFile from '../peers/node_modules/midi-file/index.js';

const packageJson = new URL('../peers/node_modules/midi-file/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageJson, 'utf8'));
const parseOnly = process.argv[2] === 'parse';
process.argv.splice(2, 1); // the rest are files
const { ingest } = await import('../ingest-contestant.js');

/** Tempo changes of the first track: from which tick on, the second it falls on, and seconds per tick. */
function tempoMap({ ticksPerBeat }, events) {
  const map = [{ tick: 0, second: 0, secondsPerTick: 0.5 / ticksPerBeat }];
  let tick = 0;
  for (const event of events) {
    tick += event.deltaTime;
    if (event.type !== 'setTempo') continue;
    const last = map[map.length - 1];
    const second = last.second + (tick - last.tick) * last.secondsPerTick;
    map.push({ tick, second, secondsPerTick: event.microsecondsPerBeat / 1e6 / ticksPerBeat });
  }
  return map;
}

function notesOf({ header, tracks }) {
  const map = tempoMap(header, tracks[0]);
  const notes = { pitch: [], velocity: [], start: [], end: [] };
  for (const events of tracks) {
    const open = Array.from({ length: 16 * 128 });
    let tick = 0;
    let stretch = 0;
    for (const event of events) {
      tick += event.deltaTime;
      if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
      while (stretch + 1 < map.length && map[stretch + 1].tick <= tick) stretch++;
      const { tick: from, second, secondsPerTick } = map[stretch];
      const now = second + (tick - from) * secondsPerTick;
      const key = event.channel * 128 + event.noteNumber;
      const held = open[key];
      if (event.type === 'noteOn') {
        const strike = { velocity: event.velocity, start: now };
        if (held === undefined) open[key] = [strike];
        else held.push(strike);
      } else if (held !== undefined) {
        for (const { velocity, start } of held) {
          if (start === now) continue;
          notes.pitch.push(event.noteNumber);
          notes.velocity.push(velocity);
          notes.start.push(start);
          notes.end.push(now);
        }
        open[key] = undefined;
      }
    }
  }
  return notes;
}

await ingest({
  version,
  read: (bytes) => (parseOnly ? midiFile.parseMidi(bytes) : notesOf(midiFile.parseMidi(bytes))),
  count: (read) => {
    if (!parseOnly) return read.pitch.length;
    return read.tracks.reduce((sum, events) => sum + events.length, 0);
  },
  each(read, visit) {
    const { pitch, velocity, start, end } = parseOnly ? notesOf(read) : read;
    for (let i = 0; i < pitch.length; i++) visit(pitch[i], velocity[i], start[i], end[i]);
  },
});
