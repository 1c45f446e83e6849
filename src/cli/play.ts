import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addExamples } from './examples.js';
import { abortOnInterrupt } from './interrupt.js';
import { addSoundOptions, renderOptions, type SoundCliOptions, writeSoundOutput } from './sound-output.js';

interface PlayCliOptions extends SoundCliOptions {
  quiet?: boolean;
}

/** `cadenza play`: MIDI and WAV files are heard. */
export function playCommand(): Command {
  const command = new Command('play')
    .description('Play MIDI or WAV files aloud, one after the other, through a player that is installed.')
    .argument('<files...>', 'MIDI files, played on a grand piano, or WAV files');
  addSoundOptions(command).option('--quiet', 'no progress').action(playAction);
  return addExamples(command, [
    ['cadenza play piece.mid', 'Ctrl-C stops it'],
    ['cadenza play output-1.mid output-2.mid', 'one after the other'],
    ['cadenza play piece.wav', 'a sound file as it is'],
  ]);
}

async function playAction(files: string[], options: PlayCliOptions): Promise<void> {
  const [{ CadenzaError }, { installedPlayers, playFile }] = await Promise.all([
    import('../errors.js'),
    import('../node/loudspeaker.js'),
  ]);
  const players = await installedPlayers();
  const controller = new AbortController();
  abortOnInterrupt(controller);
  const { signal } = controller;
  const folder = await mkdtemp(join(tmpdir(), 'cadenza-play-'));
  try {
    for (const file of files) {
      try {
        const sound = (await isWav(file)) ? file : await renderTemporary(file, folder, options, signal);
        await playFile(sound, players, signal);
      } catch (error) {
        if (signal.aborted) break;
        if (files.length === 1 || !(error instanceof CadenzaError)) throw error;
        process.stderr.write(`cadenza: ${error.message}\n`);
        process.exitCode = 1;
      }
      if (signal.aborted) break;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (signal.aborted) process.exitCode = 130;
}

async function isWav(path: string): Promise<boolean> {
  const { fileError } = await import('../node/files/files.js');
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(12), 0, 12, 0);
      const text = String.fromCharCode(...buffer.subarray(0, bytesRead));
      return text.startsWith('RIFF') && text.endsWith('WAVE');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

async function renderTemporary(
  file: string,
  folder: string,
  options: PlayCliOptions,
  signal: AbortSignal,
): Promise<string> {
  const [{ loadSoundFont, readSoundingNotes }, { reportWarnings, warn }] = await Promise.all([
    import('../node/render-file.js'),
    import('./warnings.js'),
  ]);
  const { midi, notes, remarks } = await readSoundingNotes(file);
  reportWarnings(midi);
  for (const remark of remarks) warn(`${file}: ${remark}`);
  const output = join(folder, 'piece.wav');
  await writeSoundOutput({
    notes,
    soundFont: await loadSoundFont(options.soundfont),
    output,
    options: renderOptions(options),
    force: true, // of the piece before
    quiet: options.quiet,
    signal,
  });
  return output;
}
