/**
 * node browser.js PROGRAM SPEC: a contestant of `bench/browser` in its page. SPEC is JSON, see `start` there.
 */
import { readFileSync } from 'node:fs';
import { noChromium, openBrowser } from '../browser/chromium.js';
import { compete, skip } from '../contestant.js';

const [program, json] = process.argv.slice(2);
const { fresh, webgl, worker, ...spec } = JSON.parse(json);

const missing = noChromium();
if (missing !== undefined) skip(missing);

try {
  const browser = await openBrowser(`${program}.js`, { webgl, worker });
  let page = await browser.start(spec);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  await compete({ version, browser: `Chromium ${browser.version}`, ...page.ready }, async () => {
    const answer = await page.work();
    // What happens only once in a page is measured in a page of its own every time.
    if (fresh) {
      await page.close();
      page = await browser.start(spec);
    }
    return answer;
  });
} catch (error) {
  skip(error.message.split('\n').slice(0, 3).join(' '));
}
