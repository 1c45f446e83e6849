/** What the AudioWorklet loads: the clock first, as it takes in what registers after it. */
import './clock.worklet.js';
import 'spessasynth_lib/dist/spessasynth_processor.min.js';
