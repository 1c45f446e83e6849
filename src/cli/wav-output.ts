/** What the commands that make sound share: their options, and one WAV file with its progress. */
import { parse } from 'node:path';
import type { Command } from 'commander';
import type { Rendering, RenderOptions } from '../audio/render.js';
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
export function wavPathOf(path: string): string {
  const { ext } = parse(path);
  return `${ext === '' ? path : path.slice(0, -ext.length)}.wav`;
}

/** A WAV file to be written. */
export interface WavOutput {
  readonly notes: NoteTable;
  readonly soundFont: SoundFont;
  readonly output: string;
  readonly options?: RenderOptions;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface WavWritten {
  readonly seconds: number;
  readonly sampleRateHz: number;
  /** Highest level, 0 … 1. */
  readonly peak: number;
}

/** Renders notes into a WAV file, all or nothing. */
export async function writeWavOutput(wav: WavOutput): Promise<WavWritten> {
  const [{ renderNotes }, { wavPieces }, { writeOutputChunks }] = await Promise.all([
    import('../audio/render.js'),
    import('../node/render-file.js'),
    import('./output-file.js'),
  ]);
  const { notes, soundFont, output, options, force, quiet, signal } = wav;
  const rendering: Rendering = renderNotes(notes, soundFont, options);
  const { seconds, sampleRateHz } = rendering;
  const progress = createProgress({ label: 'Rendering', total: Math.ceil(seconds), unit: 'seconds', quiet });
  let peak = 0;
  const pieces = wavPieces(rendering, {
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
 * Renders MIDI files just written, each into a WAV file beside it. What has no notes stays a MIDI file only.
 */
export async function renderBeside(
  written: { output: string; wav?: string; notes: NoteTable }[],
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
    const output = wavPathOf(file.output);
    try {
      await writeWavOutput({ notes: file.notes, soundFont, output, force, quiet: isSilent, signal });
      file.wav = output;
    } catch (error) {
      if (!signal.aborted) throw error;
      process.exitCode = 130; // what was played is there, without its sound
      return;
    }
  }
}
