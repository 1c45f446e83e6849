/**
 * Where programs run: on the processor, or on a card by one of ONNX Runtime's execution providers. What one
 * of those cannot do the runtime does on the processor; where one is not there at all, all is done there.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:process';
import type { Engine, Program } from '../../engine/engine.js';
import { loadOnnxModel, type OnnxRuntime, onnxModelOf } from '../../engine/onnx/runtime.js';
import type { Graph } from '../../graph/tensor.js';

/** What can be asked for; `auto` is the first card that is there. */
export type Device = 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml';

/** Cards in the order in which `auto` tries them. */
const CARDS: readonly Device[] = ['cuda', 'dml', 'coreml', 'webgpu'];

/** The runtime, which in Node says what it was built for. */
type NodeRuntime = OnnxRuntime & { readonly listSupportedBackends?: () => readonly { name: string }[] };

/** An engine that compiles for a device, and for the processor where that is not there. */
export class DeviceEngine implements Engine {
  readonly name = 'onnx';
  /** What the next program is tried on, best first. */
  private devices: readonly Device[];

  /**
   * @param say told once, in words, that the processor computes instead of what was asked for
   */
  constructor(
    private readonly runtime: NodeRuntime,
    device: Device,
    private readonly threads: number,
    private readonly say: (message: string) => void,
  ) {
    this.devices = device === 'auto' ? [...CARDS, 'cpu'] : device === 'cpu' ? ['cpu'] : [device, 'cpu'];
  }

  async compile(graph: Graph): Promise<Program> {
    const model = onnxModelOf(graph);
    const { threads } = this;
    const failures: string[] = [];
    for (const device of this.devices.slice(0, -1)) {
      try {
        this.expectThere(device);
        const program = await loadOnnxModel(this.runtime, model, { threads, providers: [device] });
        // What one program runs on all run on.
        this.devices = [device, device];
        return program;
      } catch (error) {
        failures.push(`${device}: ${reasonOf(error)}`);
      }
    }
    this.devices = ['cpu'];
    if (failures.length > 0)
      this.say(`the processor computes, since there is no such device (${failures.join('; ')})`);
    return loadOnnxModel(this.runtime, model, { threads });
  }

  /** The runtime itself leaves out a device that it was not built for, and tells what libraries it lacks. */
  private expectThere(device: Device): void {
    const known = this.runtime.listSupportedBackends?.().map(({ name }) => name);
    if (known && !known.includes(device)) throw new Error(`is not for ${platform}`);
    if (device === 'cuda' && !hasCudaLibraries())
      throw new Error('its libraries are missing; npm rebuild onnxruntime-node, with CUDA 12 installed');
  }
}

function hasCudaLibraries(): boolean {
  const folder = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return existsSync(
    folder.replace('package.json', `bin/napi-v6/${platform}/${arch}/libonnxruntime_providers_cuda.so`),
  );
}

/** The first sentence of what a provider says. */
function reasonOf(error: unknown): string {
  const [first] = String((error as Error).message).split('\n');
  const sentence = first.replace(/^.*(was false\.|ERR:)\s*/, '').trim();
  return sentence.length > 120 ? `${sentence.slice(0, 120)}…` : sentence;
}
