import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../../../src/index.js';
import { changed, done, newHistory, redone, takesIn, undone } from './history.js';
import {
  addTakes,
  moveCut,
  type NewTake,
  newSession,
  removeTakes,
  replaceTake,
  type Session,
  select,
  takeOf,
  toggleStar,
  unstarred,
} from './session.js';

const SOURCE = { title: 'x', notes: createNoteTable(0) };

const take = (id: string, parent?: string): NewTake => ({
  id,
  parent,
  cut: 1,
  recipe: { model: { id: 'shipped:m', name: 'm' }, options: { seed: 1 }, variation: 0, seconds: 2 },
});

const names = ({ takes }: Session) => takes.map(({ name }) => name);

/** A, B, C; A·1 and A·2 go on from A, A·1·1 from A·1. */
function family(): Session {
  let session = addTakes(newSession(SOURCE), [take('a'), take('b'), take('c')]);
  session = addTakes(session, [take('a1', 'a'), take('a2', 'a')]);
  return addTakes(session, [take('a11', 'a1')]);
}

describe('a session', () => {
  it('names takes by where they come from, and lists them after it', () => {
    expect(names(family())).toEqual(['A', 'A·1', 'A·1·1', 'A·2', 'B', 'C']);
    expect(family().current).toBe('a11');
  });

  it('gives a name again only when it is free', () => {
    const session = removeTakes(family(), new Set(['b']));
    expect(names(addTakes(session, [take('d')]))).toEqual(['A', 'A·1', 'A·1·1', 'A·2', 'C', 'B']);
  });

  it('has letters for more than 26 takes', () => {
    const many = Array.from({ length: 28 }, (_, i) => take(`t${i}`));
    expect(names(addTakes(newSession(SOURCE), many)).slice(25)).toEqual(['Z', 'AA', 'AB']);
  });

  it('takes away what goes on from a take that is taken away, and shows what that came from', () => {
    const session = removeTakes(family(), new Set(['a1']));
    expect(names(session)).toEqual(['A', 'A·2', 'B', 'C']);
    expect(session.current).toBe('a');
    expect(removeTakes(session, new Set(['a'])).current).toBeUndefined();
    expect(removeTakes(session, new Set(['nobody']))).toBe(session);
  });

  it('makes a take again in its place, unless others go on from it', () => {
    const session = replaceTake(family(), 'b', take('new'));
    expect(names(session)).toEqual(['A', 'A·1', 'A·1·1', 'A·2', 'B', 'C']);
    expect(takeOf(session, 'b')).toBeUndefined();
    expect(takeOf(session, 'new')).toMatchObject({ name: 'B' });
    const kept = replaceTake(family(), 'a', take('new'));
    expect(takeOf(kept, 'a')).toBeDefined();
    expect(takeOf(kept, 'new')).toMatchObject({ name: 'D' });
  });

  it('keeps of the takes those with a star and what they go on from', () => {
    const session = toggleStar(family(), 'a1');
    expect([...unstarred(session)].sort()).toEqual(['a11', 'a2', 'b', 'c']);
  });

  it('forgets where the next take goes on when another one is shown', () => {
    const session = moveCut(select(family(), 'b'), 3);
    expect(session.cut).toBe(3);
    expect(select(session, 'b')).toBe(session);
    expect(select(session, 'c').cut).toBeUndefined();
  });
});

describe('a history', () => {
  it('walks back and forth', () => {
    const first = newSession(SOURCE);
    const second = addTakes(first, [take('a')]);
    const third = removeTakes(second, new Set(['a']));
    let history = done(done(newHistory(first), second, 'one'), third, 'two');
    history = undone(history);
    expect(history.present).toBe(second);
    expect(history.future.at(-1)?.label).toBe('two');
    history = undone(history);
    expect(history.present).toBe(first);
    expect(undone(history)).toBe(history);
    history = redone(redone(history));
    expect(history.present).toBe(third);
    expect(redone(history)).toBe(history);
  });

  it('ends what was undone when something else is done', () => {
    const first = newSession(SOURCE);
    const history = undone(done(newHistory(first), addTakes(first, [take('a')]), 'one'));
    const other = done(history, addTakes(first, [take('b')]), 'other');
    expect(other.future).toEqual([]);
    expect([...takesIn(other)]).toEqual(['b']);
  });

  it('takes no step for what is only looked at, and none for nothing', () => {
    const session = family();
    const history = newHistory(session);
    expect(changed(history, select(session, 'b')).past).toEqual([]);
    expect(done(history, session, 'nothing')).toBe(history);
  });

  it('knows the takes of all its sessions, also undone ones', () => {
    const first = newSession(SOURCE);
    const history = undone(done(newHistory(first), addTakes(first, [take('a')]), 'one'));
    expect([...takesIn(history)]).toEqual(['a']);
  });
});
