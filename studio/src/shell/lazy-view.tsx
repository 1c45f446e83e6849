/** A view whose code is loaded when it is first looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Makes a view of what `load` brings. */
export function lazyView(name: string, load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | undefined;
  return function LazyView() {
    const [View, setView] = useState<ComponentType | undefined>(() => loaded);
    const [problem, setProblem] = useState('');
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (view) => {
          loaded = view;
          setView(() => view);
        },
        () =>
          setProblem(`${name} could not be loaded. Is the studio still being served? Reload to try again.`),
      );
    }, []);
    if (View !== undefined) return <View />;
    return <p class="view-note">{problem}</p>;
  };
}
