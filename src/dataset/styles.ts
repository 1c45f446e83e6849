/** Which composers' styles can be learned from a corpus. */

/** Of fewer pieces no style can be told from the pieces themselves. */
const FEWEST_PIECES = 15;

/**
 * The composers with enough pieces, those with most of them first if there are more than `most`; by name.
 *
 * @param composers of every piece, where it is known
 */
export function frequentComposers(composers: Iterable<string | undefined>, most: number): string[] {
  const pieces = new Map<string, number>();
  for (const composer of composers) {
    if (composer !== undefined) pieces.set(composer, (pieces.get(composer) ?? 0) + 1);
  }
  const known = [...pieces].filter(([, count]) => count >= FEWEST_PIECES);
  const first = known.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, most);
  return first.map(([composer]) => composer).sort();
}
