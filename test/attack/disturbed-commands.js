/**
 * Commands that write, by name: what is in the folder before, how they are called there, and what they write. What they write is
 * deterministic.
 *
 * @typedef {{ files?: Record<string, string | Uint8Array>, args: string[], outputs: string[], again?: string[] }} Disturbed
 */
import { louderPiece, PIECE, TINY } from './commands.js';

const QUICKLY = ['--checkpoint-every', '0.001', '--quiet'];

/** @type {Record<string, Disturbed>} */
export const COMMANDS = {
  // Of the small model, quickly; the large one for what only it does.
  generate: {
    args: ['generate', '--model', 'tutorial', '--notes', '3', '-o', 'out.mid', '--quiet'],
    outputs: ['out.mid'],
  },
  'generate over a file': {
    files: { 'out.mid': 'mine' },
    args: ['generate', '--model', 'tutorial', '--notes', '3', '-o', 'out.mid', '--quiet', '--force'],
    outputs: ['out.mid'],
  },
  variations: {
    args: [
      ...['generate', '--seconds', '2', '--variations', '3', '--audio', 'mp3', '-o', 'v.mid', '--quiet'],
    ],
    outputs: ['v-1.mid', 'v-2.mid', 'v-3.mid', 'v-1.mp3', 'v-2.mp3', 'v-3.mp3'],
  },
  render: {
    files: { 'a.mid': PIECE, 'b.mid': PIECE },
    args: ['render', 'a.mid', 'b.mid', '--quiet'],
    outputs: ['a.wav', 'b.wav'],
  },
  score: { files: { 'a.mid': PIECE }, args: ['score', 'a.mid', '--quiet'], outputs: ['a.musicxml'] },
  corpus: {
    files: { 'midi/a.mid': PIECE, 'midi/b.mid': PIECE },
    args: ['corpus', 'midi', '--quiet'],
    outputs: ['notes.safetensors.gz'],
  },
  'corpus of many files': {
    files: Object.fromEntries(Array.from({ length: 170 }, (_, n) => [`midi/${n}.mid`, louderPiece(n)])),
    args: ['corpus', 'midi', '--quiet'],
    outputs: ['notes.safetensors.gz'],
  },
  report: {
    files: { 'midi/a.mid': PIECE, 'midi/b.mid': PIECE },
    args: ['metrics', 'midi', '--report', 'report.html', '--quiet'],
    outputs: ['report.html'],
  },
  export: {
    args: ['export', 'tutorial', '--format', 'safetensors', '-o', 'm.safetensors'],
    outputs: ['m.safetensors'],
  },
  train: {
    files: { 'midi/1.mid': PIECE, 'midi/2.mid': PIECE },
    args: ['train', 'midi', ...TINY, '--steps', '4', '--out', 'run', ...QUICKLY],
    outputs: ['run/best.safetensors'],
    again: ['train', '--resume', 'run', '--quiet'],
  },
  'train longer': {
    files: { 'midi/1.mid': PIECE, 'midi/2.mid': PIECE },
    args: ['train', 'midi', ...TINY, '--steps', '45', '--out', 'run', ...QUICKLY],
    outputs: ['run/best.safetensors'],
    again: ['train', '--resume', 'run', '--quiet'],
  },
};
