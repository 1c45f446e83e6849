/** Ctrl-C and `kill` as an AbortSignal, so that work is saved before the process ends; a second Ctrl-C ends it at once. */
export function interruptSignal(): { signal: AbortSignal; interrupted: () => boolean } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, interrupted: () => controller.signal.aborted };
}
