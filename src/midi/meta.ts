/** Numbers of meta events (Standard MIDI Files 1.0). */
export const META_TRACK_NAME = 0x03;
/** Texts have numbers from 1 up to this. */
export const META_LAST_TEXT = 0x0f;
export const META_END_OF_TRACK = 0x2f;
export const META_TEMPO = 0x51;
export const META_TIME_SIGNATURE = 0x58;
export const META_KEY_SIGNATURE = 0x59;
