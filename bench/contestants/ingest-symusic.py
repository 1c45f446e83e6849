import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from ingest_contestant import ingest
from symusic import Score


def each(score):
    for track in score.tracks:
        for note in track.notes:
            yield note.pitch, note.velocity, note.start, note.end


ingest(
    version("symusic"),
    read=lambda path: Score(path, ttype="Second"),
    count=lambda score: sum(len(track.notes) for track in score.tracks),
    each=each,
)
