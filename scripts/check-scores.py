"""Holds scores that `cadenza score --json` wrote against music21 and MusicXML's schema.

    pip install music21 lxml xmlschema
    for f in …; do npx cadenza score $f -o scores/$(basename $f .mid).musicxml --json > scores/….json; done
    python scripts/check-scores.py scores/

Of each pair: whether the file is valid, and whether music21 reads the same notes, ties joined: pitch, onset and
length in quarter notes. Prints how many are; exits with 1 where one is not.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import music21
import xmlschema
from lxml import etree

TICKS = 24


def written(path):
    """Pitch, onset and length of each note that Cadenza says it wrote."""
    score = json.loads(path.read_text())
    return sorted((n["pitch"], Fraction(n["start"], TICKS), Fraction(n["length"], TICKS)) for n in score["notes"])


def read(path):
    """The same as music21 reads them: what a tie goes on from is one note with it."""
    notes = []
    for part in music21.converter.parse(path, format="musicxml").parts:
        tied = {}
        for element in part.flatten().notes:
            onset, length = (
                Fraction(time).limit_denominator(2 * TICKS) for time in (element.offset, element.quarterLength)
            )
            for note in getattr(element, "notes", [element]):
                pitch = note.pitch.midi
                kind = note.tie.type if note.tie else None
                if kind in ("stop", "continue"):
                    before = tied.pop((pitch, onset), None)
                    if before is None:
                        raise ValueError(f"{path.name}: a tie to {pitch} at {onset} comes from nowhere")
                    first = before
                else:
                    first = onset
                if kind in ("start", "continue"):
                    tied[pitch, onset + length] = first
                else:
                    notes.append((pitch, first, onset + length - first))
        if tied:
            raise ValueError(f"{path.name}: ties go on to nothing: {list(tied)[:3]}")
    return sorted(notes)


class Imports(etree.Resolver):
    """Finds the two schemas that MusicXML's imports, which lie with another package."""

    def resolve(self, url, public_id, context):
        name = url.rsplit("/", 1)[-1]
        folder = {"xml.xsd": "XML", "xlink.xsd": "XLINK"}.get(name)
        if folder is None:
            return None
        return self.resolve_filename(str(Path(xmlschema.__file__).parent / "schemas" / folder / name), context)


def musicxml_schema():
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Imports())
    path = Path(music21.__file__).parent / "musicxml" / "musicxml.xsd"
    return etree.XMLSchema(etree.parse(str(path), parser))


def main(folder):
    schema = musicxml_schema()
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    bad = 0
    paths = sorted(Path(folder).glob("*.json"))
    notes = 0
    for path in paths:
        xml = path.with_suffix(".musicxml")
        tree = etree.parse(str(xml), parser)
        if not schema.validate(tree):
            bad += 1
            print(f"{xml.name}: {schema.error_log.last_error}")
            continue
        ours, theirs = written(path), read(xml)
        notes += len(ours)
        if ours != theirs:
            bad += 1
            only = [sorted(set(a) - set(b))[:3] for a, b in ((ours, theirs), (theirs, ours))]
            print(f"{xml.name}: {len(ours)} notes, music21 reads {len(theirs)}; only here {only[0]}, only there {only[1]}")
    print(f"{len(paths) - bad} of {len(paths)} scores are valid and read alike, {notes} notes")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
