/**
 * Loaded into the AudioWorklet before the synthesiser: keeps its clock on the context's. The synthesiser
 * counts what it has rendered since it was made, and a busy machine may let it render for the first time only
 * half a second later; everything planned would then sound that much too late.
 */
const register = globalThis.registerProcessor;

globalThis.registerProcessor = (name, Processor) => {
  register(
    name,
    class extends Processor {
      process(inputs, outputs, parameters) {
        const clock = this.core?.synthesizer?.synthCore;
        if (typeof clock?.currentTime === 'number') clock.currentTime = globalThis.currentTime;
        return super.process(inputs, outputs, parameters);
      }
    },
  );
};
