"""The program `salesim`, which is also `python -m salesim`: so short that Ctrl-C meets it as soon as Python has started."""

import sys


def program() -> int:
    """Run the command line; returns its exit code."""
    try:
        from salesim.cli import main

        return main()
    except KeyboardInterrupt:
        print("salesim: stopped before anything was run", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(program())
