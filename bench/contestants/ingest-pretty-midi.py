import sys
import warnings
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
warnings.simplefilter("ignore")

from ingest_contestant import ingest
from pretty_midi import PrettyMIDI


def each(midi):
    for instrument in midi.instruments:
        for note in instrument.notes:
            yield note.pitch, note.velocity, note.start, note.end


ingest(
    version("pretty_midi"),
    read=PrettyMIDI,
    count=lambda midi: sum(len(instrument.notes) for instrument in midi.instruments),
    each=each,
)
