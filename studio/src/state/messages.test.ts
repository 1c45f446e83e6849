import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complain, dismiss, messages, offer, say } from './messages.js';

const shown = () => messages.get().shown.map(({ text }) => text);
const action = { label: 'Reload', run: () => {} };

describe('messages', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    messages.set({ shown: [] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets notes pass, and keeps offers and problems until they are closed', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    say('Done.');
    offer('Something newer is ready.', action);
    complain(new Error('no'));
    expect(shown()).toHaveLength(3);
    vi.advanceTimersByTime(3_600_000);
    expect(shown()).toEqual(['Something newer is ready.', 'Something went wrong that should not: no']);
    for (const { id } of messages.get().shown) dismiss(id);
    expect(shown()).toEqual([]);
  });

  it('shows the last three, and every offer beside them', () => {
    offer('Something newer is ready.', action);
    for (const text of ['One.', 'Two.', 'Three.', 'Four.', 'Two.']) say(text);
    expect(shown()).toEqual(['Something newer is ready.', 'Three.', 'Four.', 'Two.']);
  });
});
