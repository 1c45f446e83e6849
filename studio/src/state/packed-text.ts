/** Bytes as text, and text that is packed for a link. */

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** @throws DOMException when it is no base64 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Text in characters that a link may hold. */
export async function packText(text: string): Promise<string> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  return base64Of(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The text that {@link packText} packed.
 *
 * @param most bytes that are unpacked: a few characters may stand for gigabytes
 * @throws RangeError when there are more
 * @throws TypeError | DOMException when it is damaged
 */
export async function unpackText(code: string, most: number): Promise<string> {
  const packed = bytesOfBase64(code.replaceAll('-', '+').replaceAll('_', '/'));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  const reader = unpacked.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('it unfolds to too much');
    }
    text += decoder.decode(value, { stream: true });
  }
}
