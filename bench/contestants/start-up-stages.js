/**
 * What `cadenza generate` does, in its order, with a clock between the stages. Prints each stage's
 * milliseconds.
 */
const stages = {};
let last = 0; // the process starts
function mark(stage) {
  const now = performance.now();
  stages[stage] = now - last;
  last = now;
}

mark('node itself');
await import('commander');
mark('commander');
const [
  { loadModel },
  { createOnnxEngine },
  { generate, tableOfGenerated },
  { midiFromNotes },
  { builtInOpening },
  { writeFileAtomic },
] = await Promise.all([
  import('../../dist/node/load-model.js'),
  import('../../dist/node/engine/onnx-engine.js'),
  import('../../dist/kinds/tutorial/generate.js'),
  import('../../dist/notes/to-midi.js'),
  import('../../dist/playing/opening.js'),
  import('../../dist/node/files/atomic-file.js'),
]);
mark('modules');
const loaded = await loadModel('tutorial');
mark('model file');
const engine = await createOnnxEngine({ threads: 1 });
mark('native library');
const timed = {
  ...engine,
  async compile(graph) {
    const program = await engine.compile(graph);
    mark('session');
    return program;
  },
};
const notes = [];
for await (const note of generate(loaded, timed, builtInOpening(), { notes: 100 })) notes.push(note);
mark('100 notes');
await writeFileAtomic(process.argv[2], midiFromNotes(tableOfGenerated(notes)));
mark('writing');
console.log(JSON.stringify(stages));
