/**
 * An error whose message is meant for the person at the keyboard: it names the file, the place and the remedy
 * in one line. The command line prints it without a stack trace; anything else that is thrown is a bug of ours.
 */
export class CadenzaError extends Error {
  override name = 'CadenzaError';
}
