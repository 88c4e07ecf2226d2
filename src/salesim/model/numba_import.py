"""Imports numba. Variables `NUMBA_…` that numba cannot read count as not set, and a line says so, instead of stopping a run.

Modules that use numba import this one first.
"""

import logging
import os
import re
import warnings

THREADS = "NUMBA_NUM_THREADS"  # rules never use them, but numba is not imported if there are none
remark = logging.getLogger("salesim").warning  # a line on stderr, unless the program that uses this package logs otherwise

given, unreadable = dict(os.environ), set()
if not re.fullmatch(r"\s*0*[1-9]\d*\s*", os.environ.get(THREADS, "1")):
    del os.environ[THREADS]
    unreadable.add(THREADS)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import numba  # noqa: F401
unreadable |= set(re.findall(r"'(NUMBA_\w+)' is defined", " ".join(str(warning.message) for warning in caught)))
for variable in sorted(unreadable):
    remark("salesim: %s is %r, which numba cannot read; it counts as not set", variable, given[variable])
