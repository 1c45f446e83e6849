/** A real browser for the tests of what runs in a page. They are skipped, in words, where there is none. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium: `CADENZA_CHROMIUM`, else the first that is installed; undefined if none is. */
export const CHROMIUM = findChromium();

/** What belongs into the name of a suite that needs a browser. */
export const WITHOUT_BROWSER = '(skipped where there is no Chromium; CADENZA_CHROMIUM says where one is)';

function findChromium(): string | undefined {
  const given = process.env.CADENZA_CHROMIUM;
  if (given) return given;
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Starts the browser, without a window. Close it when the tests are done. */
export function launchBrowser(): Promise<Browser> {
  // As root, as in a container, Chromium starts only without its sandbox.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: CHROMIUM, args: isRoot ? ['--no-sandbox'] : [] });
}

/** Drops a file on an element in the very moment that it comes into the page, which is opened afterwards. */
export async function dropOnSight(
  page: Page,
  selector: string,
  name: string,
  data: Uint8Array | string,
): Promise<void> {
  const watch = ([selector, name, base64]: readonly string[]) => {
    const watching = new MutationObserver(() => {
      const element = document.querySelector(selector);
      if (element === null) return;
      watching.disconnect();
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
      element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    });
    watching.observe(document, { childList: true, subtree: true });
  };
  await page.addInitScript(watch, [selector, name, Buffer.from(data).toString('base64')] as const);
}

/**
 * Everything that goes wrong in a page from now on, one line each: errors and warnings of the console,
 * exceptions.
 */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  return problems;
}
