/** The one piano of the page, and the transport that plays on it. */
import { Piano, SwitchedInstrument, Transport } from '../../../src/web/index.js';

/** Where the studio's server has the piano. */
export const PIANO = new URL('sounds/piano.sf3', document.baseURI);

export const piano = new Piano({ soundFont: PIANO });
/** What the transport plays on: the piano, or an instrument at a MIDI port. */
export const instrument = new SwitchedInstrument(piano);
export const transport = new Transport(instrument);
