/**
 * What can happen to a page at any moment. Each is done to it, and undone where it passes; `leaves` says that the page is another
 * one afterwards.
 */

/** Remembers workers and audio contexts, so that they can be taken away. It runs in the page, before all else. */
export function rememberWhatCanGo() {
  window.taken = { workers: [], audio: [] };
  const remember = (name, list) => {
    window[name] = new Proxy(window[name], {
      construct(target, args, proxy) {
        const made = Reflect.construct(target, args, proxy);
        list.push(made);
        return made;
      },
    });
  };
  remember('Worker', window.taken.workers);
  remember('AudioContext', window.taken.audio);
}

const origin = (page) => new URL(page.url()).origin;
async function tell(page, method, params) {
  const browser = await page.context().newCDPSession(page);
  try {
    await browser.send(method, params);
  } finally {
    await browser.detach().catch(() => {});
  }
}

/** @type {Record<string, { leaves?: true, loses?: true, expected?: RegExp, begin(visit: object): Promise<unknown>, end?(visit: object): Promise<unknown> }>} */
export const DISTURBANCES = {
  reload: { leaves: true, begin: ({ page }) => page.reload() },
  close: { leaves: true, begin: (visit) => visit.again() },
  offline: {
    expected: /ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)/,
    begin: ({ page }) => page.context().setOffline(true),
    end: ({ page }) => page.context().setOffline(false),
  },
  'offline and reloaded': {
    leaves: true,
    expected: /ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)/,
    async begin({ page }) {
      await page.context().setOffline(true);
      await page.reload();
    },
    end: ({ page }) => page.context().setOffline(false),
  },
  'storage full': {
    begin: ({ page }) => tell(page, 'Storage.overrideQuotaForOrigin', { origin: origin(page), quotaSize: 1 }),
    end: ({ page }) => tell(page, 'Storage.overrideQuotaForOrigin', { origin: origin(page) }),
  },
  'storage cleared': {
    loses: true,
    begin: ({ page }) =>
      tell(page, 'Storage.clearDataForOrigin', {
        origin: origin(page),
        storageTypes: 'indexeddb,cache_storage,local_storage',
      }),
  },
  'workers killed': {
    begin: ({ page }) =>
      page.evaluate(() => {
        for (const worker of window.taken.workers) {
          worker.terminate();
          worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }));
        }
      }),
  },
  'workers silent': {
    begin: ({ page }) =>
      page.evaluate(() => {
        for (const worker of window.taken.workers) worker.terminate();
      }),
  },
  'sound taken away': {
    begin: ({ page }) =>
      page.evaluate(() => Promise.all(window.taken.audio.map((context) => context.suspend()))),
  },
  'sound closed': {
    begin: ({ page }) =>
      page.evaluate(() => Promise.all(window.taken.audio.map((context) => context.close()))),
  },
  asleep: {
    async begin({ page }) {
      await tell(page, 'Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await tell(page, 'Page.setWebLifecycleState', { state: 'active' });
    },
  },
};
