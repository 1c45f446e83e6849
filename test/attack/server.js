/**
 * Attacks the studio's server with requests that no browser would send: made up by chance, a few at once over one connection, in
 * pieces, half of them never finished; and with thousands of connections that say nothing.
 *
 *   node test/attack/server.js [--count 10000] [--connections 3000] [--seed 1] [--json]
 *
 * Whatever comes, what is answered is HTTP, nothing of the machine gets out under another name or from another site, and it goes on
 * serving. Exits with 1 where something is wrong. Needs `npm run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../dist/index.js';
import { PROGRAM } from './commands.js';
import { mutated } from './mutate.js';

/** What nobody may get: it lies beside the folder of runs. */
const SECRET = 'nobody may read this';

/** The studio in a process of its own, so that its memory can be looked at. */
async function serve(limit) {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-attack-'));
  mkdirSync(join(folder, 'runs'));
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  const studio = [PROGRAM, 'studio', '--port', '0', '--runs', join(folder, 'runs')];
  const child = spawn('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, ...studio], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
    if (port) return { child, port: Number(port), said };
  }
  throw new Error(`the studio does not start: ${said.join('')}`);
}

/** A request, and whether it might be answered with a file: its Host is right, and no other site asks. */
function madeUpRequest(random, port) {
  const pick = (...choices) => choices[random.below(choices.length)];
  const junk = () =>
    Array.from({ length: random.below(30) }, () => String.fromCharCode(32 + random.below(95))).join('');
  const own = `127.0.0.1:${port}`;
  if (random.below(3) === 0) {
    // One as a browser sends it; it may be changed afterwards.
    const file = pick('/', '/index.html', '/models/index.json', '/sounds/piano.sf3', '/nothing');
    const more = pick(
      '',
      'Range: bytes=0-99\r\n',
      'Range: bytes=5-2,1-1\r\n',
      'Accept-Encoding: br\r\n',
      'If-None-Match: *\r\n',
    );
    const text = `${pick('GET', 'GET', 'HEAD')} ${file} HTTP/1.1\r\nHost: ${own}\r\n${more}\r\n`;
    return { bytes: new TextEncoder().encode(text), mayBeAnswered: true };
  }
  const method = pick(
    'GET',
    'GET',
    'GET',
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'get',
    'PATCH',
    junk().replace(/\s/g, ''),
  );
  const up = () => pick('..', '%2e%2e', '..%2f..', '%5c..', '....//', '.%00.', '..%c0%af', '%252e%252e');
  const path = pick(
    '/',
    '/index.html',
    '/models/index.json',
    '/models/maestro/maestro.safetensors',
    `/models/${up()}/${up()}/secret.txt`,
    `/${up()}/${up()}/${up()}/etc/passwd`,
    `/runs/${up()}/secret.txt`,
    `http://${own}/`,
    '//etc/passwd',
    `/assets/${junk()}`,
    `/${encodeURIComponent(junk())}`,
    junk(),
    `/${'a'.repeat(random.below(9000))}`,
    '*',
  );
  const hostKind = random.below(6);
  const host = [own, own, own, 'evil.example', `127.0.0.1.evil.example:${port}`, `evil.example:${port}`][
    hostKind
  ];
  const lines = random.below(12) === 0 ? [] : [`Host: ${host}`];
  let mayBeAnswered = hostKind < 3 && lines.length === 1;
  if (random.below(10) === 0) {
    lines.push(`Host: ${pick(own, 'evil.example')}`);
    mayBeAnswered = false;
  }
  if (random.below(6) === 0) {
    const origin = pick(
      'http://evil.example',
      'null',
      `http://127.0.0.1:${port + 1}`,
      `https://${own}.evil.example`,
    );
    lines.push(`Origin: ${origin}`);
    mayBeAnswered = false;
  }
  for (let n = random.below(5); n > 0; n--)
    lines.push(
      pick(
        `Range: bytes=${pick('0-', '-1', '0-0', '5-2', '0-99999999999', '0-1,5-9', '-', 'x', `${junk()}-`)}`,
        `If-None-Match: ${pick('*', '"x"', junk())}`,
        `If-Range: ${junk()}`,
        `Accept-Encoding: ${pick('gzip', 'br', '*;q=0', junk())}`,
        `Content-Length: ${pick('0', '5', '-1', '99999999999999999999', 'x')}`,
        `Transfer-Encoding: ${pick('chunked', 'gzip, chunked', 'x')}`,
        `Connection: ${pick('close', 'keep-alive', 'upgrade')}`,
        `Upgrade: ${pick('websocket', 'h2c')}`,
        'Expect: 100-continue',
        `Sec-Fetch-Site: ${pick('same-origin', 'none', 'none')}`,
        `X-${junk().replace(/[^\w]/g, '')}: ${junk()}`,
        `${junk()}`,
        ` folded: ${junk()}`,
        `Cookie: ${'a'.repeat(random.below(12_000))}`,
      ),
    );
  const text = `${method} ${path} ${pick('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', '')}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${random.below(8) === 0 ? junk() : ''}`;
  return { bytes: new TextEncoder().encode(text), mayBeAnswered };
}

