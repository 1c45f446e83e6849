/**
 * examples/onnx/play.py plays, on onnxruntime alone, what a program of ours plays with the same draws; of
 * that src/export/export-onnx.test.ts shows that it is what the library plays. Needs a Python with
 * onnxruntime, numpy and mido, at CADENZA_PYTHON or on the path.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notesFromMidi, Random, readMidi } from '../../src/index.js';
import { Outsider } from '../helpers/outsider.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const EXAMPLE = join(import.meta.dirname, '../../examples/onnx/play.py');
const PYTHON = process.env.CADENZA_PYTHON ?? 'python3';
const isThere = spawnSync(PYTHON, ['-c', 'import mido, numpy, onnxruntime']).status === 0;
if (!isThere) console.warn(`no Python with mido, numpy and onnxruntime (${PYTHON}): play.py is not tested`);

test('the example is short', () => {
  expect(readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
});

test.skipIf(!isThere).each(['tutorial', 'maestro', 'pop909'])('%s', async (name) => {
  const folder = tempFolder();
  const file = (extension: string) => join(folder, `${name}.${extension}`);
  await runCadenza(['export', name, '--format', 'onnx', '-o', file('onnx')]);
  const description = JSON.parse(readFileSync(file('json'), 'utf8'));
  const random = new Random(6);
  const count = description.inputs.find((input: { role: string }) => input.role === 'draws').shape[0];
  const draws = Array.from({ length: 400 }, () => Array.from({ length: count }, () => random.next()));
  writeFileSync(file('draws'), JSON.stringify(draws));
  const args = [EXAMPLE, file('onnx'), file('mid'), '--seconds', '6', '--draws', file('draws')];
  const printed = execFileSync(PYTHON, args, { encoding: 'utf8' });
  const written = notesFromMidi(readMidi(readFileSync(file('mid'))));
  expect(printed).toBe(`${written.length} notes, written to ${file('mid')}\n`);

  const outsider = await Outsider.of({ bytes: readFileSync(file('onnx')), description });
  const none = new Array<number>(count).fill(0);
  for (const event of description.opening.slice(0, -1)) await outsider.step(event, none);
  let event = description.opening.at(-1);
  let time = 0;
  const strikes: [time: number, pitch: number, velocity: number][] = [];
  for (const drawn of draws) {
    const said = await outsider.step(event, drawn);
    event = said.next_event;
    time += said.seconds[0];
    if (time >= 6) break;
    if (said.velocity[0] > 0) strikes.push([time, said.pitch[0], said.velocity[0]]);
  }
  const order = (a: readonly number[], b: readonly number[]) => a[0] - b[0] || a[1] - b[1];
  const rounded = strikes.map(([time, ...rest]) => [Math.round(time * 960) / 960, ...rest]).sort(order);
  const found = Array.from(written.start, (start, n) => [
    Math.round(start * 960) / 960,
    written.pitch[n],
    written.velocity[n],
  ]).sort(order);
  expect(found).toEqual(rounded);
  expect(found.length).toBeGreaterThan(5);
});
