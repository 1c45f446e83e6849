/** Fetches what is needed, once a page, and says how far it is. */
import { CadenzaError } from '../errors.js';

/** How much has come of so many bytes; the total is undefined where the server does not say. */
export interface FetchProgress {
  readonly loaded: number;
  readonly total: number | undefined;
}

export interface FetchOptions {
  /** Ends the fetching; what was asked for is then refused with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** What to say where a file of somebody's is not. */
function gone(what: string): CadenzaError {
  return new CadenzaError(`${what} could not be fetched; check its address and the connection`);
}

/**
 * The bytes behind a URL.
 *
 * @param what what to call it in messages
 * @param missing makes the error where it is not there
 * @throws CadenzaError in words if it cannot be had
 */
export async function fetchBytes(
  url: string | URL,
  what: string,
  { signal, onProgress }: FetchOptions = {},
  missing: (what: string, url: string) => CadenzaError = gone,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal: signal ?? null }).catch(() => {
    signal?.throwIfAborted();
    throw missing(what, String(url));
  });
  if (!response.ok) {
    throw new CadenzaError(
      `${what} could not be fetched: the server answered ${response.status} for ${url}; check its address`,
    );
  }
  // Many servers answer with their start page where there is nothing.
  if (response.headers.get('content-type')?.startsWith('text/html')) throw missing(what, String(url));
  if (onProgress === undefined || response.body === null) return new Uint8Array(await response.arrayBuffer());
  return collect(response, response.body, onProgress);
}

async function collect(
  { headers }: Response,
  body: ReadableStream<Uint8Array>,
  onProgress: (progress: FetchProgress) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // The length of what travels, which is another one where it was packed for that.
  const said = headers.has('content-encoding')
    ? undefined
    : Number(headers.get('content-length')) || undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    onProgress({ loaded, total: said });
  }
  const bytes = new Uint8Array(loaded);
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
