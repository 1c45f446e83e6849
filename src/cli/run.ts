import { type Command, CommanderError } from 'commander';
import { CadenzaError } from '../errors.js';
import { warn } from './warnings.js';

/**
 * Exit codes: bad data, a command line that makes no sense, and a fault of ours (EX_SOFTWARE of sysexits.h).
 */
const EXIT = { failure: 1, usage: 2, bug: 70 };

/**
 * Runs a program and turns whatever goes wrong into one line on stderr and an exit code: 1 for a
 * CadenzaError, 2 for wrong usage, 70 for anything else, which is a bug. The stack of a bug is shown when
 * `CADENZA_DEBUG` is set.
 */
export async function run(program: Command, argv: readonly string[]): Promise<void> {
  handleOutputErrors(process.stdout);
  handleOutputErrors(process.stderr);
  // One line, as all that is said.
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => warn(message));
  process.on('uncaughtException', (error) => process.exit(report(error)));
  configure(program);
  for (const command of program.commands) configure(command);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function configure(command: Command): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text, write) => write(`cadenza: ${text.replace(/^error: /, '')}`),
  });
  const path = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  command.showHelpAfterError(`Try "${path} --help".`);
}

function report(error: unknown): number {
  // Commander has printed its message by the time it throws; help and version end this way too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof CadenzaError) {
    process.stderr.write(`cadenza: ${error.message}\n`);
    return EXIT.failure;
  }
  const debug = process.env.CADENZA_DEBUG;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  process.stderr.write(`cadenza: unexpected ${text.replaceAll('\n', ' ')}\n`);
  if (debug && debug !== '0' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else process.stderr.write('cadenza: this is a bug; CADENZA_DEBUG=1 shows where it happened\n');
  return EXIT.bug;
}

/**
 * Ends the process without a word when the reader of its output has gone, as `cadenza notes x.mid | head`
 * does, and with one when the output cannot be written.
 */
function handleOutputErrors(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.exit(report(new CadenzaError(`cannot write the output: ${error.message}`)));
  });
}
