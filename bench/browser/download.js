/** The bytes a page downloads before it can play. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { npmPeers } from '../peers.js';
import { bundle } from './chromium.js';

/** As servers compress on the fly at their best; the last steps cost minutes for little. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const weigh = (content) => ({
  raw: content.length,
  gzip: gzipSync(content, { level: 9 }).length,
  brotli: brotliCompressSync(content, BROTLI).length,
});

function total(parts) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const part of Object.values(parts)) for (const key of Object.keys(sum)) sum[key] += part[key];
  return sum;
}

async function download(contents) {
  const parts = {};
  for (const [name, content] of Object.entries(contents)) parts[name] = weigh(await content);
  return { bytes: total(parts), parts };
}

/** @returns {Promise<object[]>} `bytes` in all and of `parts`, for Cadenza and for a page on TensorFlow.js */
export async function downloads() {
  const peer = (path) => readFile(join(npmPeers(), 'node_modules', path));
  const minified = { minify: true };
  const ort = 'onnxruntime-web/dist/ort-wasm-simd-threaded';
  const cadenza = await download({
    library: bundle('player.js', minified),
    'onnxruntime-web, scripts': Promise.all([
      peer('onnxruntime-web/dist/ort.wasm.min.mjs'),
      peer(`${ort}.mjs`),
    ]).then(Buffer.concat),
    'onnxruntime-web, WebAssembly': peer(`${ort}.wasm`),
    weights: readFile(fileURLToPath(new URL('../../models/tutorial/tutorial.safetensors', import.meta.url))),
  });
  const wasm = '@tensorflow/tfjs-backend-wasm/dist';
  const tensorflow = await download({
    'tfjs, scripts': bundle('tfjs.js', minified),
    'tfjs-backend-wasm, WebAssembly': peer(`${wasm}/tfjs-backend-wasm-threaded-simd.wasm`),
  });
  return [
    { name: 'Cadenza', ...cadenza },
    { name: 'TensorFlow.js wasm, without weights', ...tensorflow },
  ];
}
