/** A MIDI keyboard and a MIDI instrument that are not there: what a page sees of them. */
import type { Page } from 'playwright-core';

/** A message that the page sent to the instrument. */
export interface Sent {
  readonly data: readonly number[];
  /** When it is to sound, milliseconds of the page's clock; 0 is at once. */
  readonly at: number;
}

/** Plugs both in, before the page is loaded. */
export async function plugInMidi(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sent: { data: number[]; at: number }[] = [];
    const input = { id: 'in', name: 'Test keys', state: 'connected', onmidimessage: undefined as unknown };
    const output = {
      id: 'out',
      name: 'Test piano',
      state: 'connected',
      send: (data: Iterable<number>, at = 0) => sent.push({ data: [...data], at }),
      clear() {
        const now = performance.now();
        for (let i = sent.length - 1; i >= 0; i--) if (sent[i].at > now) sent.splice(i, 1);
      },
    };
    const access = {
      inputs: new Map([['in', input]]),
      outputs: new Map([['out', output]]),
      onstatechange: null,
    };
    Object.defineProperty(navigator, 'requestMIDIAccess', { value: async () => access });
    Object.assign(globalThis, { testMidi: { input, sent } });
  });
}

/** Plays keys on the keyboard, at times of the page's clock: each message says when it was. */
export async function playMidi(page: Page, messages: readonly Sent[]): Promise<void> {
  await page.evaluate(async (messages) => {
    const { input } = (globalThis as unknown as { testMidi: { input: { onmidimessage?: unknown } } })
      .testMidi;
    for (const { data, at } of messages) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
      const hear = input.onmidimessage as ((event: object) => void) | undefined;
      hear?.({ data: Uint8Array.from(data), timeStamp: at });
    }
  }, messages as Sent[]);
}

/** What the instrument was sent. */
export function sentMidi(page: Page): Promise<Sent[]> {
  return page.evaluate(() => (globalThis as unknown as { testMidi: { sent: Sent[] } }).testMidi.sent);
}
