/** How a piano string fades, for what is struck anew in the middle of a note. */

/** Decibels that the string of {@link LOW} loses in a second; it doubles with so many semitones more. */
const FADING = 5;
const LOW = 30;
const DOUBLES_AFTER = 24;
/** Decibels between a velocity and ten times as much. */
const A_DECADE = 31.5;

/**
 * The velocity at which a string would have to be struck now to sound as loud as it still does; 0 where it is
 * no longer heard. A piano fades quickly at first and slowly then; this straight line meets the piano of the
 * package after two seconds, within 7 dB from E2 to A♭5.
 *
 * @param age seconds since it was struck
 */
export function fadedVelocity(velocity: number, pitch: number, age: number): number {
  const lost = age * FADING * 2 ** ((pitch - LOW) / DOUBLES_AFTER);
  return Math.round(velocity * 10 ** (-lost / A_DECADE));
}
