/** The piano of the package. */
import { assetUrl } from './assets.js';

/** Where its SoundFont lies. */
export const pianoUrl = () => assetUrl('piano.sf3', () => new URL('../../sounds/piano.sf3', import.meta.url));
