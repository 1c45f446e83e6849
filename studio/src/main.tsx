/** Where the studio begins. */
import { render } from 'preact';
import './theme.css';
import { App } from './shell/app.js';
import { restoreTheme } from './shell/theme.js';
import { refreshModels } from './state/models.js';

restoreTheme();
render(<App />, document.getElementById('app') as HTMLElement);
refreshModels();
