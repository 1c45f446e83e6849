/** The attacks on the page, briefly: `test/attack/page/` goes on for hours. */
import { expect, inject, it } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import { buildStudio } from './built-studio.js';

interface Studio {
  readonly url: string;
  readonly browser: object;
}

const at = (file: string) => new URL(`../attack/page/${file}`, import.meta.url).href;
const { withStudio } = (await import(at('browser.js'))) as {
  withStudio(use: (studio: Studio) => Promise<void>, app?: string): Promise<void>;
};
const { attackStudio } = (await import(at('monkey.js'))) as {
  attackStudio(
    options: Studio & { steps: number; walk: number; seed: number },
  ): Promise<{ faults: readonly { readonly fault: string }[] }>;
};
const { disturbPage } = (await import(at('disturb-page.js'))) as {
  disturbPage(studio: Studio, view: string, step: string, how: string): Promise<readonly string[]>;
};

it.skipIf(CHROMIUM === undefined)(
  `the studio stands what a monkey and a bad day do to it ${WITHOUT_BROWSER}`,
  { timeout: 300_000 },
  async () => {
    const app = inject('builtStudio') ?? tempFolder({});
    if (inject('builtStudio') === undefined) await buildStudio(app);
    await withStudio(async (studio) => {
      const { faults } = await attackStudio({ ...studio, steps: 100, walk: 100, seed: 5 });
      expect(faults.map(({ fault }) => fault)).toEqual([]);
      expect(await disturbPage(studio, 'compose', 'making', 'workers killed')).toEqual([]);
      expect(await disturbPage(studio, 'learn', 'dropped', 'workers killed')).toEqual([]);
    }, app);
  },
);
