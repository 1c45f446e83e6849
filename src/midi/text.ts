/**
 * The text of a meta event. MIDI files do not say how theirs is encoded: UTF-8 if it is valid UTF-8,
 * Shift-JIS if it is valid Shift-JIS and has lead bytes that latin-1 assigns to control characters, else
 * latin-1, which never fails.
 */
export function decodeText(bytes: Uint8Array): string {
  let plain = true;
  let controls = false;
  for (const byte of bytes) {
    if (byte >= 0x80) plain = false;
    if (byte >= 0x81 && byte <= 0x9f) controls = true;
  }
  if (plain) return latin1(bytes);
  const text = decodeStrictly(bytes, 'utf-8') ?? (controls ? decodeStrictly(bytes, 'shift_jis') : undefined);
  return text ?? latin1(bytes);
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not that encoding, or one this platform does not know
  }
}

/** ISO 8859-1 proper: TextDecoder's "latin1" is windows-1252. */
function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 4096)));
  }
  return parts.join('');
}
