/** The one piano of the page, and the transport that plays on it. */
import { Piano, Transport } from '../../../src/web/index.js';

/** Where the studio's server has the piano. */
export const PIANO = new URL('sounds/piano.sf3', document.baseURI);

export const piano = new Piano({ soundFont: PIANO });
export const transport = new Transport(piano);
