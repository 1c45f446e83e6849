/** Runs a generator to its end, whatever it yields, and gives what it returns. */
export async function runToEnd<R>(generator: AsyncGenerator<unknown, R, undefined>): Promise<R> {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
  }
}
