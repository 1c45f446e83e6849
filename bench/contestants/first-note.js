/** From a loaded model to its first note, in a process of its own each time: `once` is that process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compete } from '../contestant.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

async function once() {
  const { builtInOpening, generate } = await import('../../dist/index.js');
  const { createOnnxEngine, loadModel } = await import('../../dist/node/index.js');
  const loaded = await loadModel('tutorial');
  const start = performance.now();
  const engine = await createOnnxEngine({ threads: 1 });
  const runtime = performance.now();
  await generate(loaded, engine, builtInOpening(), { notes: 1 }).next();
  const end = performance.now();
  console.log(JSON.stringify({ milliseconds: end - start, runtime: runtime - start, note: end - runtime }));
}

if (process.argv[2] === 'once') await once();
else {
  const program = fileURLToPath(import.meta.url);
  await compete({ version }, () =>
    JSON.parse(execFileSync(process.execPath, [program, 'once'], { encoding: 'utf8' })),
  );
}
