"""Plays with a model that `npx cadenza export maestro --format onnx` wrote, and nothing of Cadenza.

    pip install onnxruntime numpy mido
    python play.py maestro.onnx played.mid --seconds 60 --seed 1
"""
import argparse
import json
from pathlib import Path

import mido
import numpy as np
import onnxruntime

parser = argparse.ArgumentParser()
parser.add_argument("model", type=Path)
parser.add_argument("output")
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--temperature", type=float, default=1)
parser.add_argument("--draws", type=Path, help="JSON: for every event the numbers drawn, instead of a seed")
args = parser.parse_args()

about = json.loads(args.model.with_suffix(".json").read_text())
session = onnxruntime.InferenceSession(str(args.model))
feeds = {each["name"]: np.full(each["shape"], each["usual"], each["type"]) for each in about["inputs"]}
feeds["temperature"][:] = args.temperature
states = [each["name"] for each in about["inputs"] if each["role"] == "state"]
names = [each["name"] for each in about["outputs"]]
random = np.random.default_rng(args.seed)
given = iter(json.loads(args.draws.read_text())) if args.draws else None


def step(event, is_heard=False):
    """Goes past an event; gives what comes next."""
    feeds["event"] = np.asarray(event, feeds["event"].dtype)
    if not is_heard:
        feeds["draws"] = np.array(next(given)) if given else random.random(feeds["draws"].shape)
    result = dict(zip(names, session.run(None, feeds)))
    feeds.update({state: result[f"next_{state}"] for state in states})
    return result


for event in about["opening"][:-1]:
    step(event, is_heard=True)
said, time, events = step(about["opening"][-1]), 0.0, []
while (time := time + float(said["seconds"])) < args.seconds:
    pitch, velocity = int(said["pitch"]), int(said["velocity"])
    events.append((time, velocity, pitch))
    if "duration" in said:  # the tutorial model says with a note when it ends
        events.append((time + float(said["duration"]), 0, pitch))
    said = step(said["next_event"])
events += [(args.seconds, 0, pitch) for pitch in {pitch for _, _, pitch in events}]  # whatever is still held

track, now = mido.MidiTrack(), 0
for time, velocity, pitch in sorted(events, key=lambda event: event[0]):
    ticks = round(time * 960)  # 480 a beat, 120 beats a minute
    track.append(mido.Message("note_on", note=pitch, velocity=velocity, time=ticks - now))
    now = ticks
mido.MidiFile(type=0, ticks_per_beat=480, tracks=[track]).save(args.output)
print(f"{sum(velocity > 0 for _, velocity, _ in events)} notes, written to {args.output}")
