import { describeWarning, type MidiFile } from '../midi/midi-file.js';

const WARNINGS_SHOWN = 10;

export function warn(message: string): void {
  process.stderr.write(`cadenza: warning: ${message}\n`);
}

/** Says what was wrong with a MIDI file that could be read all the same. */
export function reportWarnings(midi: MidiFile): void {
  for (const warning of midi.warnings.slice(0, WARNINGS_SHOWN)) warn(describeWarning(midi, warning));
  if (midi.warningCount > WARNINGS_SHOWN)
    warn(`${midi.name}: ${midi.warningCount - WARNINGS_SHOWN} more warnings`);
}
