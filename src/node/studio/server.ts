/** The studio's server: static files for one page on this machine, and refusals for everybody else. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { CadenzaError } from '../../errors.js';
import { answer, type Content, contentOfBytes, contentOfFile } from './answer.js';
import { listModels, locate, openWithin, PACKAGED_FOLDERS, type StudioFolders } from './files.js';
import { cacheControl, STUDIO_HEADERS } from './headers.js';
import { allowedHosts, pathSegments, refusal, urlHost } from './request.js';

export interface StudioOptions {
  /** Exactly this port, 0 for any; without one {@link DEFAULT_PORT}, or the next one that is free. */
  readonly port?: number;
  /** The address to listen on; by default only this machine can connect. */
  readonly host?: string;
  /** The folder of run folders whose models are offered; `runs` by default. */
  readonly runs?: string;
  /** Other folders than the package's own. */
  readonly folders?: Partial<StudioFolders>;
  /** Whether to compress; by default for other machines only. */
  readonly compress?: boolean;
}

export interface StudioServer {
  /** Where to open the studio. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Ends at once, whatever is still being sent. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 4242;
const LOOPBACK = '127.0.0.1';
const PORTS_TO_TRY = 20;
const MAX_HEADER_BYTES = 8192;
const SECONDS_FOR_A_REQUEST = 15;

/**
 * Serves the studio until it is closed.
 *
 * @throws CadenzaError when the studio is not built, or the address cannot be listened on
 */
export async function startStudio(options: StudioOptions = {}): Promise<StudioServer> {
  const { host = LOOPBACK, runs = 'runs', compress } = options;
  const folders: StudioFolders = { ...PACKAGED_FOLDERS, runs, ...options.folders };
  requireApp(folders);
  let hosts: ReadonlySet<string> = new Set();
  // Requests that come at once over a connection have their turns: a thousand of them would open a thousand
  // files.
  const turns = new WeakMap<Socket, Promise<void>>();
  const handle = ({ socket }: IncomingMessage, action: () => Promise<void>) => {
    const turn = (turns.get(socket) ?? Promise.resolve()).then(() =>
      socket.destroyed ? undefined : action(),
    );
    turns.set(socket, turn);
  };
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: SECONDS_FOR_A_REQUEST * 1000 },
    (request, response) => handle(request, () => respond(request, response, { folders, hosts, compress })),
  );
  await listenSomewhere(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  hosts = allowedHosts(host, port);
  const shown = host === '0.0.0.0' || host === '::' ? LOOPBACK : urlHost(host);
  return {
    url: `http://${shown}:${port}/`,
    host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @throws CadenzaError when the page is not there, as in a checkout that was never built */
export function requireApp({ app }: StudioFolders): void {
  if (existsSync(join(app, 'index.html'))) return;
  throw new CadenzaError(`${app} holds no studio; build it with: npm run build`);
}

interface Serving {
  readonly folders: StudioFolders;
  readonly hosts: ReadonlySet<string>;
  readonly compress?: boolean;
}

async function respond(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  for (const [name, value] of Object.entries(STUDIO_HEADERS)) response.setHeader(name, value);
  try {
    const refused = refusal(request, serving.hosts);
    if (refused !== undefined) {
      if (refused.status === 405) response.setHeader('Allow', 'GET, HEAD');
      // What else comes over this connection is not worth reading.
      response.setHeader('Connection', 'close');
      return say(request, response, refused.status, refused.message);
    }
    const segments = pathSegments(request.url ?? '');
    if (segments === undefined) return say(request, response, 400, 'no such address');
    const content = await find(segments, serving.folders);
    if (content === undefined) return say(request, response, 404, 'not found');
    response.setHeader('Cache-Control', cacheControl(segments.join('/')));
    const compress = serving.compress ?? !isLoopback(request.socket.remoteAddress);
    await answer(request, response, content, compress).finally(() => content.close());
  } catch {
    if (response.headersSent) response.destroy();
    else say(request, response, 500, 'this file cannot be read');
  }
}

async function find(segments: readonly string[], folders: StudioFolders): Promise<Content | undefined> {
  if (segments.join('/') === 'models/index.json') {
    const bytes = new TextEncoder().encode(`${JSON.stringify(await listModels(folders), null, 2)}\n`);
    return contentOfBytes(bytes, 'index.json', createHash('sha256').update(bytes).digest('base64url'));
  }
  const place = locate(segments, folders);
  const file = place && (await openWithin(place.root, place.path));
  return file && contentOfFile(file, place.path[place.path.length - 1]);
}

function say({ method }: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  const body = `${message}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function isLoopback(address = ''): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

async function listenSomewhere(server: Server, host: string, wanted: number | undefined): Promise<void> {
  for (let port = wanted ?? DEFAULT_PORT; ; port++) {
    const error = await listen(server, host, port);
    if (error === undefined) return;
    if (wanted === undefined && error.code === 'EADDRINUSE' && port < DEFAULT_PORT + PORTS_TO_TRY) continue;
    throw listenError(error, host, port);
  }
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ port, host }, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  switch (error.code) {
    case 'EADDRINUSE':
      return new CadenzaError(`port ${port} is taken; choose another one with --port, or 0 for any`);
    case 'EACCES':
      return new CadenzaError(`port ${port} needs more rights than this program has; choose one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CadenzaError(`${host} is no address of this machine; leave out --host, or name one that is`);
    default:
      return error;
  }
}
