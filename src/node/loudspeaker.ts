/** Plays sound files through a player that is installed: Node itself has no way to the loudspeaker. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { CadenzaError } from '../errors.js';

/** A program that plays a file and ends with it. */
export interface SoundProgram {
  readonly program: string;
  /** Arguments to play this file with. */
  readonly args: (file: string) => string[];
}

const FFPLAY: SoundProgram = {
  program: 'ffplay',
  args: (file) => ['-nodisp', '-autoexit', '-loglevel', 'error', '-i', file],
};
const SOX: SoundProgram = { program: 'play', args: (file) => ['-q', file] };
const MPV: SoundProgram = { program: 'mpv', args: (file) => ['--no-video', '--really-quiet', '--', file] };

/** The players of a platform, best first. */
export function playersOf(platform: NodeJS.Platform): readonly SoundProgram[] {
  if (platform === 'darwin') return [{ program: 'afplay', args: (file) => [file] }, FFPLAY, SOX, MPV];
  if (platform === 'win32') return [powershell('powershell'), powershell('pwsh'), FFPLAY, MPV];
  const own = ['pw-play', 'paplay'].map((program): SoundProgram => ({ program, args: (file) => [file] }));
  return [...own, { program: 'aplay', args: (file) => ['-q', file] }, FFPLAY, SOX, MPV];
}

function powershell(program: string): SoundProgram {
  // Within single quotes PowerShell reads everything as it stands, but for the quote itself.
  const script = (file: string) =>
    `(New-Object System.Media.SoundPlayer '${file.replaceAll("'", "''")}').PlaySync()`;
  return { program, args: (file) => ['-NoProfile', '-NonInteractive', '-Command', script(file)] };
}

/** What to install, by platform. */
function remedy(platform: NodeJS.Platform): string {
  if (platform === 'darwin' || platform === 'win32') return 'install ffmpeg, which has ffplay';
  return 'install one, such as alsa-utils (aplay), pulseaudio-utils (paplay) or ffmpeg (ffplay)';
}

/** Where players are looked for. */
export interface PlayersOptions {
  /** This machine's by default. */
  readonly platform?: NodeJS.Platform;
  /** Folders of programs; `PATH` by default. */
  readonly path?: string;
}

/**
 * The players that are installed, best first; `program` is where each lies.
 *
 * @throws CadenzaError that says what to install when there is none
 */
export async function installedPlayers(options: PlayersOptions = {}): Promise<SoundProgram[]> {
  const { platform = process.platform, path = process.env.PATH ?? '' } = options;
  const known = playersOf(platform);
  const installed: SoundProgram[] = [];
  for (const { program, args } of known) {
    const found = await findProgram(program, path, platform);
    if (found !== undefined) installed.push({ program: found, args });
  }
  if (installed.length > 0) return installed;
  const names = known.map(({ program }) => program).join(', ');
  throw new CadenzaError(`there is no player to hear it with (looked for ${names}); ${remedy(platform)}`);
}

/**
 * Plays a sound file to its end, through the first of the players that can: one may be installed and have no
 * sound card.
 *
 * @param signal aborted, it stops the music, and the call returns
 * @throws CadenzaError when none of them can
 */
export async function playFile(
  file: string,
  players: readonly SoundProgram[],
  signal?: AbortSignal,
): Promise<void> {
  const problems: string[] = [];
  for (const { program, args } of players) {
    if (signal?.aborted) return;
    const problem = await runPlayer(program, args(file), signal);
    if (problem === undefined || signal?.aborted) return;
    problems.push(`${basename(program)}: ${problem}`);
  }
  throw new CadenzaError(`${file} cannot be played here; ${problems.join('; ')}`);
}

async function findProgram(
  name: string,
  path: string,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const file = platform === 'win32' ? `${name}.exe` : name;
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, file);
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
}

/** Runs a player; what went wrong, or undefined. */
function runPlayer(program: string, args: string[], signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = () => child.kill();
    signal?.addEventListener('abort', stop, { once: true });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-1000);
    });
    const end = (problem: string | undefined) => {
      signal?.removeEventListener('abort', stop);
      resolve(problem);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, ended) => {
      const why = told.trim().split('\n').at(-1) || (ended ? `ended by ${ended}` : `exit code ${code}`);
      end(code === 0 ? undefined : why);
    });
  });
}
