"""`salesim` that says how much memory it uses whenever it gets SIGUSR1: python benchmarks/memory_in_use.py FILE classroom ...

Each line of FILE has MB in use, after garbage was collected, and MB taken from the system. The latter has code and what Python
and the C library keep free, which grows until the largest need has come once. Linux alone.
"""

import ctypes
import gc
import os
import re
import signal
import sys
import tempfile
from pathlib import Path

NAMES = (
    "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"  # bytes of the C library, by mallinfo2(3)
)


class Malloc(ctypes.Structure):
    """What the C library says about its memory."""

    _fields_ = [(name, ctypes.c_size_t) for name in NAMES.split()]


def python_bytes():
    """Bytes of Python's small objects, which lie in blocks of its own; Python tells them only to the standard error."""
    with tempfile.TemporaryFile() as told:
        error = os.dup(2)
        os.dup2(told.fileno(), 2)
        sys._debugmallocstats()
        os.dup2(error, 2)
        os.close(error)
        told.seek(0)
        return int(re.search(r"bytes in allocated blocks\s*=\s*([\d,]+)", told.read().decode())[1].replace(",", ""))


def in_use():
    """MB of all objects that are alive."""
    gc.collect()
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = Malloc
    found = library.mallinfo2()
    return (python_bytes() + found.uordblks + found.hblkhd) / 2**20


def resident(process="self"):
    """MB of a process, as the system counts them."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024


def tell(path):
    """Append a line."""
    with path.open("a") as file:
        file.write(f"{in_use():.2f} {resident():.2f}\n")


if __name__ == "__main__":
    from salesim.cli import main

    place = Path(sys.argv.pop(1))
    signal.signal(signal.SIGUSR1, lambda *_: tell(place))
    sys.exit(main())
