/** Loaded into a process before all else: says at its end how much memory it took, in bytes, in the file that it is told. */
import { writeFileSync } from 'node:fs';

process.on('exit', () =>
  writeFileSync(process.env.CADENZA_MEMORY, String(process.resourceUsage().maxRSS * 1024)),
);
