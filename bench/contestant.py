"""The other end of harness.js for contestants in Python."""

import json
import sys
import time


def say(message):
    print(json.dumps(message), flush=True)


def compete(ready, work):
    """Says what the contestant is, then does the work once for every line that comes in, timing it."""
    say(ready)
    for _ in sys.stdin:
        start = time.perf_counter()
        extra = work() or {}
        say({"milliseconds": (time.perf_counter() - start) * 1000, **extra})
