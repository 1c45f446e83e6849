import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../../../src/index.js';
import { continued, done, newHistory, redone, undone, withdrawn } from './history.js';
import { newSession, type Session } from './session.js';

const sessionOf = (title: string): Session => newSession({ title, notes: createNoteTable(0) });
const [START, A, B, C, D] = ['start', 'a', 'b', 'c', 'd'].map(sessionOf);

describe('a history', () => {
  it('takes on top what was done while it was fetched', () => {
    const kept = done(newHistory(A), B, 'make b');
    const meanwhile = done(done(newHistory(START), C, 'open c'), D, 'open d');
    const both = continued(kept, meanwhile);
    expect(both.present).toBe(D);
    expect(undone(both).present).toBe(C);
    expect(undone(undone(both)).present).toBe(B);
    expect(undone(undone(undone(both))).present).toBe(A);
    expect(redone(undone(both)).present).toBe(D);
  });

  it('is the one that was fetched where nothing was done meanwhile', () => {
    const kept = done(newHistory(A), B, 'make b');
    expect(continued(kept, newHistory(START))).toBe(kept);
  });

  it('forgets a step that came to nothing, and keeps all else', () => {
    const before = undone(done(done(newHistory(A), B, 'make b'), C, 'make c'));
    const tried = done(before, D, 'make d');
    expect(tried.future).toEqual([]);
    expect(withdrawn(tried, before)).toEqual(before);
  });

  it('forgets such a step also where an older history was put beneath it', () => {
    const kept = done(newHistory(A), B, 'make b');
    const before = newHistory(START);
    const tried = continued(kept, done(before, D, 'make d'));
    expect(withdrawn(tried, before)).toEqual(kept);
  });
});
