/**
 * An error whose message is meant for the person at the keyboard: it names the file, the place and the remedy
 * in one line. The command line prints it without a stack trace; anything else that is thrown is a bug of
 * ours.
 */
export class CadenzaError extends Error {
  override name = 'CadenzaError';
}

/** Text out of a file in quotation marks, fit for a message of one line. */
export function quoted(text: string): string {
  const brief = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  // JSON leaves the separators of lines and paragraphs as they are.
  return JSON.stringify(brief).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}
