"""
The commands of the twin:

    python -m cadenza_twin train|evaluate|measure …
    torchrun --nproc-per-node 4 -m cadenza_twin train …
"""

import importlib
import sys

COMMANDS = ("train", "evaluate", "measure")


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        raise SystemExit(f"usage: python -m cadenza_twin {'|'.join(COMMANDS)} …; each tells its flags with --help")
    del sys.argv[1]
    importlib.import_module(f"cadenza_twin.{command}").main()


if __name__ == "__main__":
    main()
