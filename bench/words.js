/** How figures are written in tables. */

/** A measured figure, to three digits. */
export const describe = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/**
 * What stands in a table: words as they are, whole numbers in full, measured ones to three digits, `–` for
 * none.
 */
export function cell(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : describe(value);
}
