/** Sorts the nodes of a profile of ONNX Runtime by what they do. */

const PRODUCTS = ['Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul'];
const OTHER_KINDS = {
  'element-wise (Mul, Add, Sub)': ['Mul', 'Add', 'Sub'],
  'activations (Sigmoid, Tanh)': ['Sigmoid', 'Tanh'],
  'copies (Concat, Split, Identity, Slice, Transpose, Reshape)': [
    'Concat',
    'Split',
    'Identity',
    'Slice',
    'Transpose',
    'Reshape',
  ],
};
const IN_SCANS = 'products inside the scans';
const WEIGHT_GRADIENTS = 'products outside, first operand transposed (weight gradients)';
const OTHER_PRODUCTS = 'products outside, the others';
const EVERYTHING_ELSE = 'other nodes';

/** In the order of the table. */
const KINDS = [IN_SCANS, WEIGHT_GRADIENTS, OTHER_PRODUCTS, ...Object.keys(OTHER_KINDS), EVERYTHING_ELSE];

const NODE = /_kernel_time$/;
const dimensions = (types, which) => Object.values(types[which])[0];
const size = (shape) => shape.reduce((product, length) => product * length, 1);

/** Of a product's node: operations, two a multiply-add, and whether it reads its first operand transposed. */
function productOf({ input_type_shape: inputs, output_type_shape: outputs }) {
  const [first, result] = [dimensions(inputs, 0), dimensions(outputs, 0)];
  const rows = size(result) / result.at(-1);
  const depth = size(first) / rows;
  // The profile does not tell attributes. A (K, M) operand is one of (M, K) where K = M, which is not so in
  // these cases.
  return { flop: 2 * size(result) * depth, isTransposed: first.at(-2) !== result.at(-2) };
}

function kindOf({ op_name: name, ...shapes }, isInScan) {
  if (!PRODUCTS.includes(name)) {
    return Object.keys(OTHER_KINDS).find((kind) => OTHER_KINDS[kind].includes(name)) ?? EVERYTHING_ELSE;
  }
  if (isInScan) return IN_SCANS;
  return productOf(shapes).isTransposed ? WEIGHT_GRADIENTS : OTHER_PRODUCTS;
}

/** The runs of a profile, each as its `model_run` event and the events of its nodes. */
export function runsOf(events) {
  const within = (event, { ts, dur }) => event.ts >= ts && event.ts < ts + dur;
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && NODE.test(name));
  return events
    .filter(({ name }) => name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .map((run) => ({ run, nodes: nodes.filter((node) => within(node, run)) }));
}

/**
 * Where the time of a run went, all of it.
 *
 * @param {{ run: object, nodes: object[] }} profiled of {@link runsOf}
 * @returns {{ kind: string, nodes: number | null, milliseconds: number, gflop: number }[]}
 */
export function byKind({ run, nodes }) {
  const scans = nodes.filter(({ args }) => args.op_name === 'Scan').sort((a, b) => a.ts - b.ts);
  const rows = new Map(KINDS.map((kind) => [kind, { kind, nodes: 0, milliseconds: 0, gflop: 0 }]));
  let inScans = 0;
  let outside = 0;
  for (const { ts, dur, args } of nodes) {
    if (args.op_name === 'Scan') continue;
    const isInScan = scans.some((scan) => ts >= scan.ts && ts < scan.ts + scan.dur);
    const row = rows.get(kindOf(args, isInScan));
    row.nodes++;
    row.milliseconds += dur / 1000;
    if (PRODUCTS.includes(args.op_name)) row.gflop += productOf(args).flop / 1e9;
    if (isInScan) inScans += dur;
    else outside += dur;
  }
  const wholeScans = scans.reduce((sum, { dur }) => sum + dur, 0);
  const own = (kind, count, microseconds) => ({
    kind,
    nodes: count,
    milliseconds: microseconds / 1000,
    gflop: 0,
  });
  return [
    ...rows.values(),
    own("the scans' own, between the nodes inside them", scans.length, wholeScans - inScans),
    own('between the nodes outside', null, run.dur - wholeScans - outside),
  ];
}
