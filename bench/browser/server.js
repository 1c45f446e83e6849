/** Files for a page, on this machine only, with the headers that let it share memory between threads. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * @param {Record<string, string | Uint8Array>} mounts what stands under a path: the content itself, or the
 *   folder (an absolute path) for one that ends in a slash
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve(mounts) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    const headers = {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'max-age=3600',
    };
    const prefix = Object.keys(mounts).find((key) =>
      key.endsWith('/') ? path.startsWith(key) : path === key,
    );
    if (prefix === undefined) return response.writeHead(404).end();
    if (!prefix.endsWith('/')) return response.writeHead(200, headers).end(mounts[prefix]);
    const file = join(mounts[prefix], path.slice(prefix.length));
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'content-length': statSync(file).size });
    return createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
