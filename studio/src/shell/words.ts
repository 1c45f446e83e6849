/** Times and counts as the page writes them. */

/** 0:12.4 */
export function timeOf(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = (tenths % 600) / 10;
  return `${minutes}:${rest.toFixed(1).padStart(4, '0')}`;
}

/** Made once: a formatter costs more than what it formats. */
const NUMBERS = new Intl.NumberFormat('en');

export function countOf(count: number, word: string): string {
  return `${NUMBERS.format(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** 7.5 MB */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
