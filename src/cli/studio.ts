import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { CadenzaError } from '../errors.js';
import { addExamples } from './examples.js';
import { wholeNumber } from './options.js';
import { warn } from './warnings.js';

interface StudioCliOptions {
  port?: number;
  host?: string;
  open?: boolean;
  runs?: string;
  export?: string;
  json?: boolean;
}

/** `cadenza studio`: serves the page in which one composes and trains, or writes it into a folder. */
export function studioCommand(): Command {
  const command = new Command('studio')
    .description('Serve the studio: a page to compose in and to train models in. Nothing leaves the page.')
    .option(
      '--port <port>',
      'exactly this port, 0 for any (default: 4242, or the next free one)',
      wholeNumber(0, 65_535),
    )
    .option('--host <host>', 'the address to listen on (default: 127.0.0.1, this machine only)')
    .option('--open', 'open it in the browser')
    .option('--runs <folder>', 'offer the models of the run folders in here (default: runs)')
    .option('--export <folder>', 'write it into a new folder for a static host instead')
    .option('--json', 'one JSON object about what is served or written')
    .action(studioAction);
  return addExamples(command, [
    ['cadenza studio --open', 'serve it and open it'],
    ['cadenza studio --port 8080 --runs my-runs', 'on another port, with the models of other runs'],
    ['cadenza studio --export site/', 'write it for a static host'],
  ]);
}

/** A folder that was named has to be there, and to hold runs: a mistyped one would only show no models. */
async function requireRuns(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory())
    throw new CadenzaError(`${folder}: no such folder; name one that holds run folders`);
  if (existsSync(join(folder, 'config.json'))) {
    throw new CadenzaError(
      `${folder}: is a run folder itself; name the folder above it, ${dirname(resolve(folder))}`,
    );
  }
}

async function studioAction(options: StudioCliOptions, command: Command): Promise<void> {
  const { runs, json } = options;
  if (runs !== undefined) await requireRuns(runs);
  if (options.export !== undefined) {
    const served = (['port', 'host', 'open'] as const).find((name) => options[name] !== undefined);
    if (served) command.error(`error: --export serves nothing; leave out --${served}`);
    const { exportStudio } = await import('../node/studio/export.js');
    const exported = await exportStudio({ into: options.export, runs });
    const size = `${exported.files} files, ${(exported.bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(json ? `${JSON.stringify(exported)}\n` : `${exported.folder}: ${size}\n`);
    return;
  }
  const [{ startStudio, DEFAULT_PORT }, { openBrowser }] = await Promise.all([
    import('../node/studio/server.js'),
    import('../node/studio/open-browser.js'),
  ]);
  const { url, host, port } = await startStudio(options);
  if (options.port === undefined && port !== DEFAULT_PORT) {
    warn(`port ${DEFAULT_PORT} is taken, serving on ${port}; the browser keeps sessions for each port apart`);
  }
  if (!['127.0.0.1', 'localhost', '::1'].includes(host)) {
    warn('other machines can reach the studio and the models of the run folders');
  }
  process.stdout.write(json ? `${JSON.stringify({ url, host, port })}\n` : `${url}\n`);
  if (!json) process.stderr.write('Serving the studio; Ctrl-C ends it\n');
  if (options.open && !(await openBrowser(url))) warn(`no browser could be opened; open ${url} yourself`);
}
