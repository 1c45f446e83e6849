/** Which view the address asks for: `#/compose`, `#/learn`, `#/models`. Anything else is Compose. */
import { useLayoutEffect, useState } from 'preact/hooks';

export const VIEWS = ['compose', 'learn', 'models'] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_NAMES: Readonly<Record<View, string>> = {
  compose: 'Compose',
  learn: 'Learn',
  models: 'Models',
};

export function viewOf(hash: string): View {
  const name = /^#\/(\w+)/.exec(hash)?.[1];
  return VIEWS.find((view) => view === name) ?? 'compose';
}

/** Goes to a view, as a click on its link would. */
export function goTo(view: View): void {
  location.hash = `#/${view}`;
}

export function useView(): View {
  const [view, setView] = useState(() => viewOf(location.hash));
  // At once: a link may be followed as soon as it is to be seen.
  useLayoutEffect(() => {
    const update = () => setView(viewOf(location.hash));
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return view;
}
