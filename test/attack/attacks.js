/**
 * What is attacked, by name: files in `on/` that say how a case is made of chances, and what is done with it. What a case may
 * do is be used, or be refused by a CadenzaError; anything else is a finding.
 */
export const ATTACKS = [
  'midi',
  'models',
  'tables',
  'zips',
  'soundfonts',
  'jobs',
  'sessions',
  'links',
  'runs',
  'caches',
];

/** @returns {Promise<{ make(random: import('../../dist/index.js').Random): Uint8Array, use(bytes: Uint8Array): Promise<void> }>} */
export const attackNamed = (name) => import(`./on/${name}.js`);
