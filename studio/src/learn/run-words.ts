/** Trainings in words: names, times, losses, cards. */
import { kindNamed, type LossRecord } from '../../../src/index.js';
import type { EndReason, Standing } from './training/messages.js';
import type { RunRecord } from './training/run-record.js';

const number = new Intl.NumberFormat('en');

export const formatCount = (count: number) => number.format(count);

/** A time as one says it, to about two figures: `40 s`, `12 min`, `3 h 20 min`. */
export function formatSpan(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0
    ? `${number.format(minutes / 60)} h`
    : `${number.format((minutes - rest) / 60)} h ${rest} min`;
}

export function formatLoss(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(2) : value.toFixed(3);
}

/** What a loss is called. */
export function lossName(name: string, preset: RunRecord['preset']): string {
  if (name === 'loss') return totalName(preset).replace(/^./, (letter) => letter.toUpperCase());
  const attribute = name.replace(/_loss$/, '');
  const known: Record<string, string> = { symbol: 'Key' };
  return known[attribute] ?? attribute[0].toUpperCase() + attribute.slice(1);
}

/** The unit of a loss; none for a sum of several. */
export function lossUnit(name: string, preset: RunRecord['preset']): string {
  const { lossUnits } = kindNamed(preset);
  return lossUnits[name] ?? lossUnits.loss ?? '';
}

/** What the loss is called in which models of a kind are told apart. */
export function totalName(preset: RunRecord['preset']): string {
  return kindNamed(preset).lossUnits.loss ?? 'loss';
}

/** The lowest loss on the held-out pieces, else the latest in training; undefined before there is any. */
export function bestLoss(losses: readonly LossRecord[]): LossRecord | undefined {
  const validation = losses.filter(({ split }) => split === 'validation');
  if (validation.length === 0) return losses.at(-1);
  return validation.reduce((a, b) => (b.losses.loss < a.losses.loss ? b : a));
}

/** What is going on. */
export function phaseWords(standing: Standing | undefined, ended: EndReason | undefined): string {
  if (ended !== undefined) return END_WORDS[ended];
  return standing === undefined ? 'Getting ready' : PHASE_WORDS[standing.phase];
}

const PHASE_WORDS: Readonly<Record<Standing['phase'], string>> = {
  reading: 'Reading the pieces',
  preparing: 'Getting ready',
  measuring: 'Finding out how fast this machine is',
  training: 'Training',
  judging: 'Listening to the held-out pieces',
  playing: 'Playing a sample',
  paused: 'Paused',
};

const END_WORDS: Readonly<Record<EndReason, string>> = {
  epochs: 'Done',
  steps: 'Done',
  'early stopping': 'Done: it no longer got better',
  stopped: 'Stopped; it can go on at any time',
};

/** A name for files, without what file systems do not like. */
export function fileNameOf({ title, preset }: RunRecord): string {
  const plain = title
    .replace(/\.(midi?|zip)$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain === '' ? preset : `${plain}-${preset}`;
}

/** The card of a model that was trained in the page. */
export function cardOf({
  title,
  preset,
  corpus,
  options,
  updates,
  seconds,
  losses,
  startedFrom,
}: RunRecord): string {
  const best = bestLoss(losses);
  const unit = totalName(preset);
  const rows = [
    ['kind', `${preset} model, trained in the studio`],
    ['data', `${title}: ${formatCount(corpus.pieces)} pieces, ${formatCount(corpus.notes)} notes`],
    ['held out', `${formatCount(corpus.heldOutPieces)} pieces, ${formatCount(corpus.heldOutNotes)} notes`],
    ...(startedFrom === undefined ? [] : [['learned on from', startedFrom]]),
    [
      'training',
      `${formatCount(updates)} steps of ${options.batchSize} in ${formatSpan(seconds)}, seed ${options.seed}`,
    ],
    ...(best === undefined
      ? []
      : [[unit, `${formatLoss(best.losses.loss)} on the ${WHERE[best.split]} pieces`]]),
  ];
  return `# ${title}\n\n| | |\n|---|---|\n${rows.map(([key, value]) => `| ${key} | ${value} |\n`).join('')}`;
}

const WHERE = { validation: 'held-out', train: 'training' } as const;
