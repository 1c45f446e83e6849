/**
 * The one class that is used of spessasynth_lib, in a file of its own: it is loaded when the first sound is
 * wanted.
 */
export { WorkletSynthesizer } from 'spessasynth_lib';
