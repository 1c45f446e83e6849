import { Command } from 'commander';
import { addExamples } from './examples.js';

interface AssetsCliOptions {
  models?: string;
  json?: boolean;
}

/** `cadenza assets`: what a page fetches, for sites whose bundler does not copy it. */
export function assetsCommand(): Command {
  const command = new Command('assets')
    .description(
      'Copy what cadenza/web and cadenza/player fetch (workers, runtime, piano, models) into a folder of your site.',
    )
    .argument(
      '<folder>',
      'the folder, made where it is not there; one that it wrote before is brought up to date',
    )
    .option(
      '--models <names>',
      'only these shipped models, separated by commas; "none" for none (default: all)',
    )
    .option('--json', 'one JSON object about what was written')
    .action(assetsAction);
  return addExamples(command, [
    ['cadenza assets public/cadenza', "then, in the page: configureAssets({ base: '/cadenza/' })"],
    ['cadenza assets public/cadenza --models maestro', 'with one model'],
  ]);
}

async function assetsAction(folder: string, { models, json }: AssetsCliOptions): Promise<void> {
  const { copyWebAssets } = await import('../node/web-assets.js');
  const names = models === 'none' ? [] : models?.split(',').map((name) => name.trim());
  const written = await copyWebAssets({ into: folder, ...(names && { models: names }) });
  const size = `${written.files.length} files, ${(written.bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(json ? `${JSON.stringify(written)}\n` : `${written.folder}: ${size}\n`);
}
