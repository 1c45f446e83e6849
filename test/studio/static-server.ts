/**
 * A tiny server of static files for pages under test: what any host does, with the strictest rules for
 * scripts.
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** No inline script or style, nothing from elsewhere; WebAssembly may be compiled. */
export const STRICT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; media-src blob:; img-src 'self'; base-uri 'none'; form-action 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
  '.mid': 'audio/midi',
};

export interface StaticServer {
  /** Its address, without a slash at the end. */
  readonly origin: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/**
 * Serves texts and bytes by their path, and folders by theirs: `{ '/': '<p>…', '/sounds/': folder }`. A key
 * that ends with a slash and is not the root is a folder on the disk.
 */
export async function serveStatic(
  content: Record<string, string | Uint8Array>,
  headers: Readonly<Record<string, string>> = { 'content-security-policy': STRICT_POLICY },
): Promise<StaticServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    asked.push(path);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const own = content[path];
    const type = path.endsWith('/') ? '.html' : extname(path);
    if (own !== undefined) {
      response.setHeader('content-type', TYPES[type] ?? 'application/octet-stream');
      response.end(own);
      return;
    }
    const folder = Object.keys(content).find(
      (key) => key !== '/' && key.endsWith('/') && path.startsWith(key),
    );
    const file = folder && join(String(content[folder]), normalize(path.slice(folder.length)));
    if (file === undefined || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', TYPES[type] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
