/**
 * The one place where state lives. Views read it with {@link useStore}; nothing else tells them what to draw.
 */
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Store<S> {
  /** The state as it is now; never changed in place. */
  get(): S;
  /** Replaces the state, or some of its fields, and tells all who listen. */
  set(change: Partial<S> | ((state: S) => Partial<S>)): void;
  /** Calls `listener` after every change; gives how to stop that. */
  subscribe(listener: () => void): () => void;
}

export function createStore<S extends object>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      const fields = typeof change === 'function' ? change(state) : change;
      const isSame = Object.entries(fields).every(([key, value]) => Object.is(state[key as keyof S], value));
      if (isSame) return;
      state = { ...state, ...fields };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What `select` takes from the state; the view is drawn again when that is another value than before. */
export function useStore<S extends object, T>(store: Store<S>, select: (state: S) => T): T {
  const selected = select(store.get());
  const [, draw] = useState({});
  useLayoutEffect(() => {
    let before = select(store.get());
    // Between drawing and this moment it may have changed.
    if (!Object.is(before, selected)) draw({});
    return store.subscribe(() => {
      const now = select(store.get());
      if (Object.is(now, before)) return;
      before = now;
      draw({});
    });
  }, [store]);
  return selected;
}

/**
 * As {@link useStore}, but drawn again only so often while the value keeps changing; the last value is always
 * drawn.
 */
export function useStoreCalmly<S extends object, T>(
  store: Store<S>,
  select: (state: S) => T,
  milliseconds: number,
): T {
  const [selected, setSelected] = useState(() => select(store.get()));
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const update = () => {
      timer = undefined;
      last = performance.now();
      setSelected(() => select(store.get()));
    };
    const soon = () => {
      timer ??= setTimeout(update, Math.max(0, last + milliseconds - performance.now()));
    };
    update();
    const stop = store.subscribe(soon);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
  return selected;
}
