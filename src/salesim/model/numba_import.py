"""Imports numba, which settings that it cannot read do not stop. All modules that use numba import this one first.

Variables `NUMBA_…` that cannot be read count as not set, and a line says so.
"""

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

THREADS = "NUMBA_NUM_THREADS"  # rules never use them, but numba is not imported if there are none
remark = logging.getLogger("salesim").warning  # a line on stderr, unless the program that uses this package logs otherwise


@contextmanager
def without(module: str) -> Iterator[None]:
    """Have a module that is not imported yet not be there for a while."""
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]


def import_numba() -> None:
    """Import numba, without the `coverage` that it would import where nobody counts lines: a tenth of its time."""
    threads = os.environ.get(THREADS, "1").strip()
    if (threads.isdigit() and int(threads) == 0) or threads.startswith("-"):
        del os.environ[THREADS]
        remark("salesim: %s is %s, which is no number of threads; it counts as not set", THREADS, threads)
    with warnings.catch_warnings(record=True) as caught, without("" if "NUMBA_JIT_COVERAGE" in os.environ else "coverage"):
        warnings.simplefilter("always")
        import numba  # noqa: F401
    for warning in caught:
        named = re.search(r"'(NUMBA_\w+)'", str(warning.message))
        if named:
            remark("salesim: %s is %r, which numba cannot read; it counts as not set", named[1], os.environ.get(named[1]))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


import_numba()
