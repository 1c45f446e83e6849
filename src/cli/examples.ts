import type { Command } from 'commander';

/** Puts examples, each with what it does, at the end of a command's help. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, effect: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, effect]) => `  ${line.padEnd(width)}  ${effect}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
