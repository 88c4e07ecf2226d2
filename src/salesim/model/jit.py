"""The `@rule` decorator: numba with our flags, and a compile cache that knows the whole package.

numba's disk cache looks only at the file of the compiled function, so a rule changed in another file would silently keep
its old behaviour. The cache folder's name therefore carries a digest of all source files that rules are compiled from.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

# Where rules live (a test checks it), and the files there that change no record.
COMPILED_IN = ("model",)
ONLY_SHOWN = ("mesa_model.py", "views.py", "series.py", "defaults.py")


def source_digest(package: Path, folders: tuple[str, ...] = COMPILED_IN) -> str:
    """Twelve hex digits over the names and contents of the Python files of `folders` in `package`."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] in folders and path.name not in ONLY_SHOWN:
            digest.update(str(place).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _writable_cache_folder() -> Path:
    """First folder of the user's cache or the temporary one that can be written to."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    digest = source_digest(Path(__file__).parents[1])
    for root in (Path(home), Path(tempfile.gettempdir())):
        folder = root / "salesim" / f"rules-{digest}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="salesim-rules-"))


if not numba.config.CACHE_DIR:  # set by NUMBA_CACHE_DIR
    numba.config.CACHE_DIR = str(_writable_cache_folder())
if numba.config.DISABLE_JIT:
    np.seterr(over="ignore")  # counter-based random numbers multiply 64-bit integers that are meant to wrap around


def rule(function: Function) -> Function:
    """Compile `function` to machine code at its first call; plain Python when NUMBA_DISABLE_JIT=1.

    A rule gets its arrays from its caller and allocates none (`_nrt=False`: numba counts no references to them), and is
    inlined into its caller (`forceinline`): with the market's two dozen arrays, counting and passing them costs more than
    most rules (docs/decisions/0013-how-the-weeks-became-fast.md).
    """
    machine_code: Function = numba.njit(
        cache=True, nogil=True, error_model="numpy", forceinline=True, no_cfunc_wrapper=True, _nrt=False
    )(function)
    return machine_code


# For sums over the records: like a rule, but no part of the model, and it may not call rules of other files. The compile cache
# watches its own file and `COMPILED_IN`, as for rules.
compiled = rule


def plain(function: Function) -> Function:
    """The Python function of a rule: for whole arrays, where its arithmetic allows them, and for its source."""
    python: Function = getattr(function, "py_func", function)
    return python


def is_compiled(function: Callable[..., Any]) -> bool:
    """Whether the compile cache has this rule; if not, its first call takes as long as compiling it and all that it calls."""
    stats = getattr(function, "stats", None)
    return stats is None or any(Path(stats.cache_path).glob(f"*.{function.__name__}-*.nbi"))
