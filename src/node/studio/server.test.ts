import { existsSync, readdirSync, readlinkSync, symlinkSync, utimesSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { CadenzaError } from '../../errors.js';
import type { StudioFolders } from './files.js';
import { DEFAULT_PORT, type StudioServer, startStudio } from './server.js';

const SECRET = 'a secret';
const SCRIPT = 'export const x = 1;\n'.repeat(200);
const root = tempFolder(
  {
    'app/index.html': '<!doctype html>',
    'app/assets/main-abc123.js': SCRIPT,
    'app/.hidden': SECRET,
    'app/.git/config': SECRET,
    'app/with space.txt': 'spaced',
    'secret.txt': SECRET,
    'models/maestro/maestro.safetensors': 'weights',
    'models/maestro/README.md': '# maestro',
    'models/maestro/notes.txt': SECRET,
    'sounds/piano.sf3': '0123456789',
    'runs/one/config.json': '{}',
    'runs/one/best.safetensors': 'best',
    'runs/one/last.safetensors': 'last',
    'runs/two/config.json': '{}',
    'runs/two/last.safetensors': 'two',
    'runs/unfinished/config.json': '{}',
    'runs/evil/config.json': '{}',
  },
  afterAll,
);
const folders: StudioFolders = {
  app: join(root, 'app'),
  models: join(root, 'models'),
  sounds: join(root, 'sounds'),
  runs: join(root, 'runs'),
};

symlinkSync(join(root, 'secret.txt'), join(root, 'app/link.txt'));
symlinkSync(root, join(root, 'app/up'));
symlinkSync('.hidden', join(root, 'app/to-hidden.txt'));
symlinkSync('index.html', join(root, 'app/alias.html'));
symlinkSync(join(root, 'secret.txt'), join(root, 'runs/evil/best.safetensors'));
symlinkSync(root, join(root, 'runs/outside'));
utimesSync(join(root, 'runs/one/best.safetensors'), 1000, 1000);

let server: StudioServer;
beforeAll(async () => {
  server = await startStudio({ port: 0, folders });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  to = server,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: to.port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on('error', reject).end();
  });
}

