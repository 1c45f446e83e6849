import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const isBuilt = existsSync(join(DIST, 'studio/index.html'));

describe('cadenza studio', () => {
  it('names wrong usage', async () => {
    const port = await runCadenza(['studio', '--port', '70000']);
    expect([port.code, port.stderr]).toEqual([2, expect.stringMatching(/whole number from 0 to 65535/)]);
    const both = await runCadenza(['studio', '--export', 'x', '--open']);
    expect([both.code, both.stderr]).toEqual([
      2,
      expect.stringMatching(/--export serves nothing; leave out --open/),
    ]);
  });

  it('needs a folder of runs where one is named', async () => {
    const cwd = tempFolder({ 'runs/one/config.json': '{}' });
    const at = async (runs: string) => {
      const { code, stderr } = await runCadenza(['studio', '--export', 'site', '--runs', runs], { cwd });
      return [code, stderr];
    };
    expect(await at('none')).toEqual([1, expect.stringMatching(/none: no such folder/)]);
    expect(await at('runs/one')).toEqual([1, expect.stringMatching(/is a run folder itself; .*runs$/m)]);
  });

  describe.skipIf(!isBuilt)('built (skipped where npm run build did not make dist/studio)', () => {
    it('says where it serves, and ends at once when interrupted', async () => {
      const signal = {
        name: 'SIGINT',
        when: ({ stdout }: { stdout: string }) => stdout.endsWith('\n'),
      } as const;
      const { code, stdout } = await runCadenza(['studio', '--port', '0', '--json'], { signal });
      const { url, host, port } = JSON.parse(stdout);
      expect([url, host]).toEqual([`http://127.0.0.1:${port}/`, '127.0.0.1']);
      expect(code).not.toBe(0); // killed by the signal, as any program is
    });

    it.each([
      ['studio', ['@zip.js/zip.js', 'onnxruntime-web', 'preact', 'spessasynth_core', 'uplot']],
      ['browser', ['spessasynth_core', 'spessasynth_lib']],
      ['assets', ['onnxruntime-web', 'spessasynth_core', 'spessasynth_lib', 'wasm-media-encoders']],
    ])('passes on the licences of what %s is made of', (part, names) => {
      const text = readFileSync(join(DIST, part, 'licenses.txt'), 'utf8');
      for (const name of names) expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, \\S`, 'm'));
      expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
      if (part === 'studio')
        expect(text).toMatch(/onnxruntime-web[\s\S]*Copyright \(c\) Microsoft Corporation/);
    });

    it('writes a folder for a static host, once', async () => {
      const cwd = tempFolder();
      const first = await runCadenza(['studio', '--export', 'site'], { cwd });
      expect([first.code, first.stdout]).toEqual([
        0,
        expect.stringMatching(/^site: \d+ files, [\d.]+ MB\n$/),
      ]);
      for (const file of [
        'index.html',
        'sw.js',
        '_headers',
        'models/index.json',
        'models/maestro/README.md',
      ]) {
        expect(existsSync(join(cwd, 'site', file)), file).toBe(true);
      }
      const second = await runCadenza(['studio', '--export', 'site'], { cwd });
      expect([second.code, second.stderr]).toEqual([1, expect.stringMatching(/site: is not empty/)]);
    });
  });
});
