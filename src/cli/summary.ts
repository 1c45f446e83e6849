import { Command } from 'commander';
import type { LayerSummary } from '../model/model.js';
import { addExamples } from './examples.js';

/** `cadenza summary`: the layers of a model and its parameters, as Keras prints them. */
export function summaryCommand(): Command {
  const command = new Command('summary')
    .description('Print the layers of a model, their shapes and parameters.')
    .argument('<model>', 'a shipped model, a run folder, or a .safetensors file')
    .option('--json', 'one JSON object')
    .action(summaryAction);
  return addExamples(command, [
    ['cadenza summary tutorial', 'the tutorial model'],
    ['cadenza summary runs/tutorial-001 --json', 'of a run, for programs'],
  ]);
}

async function summaryAction(name: string, options: { json?: boolean }): Promise<void> {
  const [{ loadModel }, { parameterCount }] = await Promise.all([
    import('../node/load-model.js'),
    import('../model/parameters.js'),
  ]);
  const { model, kind } = await loadModel(name);
  const total = parameterCount(model.parameters);
  if (options.json) {
    const { layers, config } = model;
    const summary = { model: name, config, layers, totalParameters: total, trainableParameters: total };
    process.stdout.write(`${JSON.stringify({ ...summary, nonTrainableParameters: 0 }, null, 2)}\n`);
    return;
  }
  const count = total.toLocaleString('en-US');
  process.stdout.write(`Model: "${name}"\n${formatLayers(model.layers)}`);
  process.stdout.write(`Total params: ${count}\nTrainable params: ${count}\nNon-trainable params: 0\n`);
  const styles = kind.stylesOf?.(model.config) ?? [];
  if (styles.length > 0) process.stdout.write(`Styles: ${styles.join(', ')}\n`);
}

function formatLayers(layers: readonly LayerSummary[]): string {
  const header = ['Layer (type)', 'Output Shape', 'Param #', 'Connected to'];
  const rows = layers.map(({ name, type, outputShape, parameters, connectedTo }) => {
    const shape = `(${outputShape.map((size) => size ?? 'None').join(', ')})`;
    const from = connectedTo.map((layer) => `${layer}[0][0]`).join(', ');
    return [`${name} (${type})`, shape, parameters.toLocaleString('en-US'), from];
  });
  const widths = header.map(
    (title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)) + 3,
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('')
      .trimEnd();
  const rule = (mark: string) => mark.repeat(widths.reduce((sum, width) => sum + width, 0));
  return `${[rule('_'), line(header), rule('='), ...rows.map(line), rule('=')].join('\n')}\n`;
}
