/** The frame of the studio: the header, one of three views, and what is said at the foot. */
import { useState } from 'preact/hooks';
import { ComposeView } from './compose/compose-view.js';
import { HeaderTools } from './compose/header-tools.js';
import { Icon } from './shell/icons.js';
import { lazyView } from './shell/lazy-view.js';
import { Messages } from './shell/messages.js';
import { useView, VIEW_NAMES, VIEWS, type View } from './shell/routes.js';
import { currentTheme, toggleTheme } from './shell/theme.js';
import './shell/shell.css';

const VIEW_OF = {
  compose: ComposeView,
  learn: lazyView('Learn', async () => (await import('./learn/learn-view.js')).LearnView),
  models: lazyView('Models', async () => (await import('./models/models-view.js')).ModelsView),
} satisfies Record<View, unknown>;

export function App() {
  const view = useView();
  const CurrentView = VIEW_OF[view];
  return (
    <>
      <header class="header">
        <h1 class="brand">Cadenza</h1>
        <nav class="views" aria-label="Views">
          {VIEWS.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? 'page' : undefined}>
              {VIEW_NAMES[name]}
            </a>
          ))}
        </nav>
        {view === 'compose' ? <HeaderTools /> : <div class="header-space" />}
        <ThemeButton />
      </header>
      <main class={`view view-${view}`} aria-label={VIEW_NAMES[view]}>
        <CurrentView />
      </main>
      <Messages />
    </>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const name = theme === 'dark' ? 'Light theme' : 'Dark theme';
  return (
    <button
      type="button"
      class="button quiet icon theme-button"
      aria-label={name}
      title={name}
      onClick={() => {
        toggleTheme();
        setTheme(currentTheme());
      }}
    >
      <Icon name="theme" />
    </button>
  );
}
