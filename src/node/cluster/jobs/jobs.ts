/** All kinds of jobs there are. A new one is a file beside the others, and a line here. */
import { CadenzaError, quoted } from '../../../errors.js';
import { fieldsOf } from '../../../training/fields.js';
import { packageVersion } from '../../files/package-info.js';
import type { JobKind, JobTools } from './job.js';
import { JOIN } from './join.js';
import { JUDGE } from './judge.js';
import { LEARN } from './learn.js';
import { MEASURE, MINUTES } from './measure.js';
import { PLAY } from './play.js';
import { READ } from './read.js';

const JOBS: readonly JobKind<unknown, unknown>[] = [LEARN, JOIN, JUDGE, MEASURE, MINUTES, PLAY, READ];

/** A job that is asked for. */
export interface JobRequest<Result = unknown> {
  readonly kind: JobKind<unknown, Result>;
  readonly data: object;
}

export function request<Data extends object, Result>(
  kind: JobKind<Data, Result>,
  data: Data,
): JobRequest<Result> {
  return { kind, data };
}

/** What travels: with the version, because another one may understand the data in another way. */
export function dataOf({ data }: JobRequest): object {
  return { version: packageVersion(), ...data };
}

/**
 * Does a job.
 *
 * @throws CadenzaError when it is none that this version knows, its data are no good, or what is asked for
 *   cannot be done
 */
export async function doJob(name: string, data: unknown, tools: JobTools): Promise<unknown> {
  const fields = fieldsOf(data, 'the data of the job');
  const version = packageVersion();
  if (fields.version !== version) {
    throw new CadenzaError(
      `the job is of Cadenza ${quoted(String(fields.version))}, this worker of ${version}; ` +
        'run the same version everywhere',
    );
  }
  const kind = JOBS.find((each) => each.name === name);
  if (kind === undefined) throw new CadenzaError(`there is no job of the name ${quoted(name)}`);
  return kind.run(kind.check(fields), tools);
}
