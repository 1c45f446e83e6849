/** How `cadenza train` tells what is going on: as JSON lines, or with bars for people. */
import type { Losses } from '../model/losses.js';
import type { NewRunOptions, ResumeOptions, RunEnd, RunProgress, RunStart } from '../node/run/train-run.js';
import type { EpochProgress, ValidationProgress } from '../training/progress.js';
import { createProgress, formatTime, type Progress } from './progress.js';
import { warn } from './warnings.js';

export interface Reporter {
  report(progress: RunProgress): void;
  /** Called when the run has been asked to stop. */
  stopping(): void;
  /** Called at the end, also of a run that failed. */
  finish(): void;
}

export class JsonReporter implements Reporter {
  report(progress: RunProgress): void {
    if ('snapshot' in progress) {
      const { snapshot: _, ...plain } = progress;
      process.stdout.write(`${JSON.stringify(plain)}\n`);
    } else {
      process.stdout.write(`${JSON.stringify(progress)}\n`);
    }
  }
  stopping(): void {}
  finish(): void {}
}

export class TextReporter implements Reporter {
  private steps: Progress | undefined;
  private validation: Progress | undefined;
  private base = 0;
  private began = 0;

  constructor(
    private readonly reading: Progress,
    private readonly quiet: boolean,
    private readonly run: NewRunOptions | ResumeOptions,
    private readonly isByCluster: boolean,
  ) {}

  report(progress: RunProgress): void {
    switch (progress.type) {
      case 'start':
        this.start(progress);
        break;
      case 'step': {
        const { epoch, step, stepsPerEpoch, updates, notesPerStep, meanLosses } = progress;
        if (this.steps === undefined) {
          // Neither an earlier sitting nor the making ready before the first step tells how fast this one is.
          this.base = updates;
          this.began = performance.now();
          this.steps = createProgress({
            label: `Epoch ${epoch}`,
            total: stepsPerEpoch,
            before: step,
            unit: 'steps',
            quiet: this.quiet,
          });
        }
        const notes = (updates - this.base) * notesPerStep;
        const rate = Math.round((1000 * notes) / (performance.now() - this.began));
        this.steps.update(step, `${notes > 0 ? `${rate} notes/s, ` : ''}${formatLosses(meanLosses)}`);
        break;
      }
      case 'validation':
        this.validating(progress);
        break;
      case 'epoch':
        this.closeProgress();
        this.epoch(progress);
        break;
      case 'end':
        this.end(progress);
        break;
    }
  }

  stopping(): void {
    const line = 'Stopping; interrupt once more to stop at once, without saving';
    const shown = this.validation ?? this.steps;
    if (shown === undefined) this.say(line);
    else shown.log(line);
  }

  finish(): void {
    this.reading.finish();
    this.closeProgress();
  }

  private closeProgress(): void {
    this.steps?.finish();
    this.validation?.finish();
    this.steps = this.validation = undefined;
  }

  private start({ folder, train, validation, problems, updates }: RunStart): void {
    this.reading.finish();
    for (const problem of problems) warn(problem);
    const part = ({ names, notes }: RunStart['train']) => `${names.length} pieces (${notes} notes)`;
    this.say(`Training on ${part(train)}, validating on ${part(validation)}; into ${folder}`);
    if (updates > 0) this.say(`Resuming after step ${updates}`);
  }

  private epoch({ epoch, train, validation, improved }: EpochProgress): void {
    const held = validation === undefined ? '' : ` | validation ${formatLosses(validation)}`;
    this.say(`Epoch ${epoch}: ${formatLosses(train)}${held}${improved ? ' *' : ''}`);
  }

  private validating({ notes, totalNotes }: ValidationProgress): void {
    if (this.validation === undefined) {
      this.closeProgress();
      const options = { label: 'Validating', total: totalNotes, unit: 'notes', isPassing: true };
      this.validation = createProgress({ ...options, quiet: this.quiet });
    }
    this.validation.update(notes);
  }

  private end({ reason, folder, bestEpoch, seconds }: RunEnd): void {
    this.closeProgress();
    const best = bestEpoch > 0 ? `, best epoch ${bestEpoch}` : '';
    // The run's own limit of epochs is still the one it began with.
    const { epochs, steps } = 'resume' in this.run ? this.run : {};
    const where = this.isByCluster ? ' --cluster …' : '';
    const limit = `${epochs === undefined ? '' : ` --epochs ${epochs}`}${steps === undefined ? '' : ` --steps ${steps}`}`;
    const how = {
      epochs: 'All epochs done',
      steps: 'All steps done',
      'early stopping': 'Stopped early',
      interrupted: `Interrupted; go on with: cadenza train --resume ${folder}${limit}${where}\nStopped`,
      'already finished': 'Nothing left to do',
    }[reason];
    this.say(`${how} after ${formatTime(seconds)}${best}`);
    process.stdout.write(`${folder}\n`);
  }

  private say(line: string): void {
    if (!this.quiet) process.stderr.write(`${line}\n`);
  }
}

function formatLosses(losses: Losses): string {
  return Object.entries(losses)
    .map(([name, value]) => `${name.replace('_loss', '')} ${value.toFixed(4)}`)
    .join(', ');
}
