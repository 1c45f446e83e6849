"""Digests of every note pretty_midi reads from the two real corpora, to compare our reader with, bit for bit.

    python midi_digests.py MAESTRO_FOLDER POP909_FOLDER > ../golden/corpus-digests.csv

One line a file: path (under its corpus' name), number of notes, first 16 hex digits of the SHA-256 of, for each
instrument in pretty_midi's order: program (u8), drums (u8), then for each of its notes, stably sorted by start:
start (f64), end (f64), pitch (u8), velocity (u8); little-endian, unpadded.
"""

import hashlib
import sys
import warnings
from pathlib import Path

import numpy as np
import pretty_midi

NOTE = np.dtype([("start", "<f8"), ("end", "<f8"), ("pitch", "u1"), ("velocity", "u1")])


def digest(path: Path) -> tuple[int, str]:
    sha, count = hashlib.sha256(), 0
    for instrument in pretty_midi.PrettyMIDI(str(path)).instruments:
        notes = sorted(instrument.notes, key=lambda note: note.start)
        rows = [(n.start, n.end, n.pitch, n.velocity) for n in notes]
        sha.update(bytes([instrument.program, instrument.is_drum]))
        sha.update(np.array(rows, dtype=NOTE).tobytes())
        count += len(rows)
    return count, sha.hexdigest()[:16]


def main() -> None:
    warnings.simplefilter("ignore")
    print("path,notes,sha256")
    for name, folder in zip(("maestro-v2.0.0", "pop909"), sys.argv[1:], strict=True):
        root = Path(folder)
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".mid", ".midi")):
            count, hexadecimal = digest(path)
            print(f"{name}/{path.relative_to(root).as_posix()},{count},{hexadecimal}", flush=True)


main()
