/** Controller numbers that decide what is heard (MIDI 1.0). */
export const BANK_SELECT = 0;
export const SUSTAIN = 64;
export const SOSTENUTO = 66;
export const ALL_SOUND_OFF = 120;
export const RESET_ALL_CONTROLLERS = 121;
/** 123, and as it also 124 … 127, which change the channel's mode. */
export const ALL_NOTES_OFF = 123;
