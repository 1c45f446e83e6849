import { Command, Option } from 'commander';
import type { Split } from '../dataset/corpus.js';
import type { Calibration } from '../evaluation/metrics/calibration.js';
import type { Metrics } from '../evaluation/metrics/metrics.js';
import type { NamedPiece, PieceMetrics } from '../evaluation/metrics/set-metrics.js';
import type { Cluster } from '../node/cluster/cluster.js';
import type { MetricsCorpus } from '../node/corpus/metrics-corpus.js';
import { clusterOption, withCluster } from './cluster-option.js';
import { addExamples } from './examples.js';
import { seed, splitOption, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

interface MetricsCliOptions {
  split?: Split;
  reference?: string[];
  referenceSplit?: Split;
  train?: string[];
  trainSplit?: Split;
  ceiling?: boolean;
  model?: string;
  notes?: number;
  seed: number;
  cluster?: string | true;
  report?: string;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** `cadenza metrics`: how like real pieces generated ones are. */
export function metricsCommand(): Command {
  const command = new Command('metrics')
    .description(
      'Judge generated pieces: alone, beside real ones, and for what is copied from the train corpus.',
    )
    .argument('<generated...>', 'MIDI files, folders, globs, .zip archives, or a MAESTRO csv')
    .addOption(splitOption())
    .option('--reference <paths...>', 'real pieces to compare with')
    .addOption(splitOf('reference'))
    .option('--train <paths...>', 'what the model learned from, to find copies of')
    .addOption(splitOf('train'))
    .option('--ceiling', 'compare pieces of --train with the reference too, as if they were generated')
    .option('--model <model>', 'what a performance model makes of the pieces, minute by minute')
    .option('--notes <count>', 'compare only the first notes of every piece', wholeNumber(2))
    .option('--seed <seed>', 'chooses the pieces for the ceiling', seed, 0)
    .addOption(clusterOption())
    .option('--report <file>', 'write an HTML page with tables, plots and piano rolls')
    .option('--force', 'overwrite the report')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action(metricsAction);
  return addExamples(command, [
    ['cadenza metrics out/', 'what can be told of the pieces alone'],
    ['cadenza metrics out/ --reference maestro/ --reference-split validation', 'beside real ones'],
    ['cadenza metrics out/ --model maestro', 'whether a model still knows its own music minutes later'],
    ['cadenza metrics out/ --reference maestro/ --reference-split validation \\', ''],
    ['    --train maestro/ --train-split train --ceiling --report out.html', 'everything, as a page'],
  ]);
}

function splitOf(role: string): Option {
  const { argChoices = [] } = splitOption();
  return new Option(`--${role}-split <split>`, `only those of --${role} that the csv marks so`).choices(
    argChoices,
  );
}

async function metricsAction(paths: string[], options: MetricsCliOptions, command: Command): Promise<void> {
  requireCorpora(options, command);
  await withCluster(options.cluster, (cluster) => measure(cluster, paths, options));
}

async function measure(
  cluster: Cluster | undefined,
  paths: string[],
  options: MetricsCliOptions,
): Promise<void> {
  const [{ readMetricsCorpus }, { computeMetrics }, { checkOutput }, { warn }, { CadenzaError }] =
    await Promise.all([
      import('../node/corpus/metrics-corpus.js'),
      import('../evaluation/metrics/metrics.js'),
      import('./output-file.js'),
      import('./warnings.js'),
      import('../errors.js'),
    ]);
  const { ceiling, notes: mostNotes, seed, report, force, json, quiet } = options;
  if (report !== undefined) await checkOutput({ output: report, force }, report);
  const skipped: string[] = [];
  const silent = quiet || json;
  const openReader = cluster && (await import('../node/cluster/reader.js')).clusterReader(cluster);
  const read = async (from: string[], split?: Split): Promise<MetricsCorpus['pieces']> => {
    const progress = createProgress({ label: 'Reading', unit: 'files', quiet: silent });
    const onFile = (done: number, total: number) => progress.update(done, '', total);
    const corpus = await readMetricsCorpus(from, { split, openReader, onFile }).finally(() =>
      progress.finish(),
    );
    for (const { name, message } of corpus.problems) {
      if (skipped.includes(name)) continue; // the file is in two of the corpora
      skipped.push(name);
      warn(message);
    }
    return corpus.pieces;
  };
  const generated = await read(paths, options.split);
  const reference = options.reference && (await read(options.reference, options.referenceSplit));
  if (reference?.length === 1) {
    throw new CadenzaError(
      `${options.reference?.join(' ')} is a single piece; a reference needs two or more`,
    );
  }
  const train = options.train && (await read(options.train, options.trainSplit));
  const measuring = createProgress({ label: 'Measuring', unit: 'pieces', quiet: silent });
  const onPiece = (done: number, total: number) => measuring.update(done, '', total);
  const metrics = computeMetrics({ generated, reference, train, ceiling, mostNotes, seed, onPiece });
  measuring.finish();
  const calibration = options.model && (await calibrationOf(options.model, generated, reference, cluster));
  const remarks = remarksOn(metrics, options);
  if (report !== undefined) {
    const page = { metrics, generated, reference, calibration, skipped, remarks, paths, options };
    await writeReport(page, report, force);
  }
  if (json) {
    const { metricsJson } = await import('../evaluation/metrics/metrics-json.js');
    const corpora = { train: train ? countsOf(train) : null, seed, mostNotes: mostNotes ?? null, skipped };
    const all = { ...metricsJson(metrics), calibration: calibration ?? null, ...corpora };
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const { metricsTables } = await import('../evaluation/metrics-report/tables.js');
  const { formatMetricsTable } = await import('./metrics-table.js');
  const { calibrationTable } = await import('../evaluation/metrics-report/tables.js');
  const shown = [...metricsTables(metrics), ...(calibration ? [calibrationTable(calibration)] : [])];
  const tables = shown.map(formatMetricsTable);
  const last = [...remarks, ...(report === undefined ? [] : [`Wrote ${report}`])];
  process.stdout.write(`${[...tables, ...(last.length > 0 ? [`${last.join('\n')}\n`] : [])].join('\n')}`);
}

/** @throws CadenzaError where the model's losses are no bits a note */
async function calibrationOf(
  model: string,
  generated: readonly NamedPiece[],
  reference?: readonly NamedPiece[],
  cluster?: Cluster,
): Promise<Calibration> {
  const [{ loadModel }, { createOnnxEngine }, { notesOfGrid }, { CadenzaError }] = await Promise.all([
    import('../node/load-model.js'),
    import('../node/engine/onnx-engine.js'),
    import('../notes/grid.js'),
    import('../errors.js'),
  ]);
  const loaded = await loadModel(model);
  const { kind } = loaded;
  const engine = await createOnnxEngine();
  const minutesOf = async (pieces: readonly NamedPiece[]) => {
    const tables = pieces.map(({ notes, counted }) => ({
      ...notesOfGrid(notes, counted?.origin),
      ...(counted && { beats: counted.beats }),
    }));
    const minutes = cluster
      ? await (await import('../node/cluster/by-cluster.js')).minutesBy(cluster, loaded, tables)
      : await kind.bitsByMinute?.(loaded, engine, tables);
    if (minutes !== undefined) return minutes;
    throw new CadenzaError(`${model}: is a ${kind.name} model; --model is for performance models`);
  };
  const own = await minutesOf(generated);
  return { model, generated: own, ...(reference && { reference: await minutesOf(reference) }) };
}

function requireCorpora(options: MetricsCliOptions, command: Command): void {
  const { reference, referenceSplit, train, trainSplit, ceiling } = options;
  const missing = (flag: string, needed: string) => command.error(`error: ${flag} needs ${needed}`);
  if (referenceSplit && !reference) missing('--reference-split', '--reference');
  if (trainSplit && !train) missing('--train-split', '--train');
  if (ceiling && !(reference && train)) missing('--ceiling', '--reference and --train');
}

/** Pieces whose lengths differ by more than this factor are said to. */
const MUCH_LONGER = 1.5;

/** What was not measured, and what makes the numbers hard to compare. */
function remarksOn({ generated, reference }: Metrics, { train, ceiling }: MetricsCliOptions): string[] {
  const remarks: string[] = [];
  if (!reference) remarks.push('No overlap: name real pieces to compare with, --reference.');
  if (!train) remarks.push('Copied runs were not looked for: name what the model learned from, --train.');
  if (reference && train && !ceiling)
    remarks.push('No ceiling: --ceiling compares pieces of --train with the reference.');
  const known = reference?.pieces.filter(isInTrain).length ?? 0;
  if (known > 0)
    remarks.push(
      `${known} of the reference pieces are in the train corpus, so that they say nothing of copies by chance.`,
    );
  const [own, real] = [generated, reference].map((set) => set?.statistics.notes?.mean ?? 0);
  if (own > 0 && real > 0 && Math.max(own / real, real / own) > MUCH_LONGER) {
    const [few, which] = own < real ? [own, 'reference'] : [real, 'generated'];
    remarks.push(
      `The ${which} pieces are much longer, which changes most numbers: --notes ${Math.round(few)} compares beginnings of like length.`,
    );
  }
  return remarks;
}

function isInTrain({ statistics, memorization }: PieceMetrics): boolean {
  return memorization !== undefined && memorization.pairs.longest + 1 === statistics.notes;
}

function countsOf(pieces: readonly NamedPiece[]): { files: number; notes: number } {
  return { files: pieces.length, notes: pieces.reduce((sum, { notes }) => sum + notes.length, 0) };
}

interface Page {
  metrics: Metrics;
  generated: readonly NamedPiece[];
  reference?: readonly NamedPiece[];
  calibration?: Calibration | '';
  skipped: readonly string[];
  remarks: readonly string[];
  paths: readonly string[];
  options: MetricsCliOptions;
}

async function writeReport(page: Page, output: string, force?: boolean): Promise<void> {
  const [{ metricsReport }, { writeOutput }] = await Promise.all([
    import('../evaluation/metrics-report/metrics-report.js'),
    import('./output-file.js'),
  ]);
  const { metrics, generated, reference, calibration, skipped, remarks, paths, options } = page;
  const corpora: [string, readonly string[] | undefined, Split | undefined][] = [
    ['generated', paths, options.split],
    ['reference', options.reference, options.referenceSplit],
    ['train', options.train, options.trainSplit],
  ];
  const named = corpora.flatMap(([role, from, split]) => {
    return from ? [`${role}: ${from.join(', ')}${split ? ` (${split})` : ''}`] : [];
  });
  const beginnings = options.notes === undefined ? [] : [`first ${options.notes} notes of every piece`];
  const left = skipped.map((name) => `Left out: ${name}`);
  const html = metricsReport(metrics, {
    generated,
    reference,
    subtitle: [...named, ...beginnings].join(' · '),
    remarks: [...remarks, ...left],
    ...(calibration && { calibration }),
  });
  await writeOutput({ output, force }, output, new TextEncoder().encode(html));
}
