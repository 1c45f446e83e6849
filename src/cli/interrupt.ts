/**
 * Has Ctrl-C and `kill` abort a signal, so that work is saved before the process ends; a second Ctrl-C ends
 * it at once.
 */
export function abortOnInterrupt(controller: AbortController): void {
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
