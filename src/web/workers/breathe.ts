const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

/**
 * Lets a worker hear what it was sent, or a page draw: a turn of the event loop, without the wait that timers
 * have.
 */
export function breathe(): Promise<void> {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
}
