/** What a page loads for what it imports, bundled by Vite: minified, gzipped. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';

interface Chunk {
  readonly type: string;
  readonly fileName: string;
  readonly code: string;
  readonly isEntry: boolean;
  readonly imports: readonly string[];
}

const bundlers = join(inject('installed'), 'bundlers');
const gzipped = (code: string | Uint8Array) => gzipSync(code).length;

/** Bytes of all that is loaded before anything happens. */
async function bytesOf(code: string): Promise<number> {
  const { build } = await import(join(bundlers, 'node_modules/vite/dist/node/index.js'));
  const entry = join(bundlers, 'size-entry.js');
  writeFileSync(entry, code);
  const { output } = (await build({
    root: bundlers,
    logLevel: 'error',
    build: { write: false, modulePreload: false, rollupOptions: { input: entry } },
  })) as { output: readonly Chunk[] };
  const chunks = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const loaded = new Set<Chunk>();
  const load = (chunk: Chunk) => {
    loaded.add(chunk);
    for (const name of chunk.imports) if (!loaded.has(chunks.get(name)!)) load(chunks.get(name)!);
  };
  load([...chunks.values()].find(({ isEntry }) => isEntry)!);
  return [...loaded].reduce((sum, chunk) => sum + gzipped(chunk.code), 0);
}

describe('what a page loads', () => {
  const cases = [
    ['to read MIDI', `import { listen, readMidi } from 'cadenza'; console.log(listen, readMidi);`, 20],
    ['to write MIDI', `import { midiFromNotes } from 'cadenza'; console.log(midiFromNotes);`, 20],
    ['for the player, before its piano', `import 'cadenza/player';`, 80],
    ['to render', `import { renderSound } from 'cadenza/web'; console.log(renderSound);`, 20],
    ['to train, before the runtime', `import { trainOn } from 'cadenza/web'; console.log(trainOn);`, 120],
  ] as const;

  it.each(cases)('%s', async (what, code, most) => {
    const bytes = await bytesOf(code);
    console.info(`${what}: ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes).toBeLessThan(1000 * most);
  });

  it('for a performer, before runtime and model', async () => {
    const page = await bytesOf(
      `import { createPerformer } from 'cadenza/web'; console.log(createPerformer);`,
    );
    const worker = gzipped(
      readFileSync(join(bundlers, 'node_modules/cadenza/dist/assets/playing-worker.js')),
    );
    console.info(
      `for a performer: ${(page / 1000).toFixed(1)} kB and its worker ${(worker / 1000).toFixed(1)} kB`,
    );
    expect(page + worker).toBeLessThan(120_000);
  });
});
