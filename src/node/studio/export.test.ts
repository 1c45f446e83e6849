import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { exportStudio } from './export.js';
import { STUDIO_HEADERS } from './headers.js';

function house() {
  const root = tempFolder({
    'app/index.html': '<!doctype html>',
    'app/assets/main-1.js': '1',
    'models/maestro/maestro.safetensors': 'weights',
    'models/maestro/README.md': '# maestro',
    'models/maestro/private.txt': 'not for others',
    'sounds/piano.sf3': 'piano',
    'runs/one/config.json': '{}',
    'runs/one/best.safetensors': 'best',
    'runs/evil/config.json': '{}',
    'secret.txt': 'secret',
    'full/file.txt': 'mine',
  });
  const [app, models, sounds, runs] = ['app', 'models', 'sounds', 'runs'].map((name) => join(root, name));
  return { root, folders: { app, models, sounds }, runs };
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('an exported studio', () => {
  it('is a folder with all that the page asks for', async () => {
    const { root, folders } = house();
    const into = join(root, 'site');
    const exported = await exportStudio({ into, folders });
    const files = filesIn(into);
    expect(files).toEqual([
      '_headers',
      'assets/main-1.js',
      'index.html',
      'models/index.json',
      'models/maestro/README.md',
      'models/maestro/maestro.safetensors',
      'sounds/piano.sf3',
    ]);
    expect(exported).toMatchObject({ folder: into, files: files.length });
    // Others may read it: a web server runs under a name of its own.
    expect(statSync(into).mode & 0o777).toBe(0o777 & ~process.umask());
    const [model, ...others] = JSON.parse(readFileSync(join(into, 'models/index.json'), 'utf8'));
    expect(others).toEqual([]);
    expect(readFileSync(join(into, model.file), 'utf8')).toBe('weights');
    expect(readFileSync(join(into, model.card), 'utf8')).toBe('# maestro');
    const headers = readFileSync(join(into, '_headers'), 'utf8');
    for (const [name, value] of Object.entries(STUDIO_HEADERS))
      expect(headers).toContain(`  ${name}: ${value}\n`);
    expect(headers).toMatch(/^\/assets\/\*\n {2}Cache-Control: .*immutable$/m);
  });

  it('has models of runs where they are asked for, and nothing that a link leads to outside', async () => {
    const { root, folders, runs } = house();
    symlinkSync(join(root, 'secret.txt'), join(runs, 'evil', 'best.safetensors'));
    const into = join(root, 'deep', 'site');
    await exportStudio({ into, runs, folders });
    const files = filesIn(into);
    expect(files.filter((file) => file.startsWith('runs'))).toEqual(['runs/one/best.safetensors']);
    expect(JSON.parse(readFileSync(join(into, 'models/index.json'), 'utf8'))).toHaveLength(2);
  });

  it('takes an empty folder, and never one with something in it', async () => {
    const { root, folders } = house();
    const full = join(root, 'full');
    await expect(exportStudio({ into: full, folders })).rejects.toThrow(
      /full: is not empty; name a new folder/,
    );
    await expect(exportStudio({ into: join(full, 'file.txt'), folders })).rejects.toThrow(/is a file/);
    expect(filesIn(full)).toEqual(['file.txt']);
    const empty = tempFolder();
    await exportStudio({ into: empty, folders });
    expect(existsSync(join(empty, 'index.html'))).toBe(true);
  });

  it('is not begun where there is no page, and leaves nothing behind when it fails', async () => {
    const { root, folders } = house();
    const into = join(root, 'site');
    const without = exportStudio({ into, folders: { ...folders, app: join(root, 'none') } });
    await expect(without).rejects.toThrow(/holds no studio/);
    symlinkSync(join(root, 'nowhere'), join(folders.sounds, 'broken.sf3'));
    await exportStudio({ into, folders }).catch(() => {});
    expect(readdirSync(dirname(into)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
