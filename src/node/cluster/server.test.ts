import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { addressOf, connect, ServerError, serverError } from './server.js';

describe('addressOf', () => {
  it('names a server without user and password', () => {
    expect(addressOf('redis://localhost')).toBe('redis://localhost');
    expect(addressOf('rediss://me:secret@music.local:6380/2')).toBe('rediss://music.local:6380/2');
  });

  it.each(['localhost:6379', 'http://localhost', 'redis://', 'redis:/x', '', 'redis://u:secret@'])(
    'refuses %j, and tells no password',
    (url) => {
      expect(() => addressOf(url)).toThrow(CadenzaError);
      expect(() => addressOf(url)).toThrow(/is no address of a cluster; it looks like redis:/);
      expect(() => addressOf(url)).not.toThrow(/secret/);
    },
  );
});

describe('connect', () => {
  let end = () => {};
  afterEach(() => end());

  /** A server that answers everything in this way. */
  async function answering(text: string | null): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      if (text === null) socket.destroy();
      else socket.on('data', () => socket.write(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    end = () => server.close();
    return `redis://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /is no Redis server/],
    [null, /closed the connection; rediss:\/\/ is for servers with TLS/],
  ])('says what is wrong with a server that answers %j', async (text, message) => {
    const url = await answering(text);
    await expect(connect(url)).rejects.toThrow(message);
    end();
    await expect(connect(url)).rejects.toThrow(/has no server; start Redis there/);
  });

  it('says that a host is unknown', async () => {
    await expect(connect('redis://no-such-host.invalid')).rejects.toThrow(/is no known host/);
  });
});

describe('serverError', () => {
  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", /has no memory left/],
    ["READONLY You can't write against a read only replica.", /is a replica/],
    ['MISCONF Errors writing to the AOF file', /cannot write to its disk/],
    ['self-signed certificate in certificate chain', /has a certificate that is not trusted/],
  ])('says %j in words', (text, message) => {
    const error = serverError(new Error(text), 'redis://x') as Error;
    expect(error).toBeInstanceOf(ServerError);
    expect(error.message).toMatch(message);
  });

  it('leaves bugs alone', () => {
    const bug = new TypeError('x is not a function');
    expect(serverError(bug, 'redis://x')).toBe(bug);
  });
});
