"""What pretty_midi reads from the fixtures, and how it writes notes, names pitches and finds ticks.

    python midi_goldens.py > ../golden/midi/pretty-midi.json

For each fixture either its instruments or the error that pretty_midi raises. Floats are Python's shortest form, which
reads back to the same double.
"""

import functools
import io
import json
import re
import sys
import warnings
from pathlib import Path

import mido
import numpy as np

warnings.simplefilter("ignore")
import pretty_midi  # noqa: E402

FIXTURES = Path(__file__).parent.parent / "fixtures" / "midi"

# mido refuses data bytes above 127 unless it is told to clip them, which pretty_midi has no option for.
CLIPPED = ("data-bytes-above-127",)
REAL_MIDI_FILE = mido.MidiFile


def read_fixture(path: Path) -> bytes:
    """Hexadecimal digits and "quoted ASCII"; the rest of a line behind # is a comment."""
    data = b""
    for line in path.read_text().splitlines():
        for text, digits in re.findall(r'"([^"]*)"|([0-9A-F]+)', line.split("#")[0]):
            data += text.encode() if text else bytes.fromhex(digits)
    return data


def load(path: Path) -> pretty_midi.PrettyMIDI:
    mido.MidiFile = functools.partial(REAL_MIDI_FILE, clip=path.stem in CLIPPED)
    try:
        return pretty_midi.PrettyMIDI(io.BytesIO(read_fixture(path)))
    finally:
        mido.MidiFile = REAL_MIDI_FILE


def instruments_of(path: Path) -> dict:
    try:
        midi = load(path)
    except Exception as error:  # whatever it raises is the golden
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "instruments": [
            {
                "program": int(instrument.program),
                "isDrum": bool(instrument.is_drum),
                "name": instrument.name,
                "notes": [
                    [note.pitch, note.velocity, float(note.start), float(note.end)]
                    for note in sorted(instrument.notes, key=lambda note: note.start)
                ],
                "pedal": [
                    [float(change.time), change.value]
                    for change in instrument.control_changes
                    if change.number == 64
                ],
            }
            for instrument in midi.instruments
        ]
    }


def written(seed: int, count: int) -> dict:
    """Random notes that do not overlap within a pitch, a quarter of them on half ticks, and the events written."""
    random = np.random.default_rng(seed)
    free = np.zeros(128)
    notes, time = [], 0.0
    for _ in range(count):
        time += random.choice([0.0, random.exponential(0.1)])
        pitch = int(random.integers(21, 109))
        start = max(time, free[pitch])
        if random.random() < 0.25:
            start = (2 * round(start * 440) + 1) / 880
        end = start + 0.005 + random.exponential(0.3)
        free[pitch] = end + 0.005
        notes.append([pitch, int(random.integers(1, 128)), float(start), float(end)])
    midi = pretty_midi.PrettyMIDI()
    piano = pretty_midi.Instrument(0)
    piano.notes = [pretty_midi.Note(v, p, start, end) for p, v, start, end in notes]
    midi.instruments.append(piano)
    file = io.BytesIO()
    midi.write(file)
    events, tick = [], 0
    for event in mido.MidiFile(file=io.BytesIO(file.getvalue())).tracks[1]:
        tick += event.time
        if event.type == "note_on":
            events.append([tick, event.note, event.velocity])
    return {"notes": notes, "events": events}


def ticks(name: str) -> list:
    midi = load(FIXTURES / f"{name}.hex")
    times = np.random.default_rng(1).uniform(0, 12, 200)
    return [[float(time), int(midi.time_to_tick(time))] for time in times]


goldens = {
    "fixtures": {path.stem: instruments_of(path) for path in sorted(FIXTURES.glob("*.hex"))},
    "ticks": {"format-1-tempo-changes": ticks("format-1-tempo-changes")},
    "written": written(seed=7, count=200),
    "noteNames": [pretty_midi.note_number_to_name(pitch) for pitch in range(128)],
}
# One line a fixture, so that a difference can be read.
text = json.dumps(goldens, separators=(",", ":"))
sys.stdout.write(re.sub(r'(,"[a-z0-9-]+":\{"(?:instruments|error)"|,"(?:ticks|written|noteNames)")', r"\n\1", text) + "\n")
