/**
 * What every kind of model promises: one name, one reading of files, and that command line and studio play
 * the same from the same model, primer and seed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  KINDS,
  kindNamed,
  kindOfConfig,
  midiFromNotes,
  notesOfKeys,
  type Played,
  pianoPieceOf,
  readMidi,
} from '../../src/index.js';
import { createOnnxEngine } from '../../src/node/engine/onnx-engine.js';
import { loadModel, type ModelFromFile } from '../../src/node/load-model.js';
import { assemble, assembleAs } from '../../studio/src/state/material.js';
import { newSession } from '../../studio/src/state/session.js';
import { control, fileOf, key } from '../helpers/midi-tracks.js';
import { piece, pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { songFile } from '../helpers/songs.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PEDALLED = () => {
  const notes = piece(4, 200);
  const time = Float64Array.from({ length: 40 }, (_, i) => i);
  const value = Uint8Array.from(time, (_, i) => (i % 2 === 0 ? 127 : 0));
  return midiFromNotes(notes, { pedal: { length: 40, time, value } });
};
/** Two instruments in two tracks; the second one's keys are held by a pedal. */
const DUO = () =>
  fileOf([
    Array.from({ length: 180 }, (_, i) => key(240 * i, 200, 60 + ((5 * i) % 17), 50 + (i % 40), 0)).flat(),
    [
      ...Array.from({ length: 20 }, (_, i) => control(1920 * i + 60, 64, i % 2 === 0 ? 127 : 0, 1)),
      ...Array.from({ length: 90 }, (_, i) => key(480 * i, 300, 36 + ((7 * i) % 13), 70, 1)).flat(),
    ],
  ]);

const PRIMERS: Readonly<Record<string, () => Uint8Array>> = {
  'plain.mid': () => pieceBytes(1, 200),
  'pedalled.mid': PEDALLED,
  'duo.mid': DUO,
  'short.mid': () => pieceBytes(2, 30),
  'song.mid': () => songFile({ bars: 12, beatsPerBar: 4, beatsPerMinute: 90, lead: 1.3 }),
};
const MODELS = ['tutorial', 'maestro', 'pop909'] as const;
const SECONDS = 12;
/** A tick of the files that are written. */
const TICK = 0.0011;

/**
 * As the studio plays on from the end of a file that was dropped there: what it sends to its worker, and what
 * comes.
 */
async function playedInStudio(loaded: ModelFromFile, bytes: Uint8Array, seed: number): Promise<Played[]> {
  const { notes, pedal } = pianoPieceOf(readMidi(bytes, 'primer.mid'));
  const session = newSession({ title: 'primer', notes, ...(pedal && { pedal }), file: bytes });
  const shown = assemble(session, undefined, {});
  const heard = assembleAs(loaded.kind.reading, session, undefined, {});
  const start = { piece: { notes: shown.notes, pedal: shown.pedal }, cut: shown.end, heard };
  const player = await loaded.kind.player(loaded, await createOnnxEngine({ threads: 1 }));
  const played: Played[] = [];
  for await (const event of player.play({ ...start, seconds: SECONDS, options: { seed } }))
    played.push(event);
  await player.release();
  return played;
}

describe.each(MODELS)('%s', (name) => {
  let loaded: ModelFromFile;
  const files = Object.fromEntries(Object.entries(PRIMERS).map(([file, make]) => [file, make()]));
  const folder = tempFolder(files, afterAll);
  beforeAll(async () => {
    loaded = await loadModel(name as string);
  });

  const cases = Object.keys(PRIMERS).flatMap((primer) => [1, 7].map((seed) => [primer, seed] as const));
  it('can fill where it says so', async () => {
    const player = await loaded.kind.player(loaded, await createOnnxEngine({ threads: 1 }));
    expect(player.fill !== undefined).toBe(loaded.kind.canFill);
    await player.release();
  });

  it.each(cases)(
    'plays the same at the command line and in the studio: %s, seed %i',
    async (primer, seed) => {
      const path = join(folder, primer);
      const length = loaded.kind.usualLength.notes ? ['--notes', '60'] : ['--seconds', String(SECONDS)];
      const output = join(folder, `${name}-${primer}-${seed}.mid`);
      const args = [
        '--model',
        name,
        '--primer',
        path,
        '--seed',
        String(seed),
        ...length,
        '-o',
        output,
        '--json',
      ];
      const { code, stdout } = await runCadenza(['generate', ...args]);
      expect(code).toBe(0);
      const printed = JSON.parse(stdout);
      const rows: { pitch: number; velocity: number; start: number; end: number }[] =
        printed.notes ?? printed.variations[0].notes;
      const played = await playedInStudio(loaded, readFileSync(path), seed);
      const end = Math.max(...played.map(({ event }) => event.time));
      const notes = notesOfKeys(
        played.map(({ event }) => event),
        end,
      );
      const count = Math.min(rows.length, notes.length);
      expect(count).toBeGreaterThan(20);
      const offset = notes.start[0] - rows[0].start;
      for (let n = 0; n < count; n++) {
        const row = rows[n];
        expect([notes.pitch[n], notes.velocity[n]]).toEqual([row.pitch, row.velocity]);
        expect(Math.abs(notes.start[n] - offset - row.start)).toBeLessThan(2 * TICK);
        // What is cut off at the end of either is not compared.
        const isWhole = notes.end[n] < end && n < count - 10;
        if (isWhole) expect(Math.abs(notes.end[n] - offset - row.end)).toBeLessThan(2 * TICK);
      }
    },
  );
});

describe('every kind', () => {
  it.each(Object.values(KINDS).map((kind) => [kind.name, kind] as const))(
    'is found again: %s',
    (name, kind) => {
      const config = kind.configure({});
      expect(kindNamed(name)).toBe(kind);
      expect(kindOfConfig(config)).toBe(kind);
      expect(kind.configure(kind.sizesOf(config))).toEqual(config);
      expect(kind.network(config).config).toEqual(config);
    },
  );

  it('is named in the error for one that is not there', () => {
    expect(() => kindNamed('waltz')).toThrow(/no such preset: waltz; there are tutorial, performance,/);
  });
});