/** What the server says to exactly these bytes before it closes the connection. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text.replace(/\n/g, '\r\n')));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('what is served', () => {
  it('is the page, with headers that isolate it', async () => {
    const { status, headers, body } = await get('/');
    expect([status, String(body)]).toEqual([200, '<!doctype html>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toContain('unsafe-inline');
    expect(headers['permissions-policy']).toMatch(/midi=\(self\), autoplay=\(self\)/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is kept for good where the name changes with the content', async () => {
    const { headers } = await get('/assets/main-abc123.js?x');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('are the models, those of run folders newest first, and sounds', async () => {
    const { headers, body } = await get('/models/index.json');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const card = 'models/maestro/README.md';
    const models = JSON.parse(String(body));
    expect(models).toEqual([
      { name: 'maestro', kind: 'shipped', file: 'models/maestro/maestro.safetensors', card, bytes: 7 },
      { name: 'two', kind: 'run', file: 'runs/two/last.safetensors', bytes: 3 },
      { name: 'one', kind: 'run', file: 'runs/one/best.safetensors', bytes: 4 },
    ]);
    for (const { file, bytes } of models) expect((await get(`/${file}`)).body).toHaveLength(bytes);
    expect(String((await get(`/${card}`)).body)).toBe('# maestro');
    expect(String((await get('/sounds/piano.sf3')).body)).toBe('0123456789');
  });

  it('is found under an encoded name, and through a link within the folder', async () => {
    expect(String((await get('/with%20space.txt')).body)).toBe('spaced');
    expect((await get('/alias.html')).status).toBe(200);
  });

  it('is not sent again where it is known', async () => {
    const tag = String((await get('/sounds/piano.sf3')).headers.etag);
    const { status, body } = await get('/sounds/piano.sf3', { 'if-none-match': `"other", W/${tag}` });
    expect([status, body.length]).toEqual([304, 0]);
    expect((await get('/sounds/piano.sf3', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers HEAD without a body', async () => {
    const { status, headers, body } = await get('/sounds/piano.sf3', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, '10', 0]);
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, '0123456789', undefined],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('gives the range %s', async (range, status, text, contentRange) => {
    const answer = await get('/sounds/piano.sf3', { range });
    expect([answer.status, String(answer.body), answer.headers['content-range']]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it('gives everything when a range is of an older version', async () => {
    const answer = await get('/sounds/piano.sf3', { range: 'bytes=2-4', 'if-range': '"older"' });
    expect([answer.status, answer.body.length]).toEqual([200, 10]);
  });

  it('is compressed for other machines', async () => {
    const own = await get('/assets/main-abc123.js', { 'accept-encoding': 'br, gzip' });
    expect(own.headers['content-encoding']).toBeUndefined();
    const remote = await startStudio({ port: 0, folders, compress: true });
    try {
      const path = '/assets/main-abc123.js';
      const brotli = await get(path, { 'accept-encoding': 'gzip, deflate, br;q=0.9' }, 'GET', remote);
      expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
      expect(String(brotliDecompressSync(brotli.body))).toBe(SCRIPT);
      const gzip = await get(path, { 'accept-encoding': 'gzip, br;q=0' }, 'GET', remote);
      expect(gzip.headers['content-encoding']).toBe('gzip');
      expect(String(gunzipSync(gzip.body))).toBe(SCRIPT);
      expect(gzip.headers.etag).not.toBe(brotli.headers.etag);
      const plain = await get(path, {}, 'GET', remote);
      expect(String(plain.body)).toBe(SCRIPT);
      expect(
        (await get('/sounds/piano.sf3', { 'accept-encoding': 'br' }, 'GET', remote)).headers,
      ).not.toHaveProperty('content-encoding');
    } finally {
      await remote.close();
    }
  });
});

describe('what is refused', () => {
  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2E%2E%2Fsecret.txt',
    '/..%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets\\..\\..\\secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/secret.txt%00.html',
    '/index.html%00',
    '//secret.txt',
    '/./index.html',
    '/.hidden',
    '/.git/config',
    '/%2ehidden',
    '/link.txt',
    '/up/secret.txt',
    '/to-hidden.txt',
    '/C:/secret.txt',
    '/models/../secret.txt',
    '/models/maestro/notes.txt',
    '/models/maestro/../../secret.txt',
    '/runs/evil/best.safetensors',
    '/runs/outside/secret.txt',
    '/runs/one/config.json',
    '/runs/one/../../secret.txt',
    '/sounds/../secret.txt',
    '/assets',
    '/assets/',
    '/models/',
    '/runs/',
    '/runs/one',
    '/%',
    '/nothing',
  ])('the path %s', async (path) => {
    const { status, body } = await get(path);
    expect(String(body)).not.toContain(SECRET);
    expect([400, 404]).toContain(status);
  });

  it.each([
    ['a name that points here', 'evil.example'],
    ['that name with the port', 'evil.example:PORT'],
    ['no port', '127.0.0.1'],
    ['another port', '127.0.0.1:1'],
    ['a name that begins like ours', '127.0.0.1.evil.example:PORT'],
    ['a user before it', 'evil@127.0.0.1:PORT'],
    ['another loopback address', '127.0.0.2:PORT'],
  ])('a host of %s', async (_, host) => {
    const { status, body } = await get('/', { host: host.replace('PORT', String(server.port)) });
    expect([status, String(body)]).toEqual([403, expect.stringMatching(/another name/)]);
  });

  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('but not the host %s', async (name) => {
    expect((await get('/', { host: `${name}:${server.port}` })).status).toBe(200);
  });

  it.each([
    ['an origin elsewhere', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ["another site's fetch", { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ["another port's fetch", { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    [
      'a frame elsewhere',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
  ])('%s', async (_, headers) => {
    for (const path of ['/', '/models/index.json']) expect((await get(path, headers)).status).toBe(403);
  });

  it('a link from elsewhere to anything but the page', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await get('/', link)).status).toBe(200);
    expect((await get('/?x=1', link)).status).toBe(200);
    expect((await get('/runs/one/best.safetensors', link)).status).toBe(403);
  });

  it("but not the page's own requests", async () => {
    const own = { origin: `http://127.0.0.1:${server.port}`, 'sec-fetch-site': 'same-origin' };
    expect((await get('/models/index.json', own)).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s', async (method) => {
    const { status, headers } = await get('/', {}, method);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  const host = () => `Host: 127.0.0.1:${server.port}`;

  it.each([
    ['content', () => `GET / HTTP/1.1\n${host()}\nContent-Length: 5\n\nhello`, 413],
    [
      'content in chunks',
      () => `GET / HTTP/1.1\n${host()}\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n`,
      413,
    ],
    [
      'an upload',
      () => `POST /models/x HTTP/1.1\n${host()}\nContent-Length: 999999999\n\n${'x'.repeat(1000)}`,
      405,
    ],
    ['a long address', () => `GET /${'a'.repeat(3000)} HTTP/1.1\n${host()}\n\n`, 414],
    ['long headers', () => `GET / HTTP/1.1\n${host()}\nX-Long: ${'a'.repeat(20_000)}\n\n`, 431],
    ['no host', () => 'GET / HTTP/1.1\n\n', 400],
    ['an empty host', () => `GET / HTTP/1.1\nHost:\nConnection: close\n\n`, 403],
    ['no host, in the old protocol', () => 'GET / HTTP/1.0\n\n', 403],
    ['two hosts', () => `GET / HTTP/1.1\n${host()}\nHost: evil.example\nConnection: close\n\n`, 403],
    ['two lengths', () => `GET / HTTP/1.1\n${host()}\nContent-Length: 0\nContent-Length: 5\n\nhello`, 400],
    [
      'length and chunks',
      () => `GET / HTTP/1.1\n${host()}\nContent-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n`,
      400,
    ],
    ['what is no request', () => 'hello\n\n', 400],
    ['a header with a NUL', () => `GET / HTTP/1.1\n${host()}\nX: a\u0000b\n\n`, 400],
    [
      'an address of elsewhere',
      () => `GET http://evil.example/ HTTP/1.1\n${host()}\nConnection: close\n\n`,
      400,
    ],
    [
      'a protocol to change to',
      () => `GET /x HTTP/1.1\n${host()}\nConnection: Upgrade, close\nUpgrade: websocket\n\n`,
      404,
    ],
  ])('%s', async (_, text, status) => {
    const answer = await raw(text());
    expect(statusOf(answer)).toBe(status);
    expect(answer).not.toContain('<!doctype');
  });

  it('a tunnel', async () => {
    expect(await raw(`CONNECT evil.example:443 HTTP/1.1\n${host()}\n\n`)).not.toContain(' 200 ');
  });

  it('with the same headers as an answer', async () => {
    const { headers } = await get('/nothing');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('and goes on serving afterwards', async () => {
    expect((await get('/')).status).toBe(200);
  });
});

describe('starting', () => {
  it('listens on this machine only', () => {
    expect([server.host, server.url]).toEqual(['127.0.0.1', `http://127.0.0.1:${server.port}/`]);
  });

  it('takes the next port where the usual one is taken, and says so of one that was asked for', async () => {
    const first = await startStudio({ folders });
    const second = await startStudio({ folders });
    try {
      expect(first.port).toBeGreaterThanOrEqual(DEFAULT_PORT);
      expect(second.port).toBeGreaterThan(first.port);
      await expect(startStudio({ port: first.port, folders })).rejects.toThrow(/port \d+ is taken; .*--port/);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  it('names an address that is not of this machine', async () => {
    const started = startStudio({ port: 0, host: '192.0.2.1', folders });
    await expect(started).rejects.toThrow(/192\.0\.2\.1 is no address of this machine/);
    await expect(started).rejects.toThrow(CadenzaError);
  });

  it('says when there is no page', async () => {
    const started = startStudio({ port: 0, folders: { ...folders, app: join(root, 'none') } });
    await expect(started).rejects.toThrow(/holds no studio; build it/);
  });

  it('answers to its own addresses when it listens on all', async () => {
    const open = await startStudio({ port: 0, host: '0.0.0.0', folders });
    try {
      expect((await get('/', { host: `evil.example:${open.port}` }, 'GET', open)).status).toBe(403);
      expect((await get('/', { host: `localhost:${open.port}` }, 'GET', open)).status).toBe(200);
    } finally {
      await open.close();
    }
  });

  it.runIf(existsSync('/proc/self/fd'))(
    'leaves no file open for whoever goes away before his turn',
    async () => {
      const big = tempFolder({ 'index.html': '', 'big.bin': new Uint8Array(20e6) });
      const serving = await startStudio({ port: 0, folders: { ...folders, app: big } });
      const open = () =>
        readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`).endsWith('big.bin'));
      const socket = connect(serving.port, '127.0.0.1').on('error', () => {});
      socket.write(`GET /big.bin HTTP/1.1\r\nHost: 127.0.0.1:${serving.port}\r\n\r\n`.repeat(40));
      await expect.poll(() => open().length).toBeGreaterThan(0);
      expect(open().length).toBeLessThan(5);
      socket.destroy();
      await expect.poll(() => open().length).toBe(0);
      await serving.close();
    },
  );

  it('closes at once, whoever is still connected', async () => {
    const closing = await startStudio({ port: 0, folders });
    const socket = connect(closing.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await closing.close();
    await closed;
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(closing.port, '127.0.0.1', resolve));
    await new Promise((resolve) => probe.close(resolve));
  });
});
