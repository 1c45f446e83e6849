/** Index of the last entry of an ascending list that is at most `value`; −1 if none is. */
export function lastAtMost(ascending: ArrayLike<number>, value: number): number {
  let low = -1;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** Index of the first entry of an ascending list that is at least `value`; its length if none is. */
export function firstAtLeast(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