/** Sends bytes in pieces, and gives all that comes back until it ends or nothing more comes. */
function exchange(port, bytes, pieces, isFinished) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks = [];
    const end = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    socket.setTimeout(isFinished ? 400 : 50, end);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // What is large is known by its beginning.
      if (chunks.length > 40) end();
    });
    socket.on('error', end).on('close', end);
    for (let n = 0; n < pieces; n++) {
      const [from, to] = [n, n + 1].map((part) => Math.floor((part * bytes.length) / pieces));
      socket.write(bytes.subarray(from, to));
    }
  });
}

const GOOD = /^HTTP\/1\.1 (200|206|304) /;

function faultOf(answer, mayBeAnswered) {
  const text = answer.toString('latin1');
  if (text.includes(SECRET) || /root:.*:0:0:/.test(text)) return 'gives what lies outside';
  if (text !== '' && !/^HTTP\/1\.1 \d{3} /.test(text)) return `answers ${JSON.stringify(text.slice(0, 60))}`;
  if (/^HTTP\/1\.1 5/.test(text)) return `fails with ${text.slice(9, 12)}`;
  if (!mayBeAnswered && GOOD.test(text)) return 'answers who may not ask';
  return undefined;
}

async function serves(port) {
  const began = performance.now();
  const request = `GET /index.html HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
  const answer = await exchange(port, new TextEncoder().encode(request), 1, true);
  return GOOD.test(answer.toString('latin1')) ? performance.now() - began : undefined;
}

/** @returns {Promise<{ requests: number, answered: number, connections: number, megabytes: number, faults: string[] }>} */
export async function attackServer({ count, connections, seed = 1, limit = 512 }) {
  const { child, port, said } = await serve(limit);
  const faults = [];
  let [answered, isOver] = [0, false];
  child.once('exit', (code, signal) => {
    if (!isOver) faults.push(`the server ended with ${code ?? signal}`);
  });
  try {
    const one = async (n) => {
      const random = new Random(seed).fork(`request ${n}`);
      const requests = Array.from({ length: random.below(4) === 0 ? 3 : 1 }, () =>
        madeUpRequest(random, port),
      );
      const whole = Buffer.concat(requests.map(({ bytes }) => bytes));
      const isFinished = random.below(4) > 0;
      const bytes = isFinished
        ? random.below(4) === 0
          ? mutated([whole], random)
          : whole
        : whole.subarray(0, random.below(whole.length));
      const isChanged = bytes !== whole;
      const answer = await exchange(port, bytes, 1 + random.below(4), isFinished);
      answered += Number(GOOD.test(answer.toString('latin1')));
      // What chance has made of a request may be a good one.
      const fault = faultOf(answer, isChanged || requests[0].mayBeAnswered);
      if (fault !== undefined)
        faults.push(`request ${n}: ${fault}: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`);
    };
    for (let n = 0; n < count && faults.length < 20; n += 20) {
      await Promise.all(Array.from({ length: Math.min(20, count - n) }, (_, i) => one(n + i)));
      if (n % 1000 === 0 && (await serves(port)) === undefined)
        faults.push(`after ${n} requests it no longer serves`);
    }
    const idle = [];
    for (let n = 0; n < connections; n++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      if (n % 2 === 0) socket.write('GET / HTTP/1.1\r\nHost: ');
      idle.push(socket);
      if (n % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const socket of idle) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if ((await serves(port)) === undefined)
      faults.push(`after ${connections} connections it no longer serves`);
    const complaints = said.join('').replace('Serving the studio; Ctrl-C ends it\n', '');
    if (complaints !== '') faults.push(`it says ${complaints.slice(0, 300)}`);
    return { requests: count, answered, connections, faults };
  } finally {
    isOver = true;
    child.kill('SIGKILL');
    await once(child, 'exit').catch(() => {});
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '3000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const { faults, ...told } = await attackServer({
    ...{ count: Number(values.count), connections: Number(values.connections), seed: Number(values.seed) },
  });
  if (values.json) console.log(JSON.stringify({ ...told, faults }));
  else {
    console.log(
      `server: ${told.requests} requests, ${told.answered} answered with a file, ${told.connections} idle connections, ${faults.length} faults`,
    );
    for (const fault of faults) console.log(`  ${fault}`);
  }
  process.exitCode = faults.length > 0 ? 1 : 0;
}
