/** The one piano of the page, and the transport that plays on it. */
import { Piano, Transport } from '../../../src/web/index.js';

export const piano = new Piano();
export const transport = new Transport(piano);
