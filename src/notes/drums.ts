/**
 * Which channels play drums, whose pitches are no notes: channel 10 by General MIDI, and what GS, XG and GM2
 * say.
 */

const CHANNELS = 16;
/** Channel 10. */
const DRUM_CHANNEL = 9;
/** Banks (controller 0) whose programs are drum kits: of XG, and of GM2. */
const XG_DRUM_BANKS = [126, 127];
const GM2_DRUM_BANK = 120;

/** Manufacturers and models, as they stand at the beginning of a system exclusive message. */
const ROLAND = 0x41;
const YAMAHA = 0x43;
const UNIVERSAL = 0x7e;
const GS = [0x42, 0x12]; // model, "data set"
const XG = 0x4c;

type Standard = 'GM' | 'GM2' | 'GS' | 'XG';

/** The channels of a file on their way through it. */
export class DrumChannels {
  private standard: Standard | undefined;
  private readonly bank = new Uint8Array(CHANNELS);
  /** Whether the program of a channel is a drum kit. */
  private readonly isKit = new Uint8Array(CHANNELS);
  /** What a message has made of a channel: 1 drums, 0 notes, −1 where none has. */
  private readonly part = new Int8Array(CHANNELS).fill(-1);

  has(channel: number): boolean {
    if (this.part[channel] >= 0) return this.part[channel] === 1;
    return channel === DRUM_CHANNEL || this.isKit[channel] === 1;
  }

  selectBank(channel: number, bank: number): void {
    this.bank[channel] = bank;
  }

  /** The bank that was selected counts from here on. */
  changeProgram(channel: number): void {
    const bank = this.bank[channel];
    // In GS those banks hold other instruments.
    const isXgKit = this.standard !== 'GS' && XG_DRUM_BANKS.includes(bank);
    this.isKit[channel] = Number(isXgKit || (this.standard === 'GM2' && bank === GM2_DRUM_BANK));
  }

  /** @returns whether the message resets the instrument, which silences it */
  hear(data: Uint8Array): boolean {
    const standard = resetTo(data);
    if (standard !== undefined) {
      this.standard = standard;
      this.bank.fill(0);
      this.isKit.fill(0);
      this.part.fill(-1);
      return true;
    }
    if (isGs(data) && data[4] === 0x40 && data[5] >> 4 === 1 && data[6] === 0x15) {
      this.part[channelOfGsPart(data[5] & 0x0f)] = Number(data[7] > 0);
    } else if (isXg(data) && data[3] === 0x08 && data[4] < CHANNELS && data[5] === 0x07) {
      this.part[data[4]] = Number(data[6] > 0);
    }
    return false;
  }
}

const isGs = (data: Uint8Array) =>
  data[0] === ROLAND && data[2] === GS[0] && data[3] === GS[1] && data.length >= 8;
const isXg = (data: Uint8Array) =>
  data[0] === YAMAHA && data[1] >> 4 === 1 && data[2] === XG && data.length >= 7;

/** The standard that a message resets an instrument to. */
function resetTo(data: Uint8Array): Standard | undefined {
  if (data[0] === UNIVERSAL && data[2] === 0x09) {
    if (data[3] === 0x01 || data[3] === 0x02) return 'GM';
    if (data[3] === 0x03) return 'GM2';
  }
  if (isGs(data) && data[4] === 0x40 && data[5] === 0x00 && data[6] === 0x7f) return 'GS';
  if (isXg(data) && data[3] === 0x00 && data[4] === 0x00 && data[5] === 0x7e) return 'XG';
  return undefined;
}

/** GS counts part 10 first: 0 is channel 10, 1 … 9 channels 1 … 9, 10 … 15 channels 11 … 16. */
function channelOfGsPart(part: number): number {
  if (part === 0) return DRUM_CHANNEL;
  return part <= DRUM_CHANNEL ? part - 1 : part;
}
