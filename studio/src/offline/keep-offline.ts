/** Has the service worker keep the studio for times without a network, and tells of new versions. */

/** In the page's session storage: it was loaded once more to be isolated. */
const RELOADED = 'cadenza.reloaded';
/** What the worker keeps of what the page uses. */
const CONTENT = /\/(models|sounds)\//;

/**
 * Registers the service worker, if this is a build that is served securely.
 *
 * @param onNewVersion called when another version is ready; what it is given loads the page anew with it
 */
export async function keepOffline(onNewVersion: (takeOver: () => void) => void): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('message', ({ data }) => {
    // For those who watch: from here on the network may go.
    if (data === 'kept') document.documentElement.dataset.offline = 'ready';
  });
  let takesOver = false;
  serviceWorker.addEventListener('controllerchange', () => {
    if (takesOver || isolates()) location.reload();
    else keepSoon();
  });
  try {
    const registration = await serviceWorker.register('sw.js', { updateViaCache: 'none' });
    const tell = (worker: ServiceWorker | null) => {
      // Without a controller it is the first version there is.
      if (worker === null || serviceWorker.controller === null) return;
      onNewVersion(() => {
        takesOver = true;
        worker.postMessage('take over');
      });
    };
    tell(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed') tell(installing);
      });
    });
    if (serviceWorker.controller !== null) {
      if (isolates()) location.reload();
      else keepSoon();
    }
  } catch {
    // Browsers in private modes, and users, may forbid it: then the studio needs its network.
  }
}

/** Whether loading the page once more, through the worker, would isolate it; only ever once. */
function isolates(): boolean {
  if (crossOriginIsolated || sessionStorage.getItem(RELOADED) !== null) return false;
  sessionStorage.setItem(RELOADED, 'once');
  return true;
}

/** Milliseconds after which a page that was just opened has what it needs for itself. */
const SETTLED = 3000;
let watching = false;

/** Keeps everything for later once the page has what it needs now. */
function keepSoon(): void {
  if (document.readyState === 'complete') setTimeout(keep, SETTLED);
  else addEventListener('load', () => setTimeout(keep, SETTLED), { once: true });
}

/**
 * Has the worker load what is missing, and what this page loaded past it: before it was there, or meanwhile.
 */
function keep(): void {
  keepContent([]);
  if (watching) return;
  watching = true;
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as PerformanceResourceTiming[];
    // What went through the worker it has kept itself.
    const past = entries.filter(({ name, workerStart }) => workerStart === 0 && isContent(name));
    if (past.length > 0) keepContent(past.map(({ name }) => name));
  });
  observer.observe({ type: 'resource', buffered: true });
}

function isContent(url: string): boolean {
  return url.startsWith(location.origin) && CONTENT.test(url);
}

function keepContent(urls: readonly string[]): void {
  navigator.serviceWorker.controller?.postMessage({ keep: [...new Set(urls)] });
}
