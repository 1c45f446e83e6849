/**
 * What the studio's server answers at all. It stands on a port of somebody's machine, where any page of any
 * site can send requests to: only those of its own page get through.
 */
import type { IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';

/** An answer other than a file: a status, and what to say in one line. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Addresses are short here; a long one is a mistake or an attack. */
const MAX_URL = 2048;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const ALL_ADDRESSES = ['0.0.0.0', '::'];

/** A host as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/**
 * What the Host header may say. A foreign name that points here is how a page of another site would come to
 * look like ours ("DNS rebinding"); numbers cannot be pointed elsewhere, so a server for all addresses takes
 * this machine's.
 */
export function allowedHosts(host: string, port: number): ReadonlySet<string> {
  const own = ALL_ADDRESSES.includes(host)
    ? Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
    : [host];
  const names = [...LOOPBACK_NAMES, ...own.map(urlHost)].map((name) => name.toLowerCase());
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** Why a request is refused, or undefined for one to answer. */
export function refusal(request: IncomingMessage, hosts: ReadonlySet<string>): Refusal | undefined {
  const { method = '', url = '', headers, rawHeaders } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, message: 'this server only gives files: GET and HEAD' };
  }
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    return { status: 413, message: 'this server takes no content' };
  }
  if (url.length > MAX_URL) return { status: 414, message: 'the address is too long' };
  const hostHeaders = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  const host = headers.host?.toLowerCase() ?? '';
  if (hostHeaders !== 1 || !hosts.has(host)) {
    return { status: 403, message: 'this server goes by another name; open the address that it printed' };
  }
  return foreign(request, hosts)
    ? { status: 403, message: "another site's page may not read this" }
    : undefined;
}

/**
 * Whether a page of another origin asks. Following a link to the studio is not asking: nothing of it can be
 * read.
 */
function foreign({ headers, url }: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  const { origin } = headers;
  if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//i, '').toLowerCase())) return true;
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  const followsLink =
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    origin === undefined;
  return !(followsLink && /^\/(index\.html)?(\?|$)/.test(url ?? ''));
}

/**
 * Characters that have no place in a name: control characters, and what some systems take for a separator.
 */
const FORBIDDEN = /[\p{Cc}\\/:]/u;

/**
 * The parts of a request's path, decoded once; undefined for anything that could lead astray: a host in the
 * address, broken or encoded separators, empty or hidden names, `..`.
 */
export function pathSegments(url: string): readonly string[] | undefined {
  const path = url.replace(/[?#].*$/s, '');
  if (!path.startsWith('/')) return undefined;
  if (path === '/') return [];
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    const isPlain = (name: string) => name !== '' && !name.startsWith('.') && !FORBIDDEN.test(name);
    return segments.every(isPlain) ? segments : undefined;
  } catch {
    return undefined;
  }
}
