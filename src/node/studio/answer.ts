/** Answers with a file as a good static server does: with tags, ranges and, over a network, compressed. */
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mid': 'audio/midi',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^text\/|json|svg|wasm/;

/** What an answer consists of. */
export interface Content {
  /** Name of the file, which tells its type. */
  readonly name: string;
  readonly size: number;
  /** Changes whenever the content does. */
  readonly tag: string;
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Readable;
  /** Gives back what it holds, read or not. */
  close(): Promise<void>;
}

/** The content of an open file. */
export async function contentOfFile(file: FileHandle, name: string): Promise<Content> {
  const { size, mtimeMs } = await file.stat();
  return {
    name,
    size,
    tag: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
    read: (start, end) => file.createReadStream({ start, end: end - 1 }),
    close: () => file.close(),
  };
}

/**
 * Sends the content, or as much of it as was asked for. On the machine itself compressing only costs time.
 */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  content: Content,
  compress: boolean,
): Promise<void> {
  const { name, size } = content;
  const type = TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
  const range = rangeOf(request, content);
  const encoding = compress && COMPRESSIBLE.test(type) ? encodingOf(request) : undefined;
  const tag = `"${content.tag}${encoding ? `-${encoding}` : ''}"`;
  response.setHeader('Content-Type', type);
  response.setHeader('ETag', tag);
  if (compress && COMPRESSIBLE.test(type)) response.setHeader('Vary', 'Accept-Encoding');
  if (isKnown(request, tag)) {
    response.writeHead(304).end();
    return;
  }
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  if (encoding !== undefined) {
    response.writeHead(200, { 'Content-Encoding': encoding });
    if (request.method === 'HEAD') response.end();
    else await send(request, content.read(0, size), response, compressor(encoding));
    return;
  }
  response.setHeader('Accept-Ranges', 'bytes');
  const { start, end } = range ?? { start: 0, end: size };
  response.setHeader('Content-Length', end - start);
  if (range === undefined) response.writeHead(200);
  else response.writeHead(206, { 'Content-Range': `bytes ${start}-${end - 1}/${size}` });
  if (request.method === 'HEAD' || end === start) response.end();
  else await send(request, content.read(start, end), response);
}

/**
 * A reader that goes away in the middle is nobody's fault. The response itself doesn't notice it where others
 * are before it in the same connection.
 */
async function send(
  { socket }: IncomingMessage,
  from: Readable,
  response: ServerResponse,
  through?: Transform,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  if (socket.destroyed) leave();
  socket.once('close', leave);
  const { signal } = gone;
  try {
    if (through === undefined) await pipeline(from, response, { signal });
    else await pipeline(from, through, response, { signal });
  } catch {
    response.destroy();
  } finally {
    socket.off('close', leave);
  }
}

function compressor(encoding: 'br' | 'gzip'): Transform {
  // The last steps of quality cost seconds for little.
  return encoding === 'br'
    ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
    : createGzip({ level: 6 });
}

function encodingOf({ headers }: IncomingMessage): 'br' | 'gzip' | undefined {
  const wanted = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => !/;\s*q=0(\.0*)?$/.test(entry))
    .map((entry) => entry.replace(/;.*$/, '').trim());
  return (['br', 'gzip'] as const).find((encoding) => wanted.includes(encoding));
}

function isKnown({ headers }: IncomingMessage, tag: string): boolean {
  const known = headers['if-none-match'];
  if (known === undefined) return false;
  return known.split(',').some((entry) => ['*', tag].includes(entry.trim().replace(/^W\//, '')));
}

/**
 * The one range that was asked for; several, or one that makes no sense, count as none, as RFC 9110 allows.
 */
function rangeOf(
  { headers }: IncomingMessage,
  { size, tag }: Content,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '');
  const since = headers['if-range'];
  if (match === null || (since !== undefined && since !== `"${tag}"`)) return undefined;
  const [, from, to] = match;
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return start < size && start < end ? { start, end } : 'unsatisfiable';
}

/** Content that is made on the spot. */
export function contentOfBytes(bytes: Uint8Array, name: string, tag: string): Content {
  const read = (start: number, end: number) => Readable.from([bytes.subarray(start, end)]);
  return { name, size: bytes.length, tag, read, close: async () => {} };
}
