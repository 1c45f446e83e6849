/** The one piano of the page, and the transport that plays on it. */
import { Piano } from '../sound/piano.js';
import { Transport } from '../sound/transport.js';

export const piano = new Piano();
export const transport = new Transport(piano);
