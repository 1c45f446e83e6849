/** What the studio says to its user in words, at the foot of the page. */
import { CadenzaError } from '../../../src/index.js';
import { createStore } from './store.js';

export interface Message {
  readonly id: number;
  readonly text: string;
  /** A problem stays until it is closed. */
  readonly isProblem: boolean;
  /** It waits until it is acted on or closed, however much is said after it. */
  readonly waits?: boolean;
  /** One thing that can be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const messages = createStore<{ readonly shown: readonly Message[] }>({ shown: [] });

const MOST_SHOWN = 3;
const NOTE_MILLISECONDS = 6000;
let nextId = 1;

/** Says something that went as it should. */
export function say(text: string, action?: Message['action']): void {
  const id = add({ text, isProblem: false, action });
  setTimeout(() => dismiss(id), NOTE_MILLISECONDS);
}

/** Offers what can be done at any time: nobody has to look within seconds. */
export function offer(text: string, action: NonNullable<Message['action']>): void {
  add({ text, isProblem: false, waits: true, action });
}

/** Says what went wrong. Errors that are not the user's are bugs: they go to the console too. */
export function complain(error: unknown, action?: Message['action']): void {
  if (error instanceof CadenzaError) {
    add({ text: sentence(error.message), isProblem: true, action });
    return;
  }
  console.error(error);
  const what = error instanceof Error ? error.message : String(error);
  add({ text: `Something went wrong that should not: ${what}`, isProblem: true, action });
}

export function dismiss(id: number): void {
  messages.set(({ shown }) => ({ shown: shown.filter((message) => message.id !== id) }));
}

function add(message: Omit<Message, 'id'>): number {
  const id = nextId++;
  messages.set(({ shown }) => {
    const all = [...shown.filter(({ text }) => text !== message.text), { ...message, id }];
    const passing = all.filter(({ waits }) => !waits).slice(-MOST_SHOWN);
    return { shown: all.filter((one) => one.waits || passing.includes(one)) };
  });
  return id;
}

/** The library's messages begin small and end without a stop, as a command line has them. */
export function sentence(text: string): string {
  const start = /^[a-z]+[\s,:]/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return /[.!?)]$/.test(start) ? start : `${start}.`;
}
