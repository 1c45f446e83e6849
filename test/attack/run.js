/**
 * Attacks what reads files, for as long as one likes.
 *
 *   node test/attack/run.js [NAME…] [--count 1e6] [--seconds 3600] [--seed 1] [--out FOLDER] [--json]
 *
 * Says how many cases were tried, how many of them could be used, and every kind of fault; the smallest case of each is
 * written into the folder. Exits with 1 where there is one. Needs `npm run build`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attack } from './attack.js';
import { ATTACKS } from './attacks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'runs/attack' },
    json: { type: 'boolean', default: false },
  },
});
const names = positionals.length > 0 ? positionals : ATTACKS;
let isBroken = false;
for (const name of names) {
  const began = performance.now();
  const seed = Number(values.seed);
  const options = { count: Number(values.count), seed, shrinkSeconds: 20 };
  if (values.seconds !== undefined) options.seconds = Number(values.seconds);
  const { cases, used, faults } = await attack(name, {
    ...options,
    onProgress: (done) => process.stderr.isTTY && process.stderr.write(`\r${name}: ${done}`),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  const told = faults.map(({ fault, times, seedCase, bytes }, i) => {
    mkdirSync(values.out, { recursive: true });
    const file = join(values.out, `${name}-${seed}-${seedCase}.bin`);
    if (bytes) writeFileSync(file, bytes);
    return { fault, times, case: seedCase, ...(bytes && { file, bytes: bytes.length }), i };
  });
  isBroken ||= faults.length > 0;
  if (values.json) console.log(JSON.stringify({ name, seed, cases, used, seconds, faults: told }));
  else {
    console.log(
      `${name}: ${cases} cases in ${seconds} s, ${used} used, ${cases - used} refused, ${faults.length} kinds of faults`,
    );
    for (const { fault, times, file, bytes } of told)
      console.log(`  ${times} × ${fault}${file ? ` (${bytes} bytes: ${file})` : ''}`);
  }
}
process.exit(isBroken ? 1 : 0);
