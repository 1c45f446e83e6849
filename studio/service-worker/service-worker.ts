/**
 * Keeps the studio usable without a network: the page itself from a cache that belongs to one version, models
 * and sounds as they were last loaded. On hosts that cannot set headers it sets those that isolate the page.
 * It imports nothing, so that it runs in every browser; `offline-plugin.ts` puts in what is in capitals.
 */
export type {}; // a module for the compiler only

declare const self: ServiceWorkerGlobalScope;
/** Tells versions of the page apart. */
declare const VERSION: string;
/** All files of the page, by their paths from its root; the page itself is ''. */
declare const FILES: readonly string[];
/** What every answer is to carry. */
declare const HEADERS: Readonly<Record<string, string>>;

const PAGE_CACHES = 'cadenza-page-';
const PAGE_CACHE = PAGE_CACHES + VERSION;
const CONTENT_CACHE = 'cadenza-content';
/** Files of the page that are large and seldom needed: only who has used them keeps them. */
const SELDOM = /^assets\/verovio-module/;
/** Files whose names change with their content. */
const HASHED = /^assets\//;
/** Models, sounds and their lists: as large as they are, only what was used is kept. */
const CONTENT = /^(models|sounds)\//;

const isOfPage = new Set(FILES);
const root = self.registration.scope;

self.addEventListener('install', (event) => {
  // A first visit is served at once; a new version waits until it is complete.
  if (self.registration.active) event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(PAGE_CACHES) && name !== PAGE_CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  const { data, source } = event as { data: unknown; source: Client | null };
  if (data === 'take over') event.waitUntil(self.skipWaiting());
  if (typeof data !== 'object' || data === null) return;
  const { keep } = data as { keep?: readonly string[] };
  if (keep === undefined) return;
  event.waitUntil(
    fill()
      .then(() => Promise.all(keep.map(keepContent)))
      .then(() => source?.postMessage('kept'))
      .catch(() => {}), // without a network there is nothing to fill; the next visit tries again
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== 'GET' || path === undefined || request.headers.has('range')) return;
  const after = (work: Promise<unknown>) => event.waitUntil(work);
  if (CONTENT.test(path)) event.respondWith(content(request, after));
  else if (isOfPage.has(path)) event.respondWith(ofPage(path, after));
  else event.respondWith(fetch(request).then(isolated));
});

/** The path from the page's root; undefined for what lies elsewhere. */
function pathOf(url: string): string | undefined {
  if (!url.startsWith(root)) return undefined;
  const path = url.slice(root.length).replace(/[?#].*$/s, '');
  return path === 'index.html' ? '' : path;
}

/** A file of the page, of this version. Where nothing can be kept it comes from the network. */
async function ofPage(path: string, after: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(PAGE_CACHE).catch(() => undefined);
  const kept = await cache?.match(root + path);
  if (kept !== undefined) return isolated(kept);
  const response = await load(path);
  if (response.ok && cache !== undefined) after(cache.put(root + path, response.clone()).catch(() => {}));
  return isolated(response);
}

async function load(path: string): Promise<Response> {
  const url = root + path;
  // Another version may have had the same file.
  const known = HASHED.test(path) ? await caches.match(url).catch(() => undefined) : undefined;
  return known ?? (await fetch(url, { cache: HASHED.test(path) ? 'default' : 'no-cache' }));
}

/** Loads what is missing of the page. */
async function fill(): Promise<void> {
  const cache = await caches.open(PAGE_CACHE);
  for (const path of FILES) {
    if (SELDOM.test(path)) continue;
    if ((await cache.match(root + path)) !== undefined) continue;
    const response = await load(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(root + path, response);
  }
}

/** Content as it is now, or as it was last where there is no network. */
async function content(request: Request, after: (work: Promise<unknown>) => void): Promise<Response> {
  try {
    const response = await fetch(request, { cache: 'no-cache' });
    if (response.status === 200) after(store(request.url, response.clone()));
    return isolated(response);
  } catch (error) {
    const kept = await caches.match(request.url, { cacheName: CONTENT_CACHE }).catch(() => undefined);
    if (kept === undefined) throw error;
    return isolated(kept);
  }
}

async function keepContent(url: string): Promise<void> {
  const path = pathOf(url);
  if (path === undefined || !CONTENT.test(path)) return;
  const response = await fetch(url, { cache: 'no-cache' });
  if (response.status === 200) await store(url, response);
  else await response.body?.cancel();
}

/** Keeps a response where it is another one than is kept already. A full storage is no reason to fail. */
async function store(url: string, response: Response): Promise<void> {
  const tag = response.headers.get('etag');
  try {
    const cache = await caches.open(CONTENT_CACHE);
    const kept = await cache.match(url);
    if (tag === null || kept?.headers.get('etag') !== tag) return await cache.put(url, response);
  } catch {
    // The next visit tries again.
  }
  // A body that nobody reads holds its connection, and there are only six to a host.
  if (!response.bodyUsed) await response.body?.cancel();
}

/** The response with the headers that the host did not set. */
function isolated(response: Response): Response {
  if (response.headers.has('cross-origin-embedder-policy') || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  const { status, statusText } = response;
  const hasNoBody = [101, 204, 205, 304].includes(status) || (status >= 300 && status < 400);
  return hasNoBody ? response : new Response(response.body, { status, statusText, headers });
}
