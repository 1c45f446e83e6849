/** Where the studio begins. */
import { render } from 'preact';
import './theme.css';
import { App } from './app.js';
import { keepOffline } from './offline/keep-offline.js';
import { refuseStrayDrops } from './shell/stray-drops.js';
import { restoreTheme } from './shell/theme.js';
import { offer } from './state/messages.js';
import { refreshModels } from './state/models.js';

restoreTheme();
refuseStrayDrops();
render(<App />, document.getElementById('app') as HTMLElement);
refreshModels();
keepOffline((takeOver) => offer('A new version of the studio is ready.', { label: 'Reload', run: takeOver }));
