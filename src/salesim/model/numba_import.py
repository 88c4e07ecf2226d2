"""Imports numba first: without what it does not need, and without being stopped by settings that it cannot read.

Variables `NUMBA_…` that cannot be read count as not set, and a line says so. All modules that use numba import this first.
"""

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType

THREADS = "NUMBA_NUM_THREADS"  # rules never use them, but numba is not imported if there are none
remark = logging.getLogger("salesim").warning  # a line on stderr, unless the program that uses this package logs otherwise


@contextmanager
def instead(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Have modules that are not imported yet stand for others for a while; None for one that cannot be imported."""
    added = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(added)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


def import_numba() -> None:
    """Import numba; it looks for `coverage` even where nobody counts lines, which takes as long as a tenth of numba."""
    threads = os.environ.get(THREADS, "1").strip()
    if (threads.isdigit() and int(threads) == 0) or threads.startswith("-"):
        del os.environ[THREADS]
        remark("salesim: %s is %s, which is no number of threads; it counts as not set", THREADS, threads)
    with (
        warnings.catch_warnings(record=True) as caught,
        instead({} if "NUMBA_JIT_COVERAGE" in os.environ else {"coverage": None}),
    ):
        warnings.simplefilter("always")
        import numba  # noqa: F401
    for warning in caught:
        named = re.search(r"'(NUMBA_\w+)'", str(warning.message))
        if named:
            remark("salesim: %s is %r, which numba cannot read; it counts as not set", named[1], os.environ.get(named[1]))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def load_functions() -> None:
    """Load numba's library of functions; it would import scipy.linalg, to see whether it is there."""
    blas = ("scipy.linalg", "scipy.linalg.cython_blas")
    with instead({name: ModuleType(name) for name in blas}):
        import numba.np.arraymath  # noqa: F401


import_numba()
