/**
 * A server that goes on with MIDI files:
 *
 *   node server.js 8080
 *   curl --data-binary @piece.mid 'localhost:8080/?seconds=30&style=chopin' -o continued.mid
 *   curl --data-binary @piece.mid 'localhost:8080/?format=mp3' -o continued.mp3
 */
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  CadenzaError,
  midiFromNotes,
  notesOfKeys,
  readMidi,
  renderNotes,
  soundChunks,
  soundWriter,
  startOf,
} from 'cadenza';
import { createOnnxEngine, loadModel, loadSoundFont } from 'cadenza/node';

const MOST_BYTES = 2 ** 20;
const MOST_SECONDS = 120;
const MOST_WAITING = 16;
const TYPES = { mp3: 'audio/mpeg', ogg: 'audio/ogg', wav: 'audio/wav' };

const loaded = await loadModel('maestro');
const piano = await loadSoundFont();
const player = await loaded.kind.player(loaded, await createOnnxEngine({ threads: 1 }));

/** Whoever asked first is answered first: a player plays one thing at a time. */
let waiting = 0;
let last = Promise.resolve();
function inTurn(task) {
  if (waiting >= MOST_WAITING) throw new Refusal(503, 'too many are waiting; try again in a minute');
  waiting++;
  const mine = last.then(task).finally(() => waiting--);
  last = mine.catch(() => {});
  return mine;
}

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MOST_BYTES) throw new Refusal(413, `a file may have ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function wishesOf({ searchParams }) {
  const seconds = Number(searchParams.get('seconds') ?? 30);
  const seed = Number(searchParams.get('seed') ?? 0);
  if (!(seconds > 0 && seconds <= MOST_SECONDS)) throw new Refusal(400, `seconds: from 0 to ${MOST_SECONDS}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Refusal(400, 'seed: a whole number of at least 0');
  const format = searchParams.get('format');
  if (format !== null && !Object.hasOwn(TYPES, format)) throw new Refusal(400, 'format: mp3, ogg or wav');
  return {
    seconds,
    format,
    options: { seed, style: searchParams.get('style') ?? undefined, isEnding: true },
  };
}

/** The notes that the model plays after a file, from second 0 on. */
async function continued(midi, { seconds, options }, signal) {
  const start = startOf(loaded.kind, midi);
  const keys = [];
  for await (const { event } of player.play({ ...start, seconds, options })) {
    if (signal.aborted) return undefined; // nobody waits for it any more
    keys.push({ ...event, time: Math.max(0, event.time - start.cut) });
  }
  return notesOfKeys(keys, keys.at(-1)?.time ?? 0);
}

/** As a MIDI file, or as sound while it is made. */
async function send(response, notes, format) {
  if (format === null) {
    response.writeHead(200, { 'content-type': 'audio/midi' }).end(midiFromNotes(notes));
    return;
  }
  const chunks = soundChunks(renderNotes(notes, piano), await soundWriter(format));
  response.writeHead(200, { 'content-type': TYPES[format] });
  await pipeline(chunks, response);
}

createServer(async (request, response) => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    if (request.method !== 'POST') throw new Refusal(405, 'post a MIDI file');
    const wishes = wishesOf(new URL(request.url, 'http://localhost'));
    const midi = readMidi(await bodyOf(request), 'the file');
    const notes = await inTurn(() => gone.signal.aborted || continued(midi, wishes, gone.signal));
    if (gone.signal.aborted) return;
    await send(response, notes, wishes.format);
  } catch (error) {
    const status = error instanceof Refusal ? error.status : error instanceof CadenzaError ? 400 : 500;
    if (gone.signal.aborted) return;
    if (status === 500) console.error(error);
    if (response.headersSent) return response.destroy(error);
    response
      .writeHead(status, { 'content-type': 'text/plain' })
      .end(`${status === 500 ? 'a fault of ours' : error.message}\n`);
  }
}).listen(process.argv[2] ?? 8080, function () {
  console.log(`listening at http://localhost:${this.address().port}`);
});
