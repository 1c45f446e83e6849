/**
 * Devices give what the processor gives. Of cards only WebGPU can be tried without one: on the software adapter
 * that comes with Chromium, where it is installed.
 */
import { existsSync } from 'node:fs';
import runtime from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { onnxEngine } from '../src/engine/onnx/runtime.js';
import { plainEngine } from '../src/engine/plain/plain.js';
import { initialParameters } from '../src/index.js';
import { WindowDataLoader } from '../src/kinds/tutorial/data-loader.js';
import { gradientGraph } from '../src/model/graphs.js';
import { DeviceEngine } from '../src/node/engine/devices.js';
import { DATA, model, OPTIONS } from './helpers/training-case.js';

const ADAPTER = process.env.CADENZA_VULKAN ?? '/usr/lib/chromium/vk_swiftshader_icd.json';
/** What finds adapters. The browser has one of its own, where no other program looks. */
const hasVulkan = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].some((folder) =>
  existsSync(`/usr/lib/${folder}libvulkan.so.1`),
);
const parameters = initialParameters(model.parameters, 3);

/** Losses and gradient of a batch. */
async function gradientBy(engine: Pick<DeviceEngine, 'compile'>) {
  const loader = new WindowDataLoader(model, DATA, OPTIONS);
  loader.begin(1, 0);
  const program = await engine.compile(gradientGraph(model, loader.batch));
  const results = await program.run({ ...loader.next(), parameters });
  await program.release();
  return results;
}

async function expectSame(engine: DeviceEngine): Promise<void> {
  const [found, expected] = await Promise.all([gradientBy(engine), gradientBy(plainEngine())]);
  expect(found.loss[0]).toBeCloseTo(expected.loss[0], 4);
  for (const [i, value] of expected.gradient.entries())
    expect(Math.abs(found.gradient[i] - value)).toBeLessThan(1e-4);
}

describe('a device', () => {
  it.each(['coreml', 'dml', 'cuda'] as const)(
    '%s that is not there leaves it to the processor, and says so once',
    async (device) => {
      const said: string[] = [];
      const engine = new DeviceEngine(runtime, device, 1, (message) => said.push(message));
      const here = await gradientBy(onnxEngine(runtime, { threads: 1 }));
      expect(await gradientBy(engine)).toEqual(here);
      expect(await gradientBy(engine)).toEqual(here);
      if (said.length === 0) return; // it is there
      expect(said).toEqual([
        expect.stringMatching(/^the processor computes, since there is no such device \(/),
      ]);
      expect(said[0]).toMatch(device === 'cuda' ? /its libraries are missing; npm rebuild/ : /is not for/);
    },
  );

  it('says nothing where the processor was asked for', async () => {
    const said: string[] = [];
    await expectSame(new DeviceEngine(runtime, 'cpu', 1, (message) => said.push(message)));
    expect(said).toEqual([]);
  });

  it.skipIf(!existsSync(ADAPTER) || !hasVulkan)(
    'WebGPU gives the losses and gradients of the plain engine (skipped where there is no Vulkan, or CADENZA_VULKAN names no software adapter)',
    { timeout: 120_000 },
    async () => {
      process.env.VK_ICD_FILENAMES = ADAPTER;
      const said: string[] = [];
      await expectSame(new DeviceEngine(runtime, 'webgpu', 1, (message) => said.push(message)));
      expect(said).toEqual([]);
    },
  );
});
