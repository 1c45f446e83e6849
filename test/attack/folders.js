/**
 * Folders as they are found: thousands of files, huge ones, names in every script and with every separator, clocks that jump, and
 * several processes at once in one folder and one cache.
 *
 *   node test/attack/folders.js [NAME…] [--files 10000] [--megabytes 100]
 *
 * Exits with 1 where something is wrong. Needs `npm run build`.
 */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { createNoteTable, midiFromNotes, Random } from '../../dist/index.js';
import { digest, louderPiece, PIECE, PROGRAM, TINY } from './commands.js';

const HOOK = new URL('memory-hook.js', import.meta.url).href;

function cadenza(cwd, args, env = {}) {
  const memory = join(cwd, `.memory-${Math.random()}`);
  const began = performance.now();
  return new Promise((resolve) => {
    const all = { ...process.env, CADENZA_CACHE: join(cwd, 'cache'), CADENZA_MEMORY: memory, ...env };
    const child = spawn(process.execPath, ['--import', HOOK, PROGRAM, ...args], { cwd, env: all });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('close', (code) => {
      const megabytes = Math.round(Number(readFileSync(memory, 'utf8')) / 1e6);
      rmSync(memory);
      resolve({ code, stdout, stderr, megabytes, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/** An error is said in one line that begins with the program's name; nothing of the program shows. */
function badlySaid({ code, stderr }) {
  if (code === 0) return undefined;
  const isWell = code === 1 && /^cadenza: [^\n]+\n$/m.test(stderr) && !/\n\s+at /.test(stderr);
  return isWell ? undefined : `ends with ${code}: ${stderr.slice(0, 400)}`;
}

const SCRIPTS = [
  '音楽',
  'музыка',
  'μουσική',
  'موسيقى',
  'संगीत',
  '음악',
  'e\u0301tude',
  '🎹',
  'ß',
  'İı',
  '\u202Egnp',
];
const MARKS = [
  ' ',
  '  ',
  '.',
  '..',
  '-',
  '--',
  '*',
  '?',
  '[a]',
  '{b,c}',
  '!',
  '#',
  '%41',
  '%',
  '&',
  "'",
  '"',
  '`',
  '$(x)',
  ';',
  '|',
  '\\',
  '\n',
  '\t',
  ':',
  '~',
  '^',
  '@',
  '\u0001',
  '\u2028',
];

/** Names that a file system takes, all different. */
function oddNames(count, random) {
  const names = new Set();
  for (const part of [...SCRIPTS, ...MARKS])
    names.add(`${part}a.mid`).add(`a${part}.mid`).add(`${part} ${part}.MIDI`);
  names.add(`${'ä'.repeat(125)}.mid`).add(`${'x'.repeat(251)}.mid`);
  while (names.size < count) {
    const parts = Array.from({ length: 1 + random.below(4) }, () => {
      const list = random.below(2) === 0 ? SCRIPTS : MARKS;
      return list[random.below(list.length)];
    });
    names.add(`${parts.join('')}${names.size}.mid`);
  }
  return [...names].slice(0, count);
}

/** @type {Record<string, (folder: string, options: { files: number, megabytes: number }) => Promise<{ told: string, faults: string[] }>>} */
const ATTACKS = {
  async 'many files with odd names'(folder, { files }) {
    mkdirSync(join(folder, 'midi'));
    const names = oddNames(files, new Random(1));
    for (const [n, name] of names.entries())
      writeFileSync(join(folder, 'midi', name), n % 50 === 7 ? 'no music' : PIECE);
    const read = await cadenza(folder, ['corpus', 'midi', '--json', '--quiet']);
    const faults = [badlySaid(read)].filter(Boolean);
    const told = `${names.length} files in ${read.seconds.toFixed(1)} s and ${read.megabytes} MB`;
    if (read.code === 0) {
      const { train, validation } = JSON.parse(read.stdout);
      const isMusic = (name, n) => n % 50 !== 7 && !name.startsWith('.');
      const expected = names.filter(isMusic).length;
      if (train + validation !== expected) faults.push(`${train + validation} pieces instead of ${expected}`);
    } else faults.push(read.stderr.slice(0, 300));
    return { told, faults };
  },

  async 'odd names to write to'(folder) {
    const faults = [];
    const names = oddNames(120, new Random(2)).filter((name) => name.length < 240);
    for (const name of names) {
      const { code, stderr } = await cadenza(folder, [
        'generate',
        '--model',
        'tutorial',
        '--notes',
        '1',
        '--quiet',
        '-o',
        `./${name}`,
      ]);
      if (code !== 0) faults.push(`${JSON.stringify(name)}: ${stderr.slice(0, 200)}`);
      else if (!readdirSync(folder).includes(name)) faults.push(`${JSON.stringify(name)}: written elsewhere`);
    }
    return { told: `${names.length} names`, faults };
  },

  async 'huge files'(folder, { megabytes }) {
    const faults = [];
    const told = [];
    const junk = new Uint8Array(megabytes * 1e6).map((_, i) => (i * 2654435761) >>> 24);
    const count = Math.round((megabytes * 1e6 * 0.6) / 9);
    const notes = createNoteTable(count);
    for (let n = 0; n < count; n++) {
      notes.pitch[n] = 30 + (n % 60);
      notes.velocity[n] = 1 + (n % 127);
      notes.start[n] = n / 200;
      notes.end[n] = n / 200 + 0.2;
    }
    const midi = midiFromNotes(notes);
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, level: 0 });
    await writer.add('a.mid', new Uint8ArrayReader(PIECE));
    await writer.add('junk.mid', new Uint8ArrayReader(junk));
    const row = 'somebody,train,a.mid\n';
    const cases = {
      'junk.mid': [junk, ['notes', 'junk.mid', '--head', '1']],
      'notes.mid': [midi, ['notes', 'notes.mid', '--head', '1', '--sounding']],
      'junk.safetensors': [junk, ['summary', 'junk.safetensors']],
      'junk.sf2': [junk, ['render', 'a.mid', '--soundfont', 'junk.sf2', '--quiet']],
      'files.zip': [await writer.close(), ['corpus', 'files.zip', '--quiet', '--no-cache']],
      'table/table.csv': [
        `canonical_composer,split,midi_filename\n${row.repeat((megabytes * 1e6) / row.length)}`,
        ['corpus', 'table/table.csv', '--quiet', '--no-cache'],
      ],
      'session.cadenza.json': [junk, ['render', 'session.cadenza.json', '--quiet']],
    };
    writeFileSync(join(folder, 'a.mid'), PIECE);
    mkdirSync(join(folder, 'table'));
    writeFileSync(join(folder, 'table/a.mid'), PIECE);
    for (const [name, [bytes, args]] of Object.entries(cases)) {
      writeFileSync(join(folder, name), bytes);
      const ran = await cadenza(folder, args);
      const fault = badlySaid(ran);
      if (fault) faults.push(`${name}: ${fault}`);
      if (ran.megabytes > 10 * (bytes.length / 1e6) + 300) faults.push(`${name}: took ${ran.megabytes} MB`);
      told.push(
        `${name} of ${Math.round(bytes.length / 1e6)} MB: ${ran.code === 0 ? 'used' : 'refused'} in ${ran.seconds.toFixed(1)} s and ${ran.megabytes} MB`,
      );
      rmSync(join(folder, name));
    }
    return { told: told.join('; '), faults };
  },

  async 'one run folder'(folder) {
    mkdirSync(join(folder, 'midi'));
    for (const n of [1, 2]) writeFileSync(join(folder, 'midi', `${n}.mid`), PIECE);
    const args = ['train', 'midi', ...TINY, '--steps', '3', '--out', 'run', '--quiet'];
    const faults = [];
    for (let round = 0; round < 5; round++) {
      const all = await Promise.all(Array.from({ length: 6 }, () => cadenza(folder, args)));
      faults.push(...all.map(badlySaid).filter(Boolean));
      const winners = all.filter(({ code }) => code === 0).length;
      if (winners !== 1)
        faults.push(`${winners} of 6 trained: ${all.map(({ stderr }) => stderr.trim()).join(' / ')}`);
      const left = readdirSync(join(folder, 'run')).filter((name) => /lock|tmp/.test(name));
      if (left.length > 0) faults.push(`leaves ${left.join(', ')}`);
      rmSync(join(folder, 'run'), { recursive: true });
    }
    return { told: '5 times 6 processes', faults };
  },

  async 'one cache'(folder) {
    mkdirSync(join(folder, 'midi'));
    for (let n = 0; n < 200; n++) writeFileSync(join(folder, 'midi', `${n}.mid`), louderPiece(n));
    const faults = [];
    const digests = new Set();
    for (let round = 0; round < 3; round++) {
      const outs = Array.from({ length: 5 }, (_, i) => `notes-${i}.safetensors.gz`);
      const all = await Promise.all(
        outs.map((out) => cadenza(folder, ['corpus', 'midi', '--out', out, '--force', '--quiet'])),
      );
      faults.push(...all.map(badlySaid).filter(Boolean));
      for (const out of outs) digests.add(digest(join(folder, out)));
      if (round === 1) rmSync(join(folder, 'cache'), { recursive: true });
    }
    if (digests.size !== 1) faults.push(`${digests.size} different corpora`);
    const left = readdirSync(join(folder, 'cache'), { recursive: true }).filter((name) =>
      name.endsWith('.tmp'),
    );
    if (left.length > 0) faults.push(`leaves ${left.length} temporary files`);
    return { told: '3 times 5 processes over 200 files', faults };
  },

  async 'clocks that jump'(folder) {
    mkdirSync(join(folder, 'midi'));
    for (const n of [1, 2]) writeFileSync(join(folder, 'midi', `${n}.mid`), PIECE);
    const begin = ['train', 'midi', ...TINY, '--steps', '6', '--checkpoint-every', '0.001', '--quiet'];
    const faults = [];
    const calm = await cadenza(folder, [...begin, '--out', 'calm']);
    if (calm.code !== 0) faults.push(calm.stderr);
    for (const [n, jump] of ['-1e11', '1e11', '-3600e3', 'NaN'].entries()) {
      const hook = `data:text/javascript,${encodeURIComponent(`const now = Date.now; let calls = 0; Date.now = () => now() + (calls++ % 2) * ${jump};`)}`;
      const jumped = await cadenza(folder, [...begin, '--out', `run-${n}`], {
        NODE_OPTIONS: `--import ${hook}`,
      });
      const fault = badlySaid(jumped) ?? (jumped.code === 0 ? undefined : jumped.stderr);
      if (fault) faults.push(`a clock that jumps by ${jump}: ${fault}`);
      else if (
        digest(join(folder, `run-${n}/best.safetensors`)) !== digest(join(folder, 'calm/best.safetensors'))
      )
        faults.push(`a clock that jumps by ${jump}: other weights`);
    }
    // A lock and files of a time to come, as after a clock that was set back.
    const future = new Date('2099-01-01');
    writeFileSync(join(folder, 'calm/lock'), '');
    for (const name of readdirSync(join(folder, 'calm')))
      utimesSync(join(folder, 'calm', name), future, future);
    const resumed = await cadenza(folder, ['train', '--resume', 'calm', '--quiet']);
    if (resumed.code !== 0) faults.push(`files of 2099: ${resumed.stderr}`);
    return { told: '4 jumps, and files of 2099', faults };
  },
};

/** @returns {Promise<{ told: string, faults: string[] }>} */
export async function attackFolders(name, options = { files: 300, megabytes: 5 }) {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-folders-'));
  try {
    return await ATTACKS[name](folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { files: { type: 'string', default: '10000' }, megabytes: { type: 'string', default: '100' } },
  });
  for (const name of positionals.length > 0 ? positionals : Object.keys(ATTACKS)) {
    const { told, faults } = await attackFolders(name, {
      files: Number(values.files),
      megabytes: Number(values.megabytes),
    });
    console.log(`${name}: ${told}, ${faults.length} faults`);
    for (const fault of faults) console.log(`  ${fault.trimEnd()}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}
