/**
 * `npm audit`, which ends a check where a known weakness is in what is installed. Not every registry answers it: then it is said that
 * nothing was looked up.
 */
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
let told;
try {
  told = JSON.parse(stdout);
} catch {
  told = {};
}
const counts = told.metadata?.vulnerabilities;
if (counts === undefined) {
  process.stderr.write('The registry answers no audits here: known weaknesses were not looked up\n');
} else if (counts.total > 0) {
  process.stderr.write(`npm audit finds ${counts.total}: ${Object.keys(told.vulnerabilities).join(', ')}\n`);
  process.exitCode = 1;
} else process.stderr.write('npm audit finds nothing\n');
