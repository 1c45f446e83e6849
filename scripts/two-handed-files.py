"""Piano pieces of music21's corpus as MIDI files of two tracks, the upper staff and the lower one, to measure hands by.

    pip install music21 && python scripts/two-handed-files.py FOLDER
    npm run build && node scripts/measure-hands.js FOLDER

Of songs and chamber music only the piano's staves are written; of pieces that the corpus has twice, one. Times are
the score's; grace notes, which have no time of their own in it, are left out.
"""

import sys
import warnings
from pathlib import Path

import mido
from music21 import converter, corpus, stream

TICKS = 1008
CLOCK = 500_000  # microseconds in a quarter: 120 beats a minute for all
LEFT_OUT = ("demos", "theoryExercises")


def looks_two_handed(path: Path) -> bool:
    """Whether it is worth parsing: most of the corpus is for voices and strings."""
    if path.suffix not in (".mxl", ".xml", ".musicxml", ".krn") or path.parts[-2] in LEFT_OUT:
        return False
    if path.suffix == ".mxl":
        data = converter.ArchiveManager(path).getData()
        return "<staves>2" in (data if isinstance(data, str) else data.decode())
    text = path.read_text(errors="replace")
    return "<staves>2" in text or "Ipiano" in text


def staves_of(score: stream.Score) -> list[stream.Part]:
    """Upper and lower staff. Kern begins with the lower one, which music21 turns round."""
    staves = [part for part in score.parts if isinstance(part, stream.PartStaff)]
    return staves or list(score.parts)


def notes_of(staff: stream.Part) -> list[tuple[int, int, int]]:
    """Start and end in ticks, and pitch."""
    notes = []
    for sound in staff.stripTies().flatten().notes:
        start = round(sound.offset * TICKS)
        end = round((sound.offset + sound.quarterLength) * TICKS)
        notes += [(start, end, pitch.midi) for pitch in sound.pitches if end > start]
    return sorted(set(notes))


def track_of(notes: list[tuple[int, int, int]]) -> mido.MidiTrack:
    events = [(end, 0, pitch) for _, end, pitch in notes] + [(start, 64, pitch) for start, _, pitch in notes]
    track, now = mido.MidiTrack(), 0
    for tick, velocity, pitch in sorted(events):
        track.append(mido.Message("note_on", note=pitch, velocity=velocity, time=tick - now))
        now = tick
    return track


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    seen = set()
    for path in sorted(corpus.getCorePaths()):
        path = Path(path)
        if not looks_two_handed(path):
            continue
        try:
            score = converter.parse(path)
            hands = [notes_of(staff) for staff in staves_of(score)[-2:]]
        except Exception as error:  # a score that music21 cannot read
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        if len(hands) < 2 or min(map(len, hands)) < 20 or str(hands) in seen:
            continue
        seen.add(str(hands))
        time = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=CLOCK)])
        name = f"{path.parts[-2]}-{path.stem}.mid"
        mido.MidiFile(tracks=[time, *map(track_of, hands)], ticks_per_beat=TICKS).save(folder / name)
        print(f"{name}: {' + '.join(str(len(hand)) for hand in hands)} notes", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
