/** What the commands that make sound share: their options, and one sound file with its progress. */
import { parse } from 'node:path';
import type { Command } from 'commander';
import type { Rendering, RenderOptions } from '../audio/render.js';
import type { SoundFormat } from '../audio/sound-file.js';
import type { SoundFont } from '../audio/sound-font.js';
import type { NoteTable } from '../notes/note-table.js';
import { abortOnInterrupt } from './interrupt.js';
import { decimalNumber, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

/** How it is to sound. */
export interface SoundCliOptions {
  sampleRate?: number;
  gain?: number;
  reverb?: number;
  soundfont?: string;
}

/** Adds the options that say how it is to sound. */
export function addSoundOptions(command: Command): Command {
  return command
    .option(
      '--soundfont <file>',
      'another piano: an .sf2, .sf3 or .dls file (default: the one that comes with Cadenza)',
    )
    .option(
      '--gain <dB>',
      'louder above 0, softer below; peaks are held below clipping',
      decimalNumber(-120, 60),
      0,
    )
    .option('--reverb <amount>', 'how much of the room is heard; 0 none, 1 a little', decimalNumber(0, 3), 1)
    .option('--sample-rate <hz>', 'samples a second', wholeNumber(8000, 192_000), 44_100);
}

/** The same for the library. */
export function renderOptions({ sampleRate, gain, reverb }: SoundCliOptions): RenderOptions {
  return { sampleRateHz: sampleRate, gainDb: gain, reverb };
}

/** `folder/piece.mid` → `folder/piece.wav`. */
export function soundPathOf(path: string, format: SoundFormat): string {
  const { ext } = parse(path);
  return `${ext === '' ? path : path.slice(0, -ext.length)}.${format}`;
}

/** A sound file to be written, of the format that its name says. */
export interface SoundOutput {
  readonly notes: NoteTable;
  readonly soundFont: SoundFont;
  readonly output: string;
  readonly options?: RenderOptions;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface SoundWritten {
  readonly seconds: number;
  readonly sampleRateHz: number;
  /** Highest level, 0 … 1. */
  readonly peak: number;
}

/** Renders notes into a sound file, all or nothing. */
export async function writeSoundOutput(sound: SoundOutput): Promise<SoundWritten> {
  const [{ renderNotes }, { soundFormatOf }, { soundWriter }, { soundPieces }, { writeOutputChunks }] =
    await Promise.all([
      import('../audio/render.js'),
      import('../audio/sound-file.js'),
      import('../audio/sound-writer.js'),
      import('../node/render-file.js'),
      import('./output-file.js'),
    ]);
  const { notes, soundFont, output, options, force, quiet, signal } = sound;
  const rendering: Rendering = renderNotes(notes, soundFont, options);
  const { seconds, sampleRateHz } = rendering;
  const progress = createProgress({ label: 'Rendering', total: Math.ceil(seconds), unit: 'seconds', quiet });
  let peak = 0;
  const pieces = soundPieces(output, rendering, await soundWriter(soundFormatOf(output)), {
    onProgress: (done) => progress.update(done >= seconds ? Math.ceil(seconds) : Math.floor(done)),
    onPeak: (highest) => {
      peak = highest;
    },
  });
  try {
    await writeOutputChunks(output, pieces, { force, signal });
  } finally {
    progress.finish();
  }
  return { seconds, sampleRateHz, peak };
}

/**
 * Renders MIDI files just written, each into a sound file beside it. What has no notes stays a MIDI file
 * only.
 */
export async function renderBeside(
  written: { output: string; sound?: string; notes: NoteTable }[],
  format: SoundFormat,
  { force, quiet, json }: { readonly force?: boolean; readonly quiet?: boolean; readonly json?: boolean },
): Promise<void> {
  const { loadSoundFont } = await import('../node/render-file.js');
  const controller = new AbortController();
  const { signal } = controller;
  abortOnInterrupt(controller);
  const soundFont = await loadSoundFont();
  const isSilent = quiet || json || !process.stderr.isTTY;
  for (const file of written) {
    if (file.notes.length === 0) continue;
    const output = soundPathOf(file.output, format);
    try {
      await writeSoundOutput({ notes: file.notes, soundFont, output, force, quiet: isSilent, signal });
      file.sound = output;
    } catch (error) {
      if (!signal.aborted) throw error;
      process.exitCode = 130; // what was played is there, without its sound
      return;
    }
  }
}
