"""The compile cache: machine code of rules on disk. Whatever is wrong with it, a run goes on, and rules are compiled again.

The name of a file says for which processor, Python, numba, source files and argument types its code is; it begins with a digest
of the rest. A file that is not what was written is passed over, and written anew.
"""

import contextlib
import hashlib
import multiprocessing
import os
import stat
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from salesim.model.numba_import import remark  # isort: split

import numba
from llvmlite import binding
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps, loads

from salesim.model.signals import undisturbed

PACKAGE = Path(__file__).parents[1]
# Where rules live (a test checks it), and the files there that change no record.
COMPILED_IN = ("model",)
ONLY_SHOWN = ("mesa_model.py", "views.py", "series.py", "defaults.py")
SHIPPED = PACKAGE / "compiled_rules"  # in the wheel (`hatch_build.py`), for processors that have these features:
PORTABLE_NAME, PORTABLE_FEATURES = "x86-64-v3", ("avx2", "bmi2", "f16c", "fma", "lzcnt", "movbe")
DIGEST_BYTES = 32


def source_digest(package: Path, folders: tuple[str, ...] = COMPILED_IN) -> str:
    """Twelve hex digits over the names and contents of the Python files of `folders` in `package`."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] in folders and path.name not in ONLY_SHOWN:
            digest.update(str(place).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def folders() -> tuple[Path, ...]:
    """Where code is looked for: the folder chosen or the user's cache; a temporary folder; what came with the wheel.

    The temporary folder has to be the user's own, because who writes there can make this program do anything.
    """
    rules, chosen, paths = f"rules-{source_digest(PACKAGE)}", numba.config.CACHE_DIR, []
    with contextlib.suppress(RuntimeError):  # there is no home
        paths.append(Path(chosen or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "salesim" / rules)
    user = getattr(os, "getuid", int)()
    with contextlib.suppress(OSError):
        temporary = Path(tempfile.gettempdir()) / f"salesim-{user}"
        temporary.mkdir(mode=0o700, exist_ok=True)
        now = temporary.lstat()
        if stat.S_ISDIR(now.st_mode) and now.st_uid == user and (os.name == "nt" or not now.st_mode & 0o022):
            paths.append(temporary / rules)
    return (*paths, *([] if chosen else [SHIPPED / rules]))


@cache
def machine(portable: bool) -> str:
    """Eight hex digits of what code depends on besides the rule: Python, numba, this processor or the one in the wheel."""
    processor, features = cpu_target.target_context.codegen().magic_tuple(), binding.get_host_cpu_features()
    if portable and all(features.get(name) for name in PORTABLE_FEATURES):
        processor = (processor[0], PORTABLE_NAME, ",".join(f"+{name}" for name in PORTABLE_FEATURES))
    versions = (numba.__version__, sys.implementation.cache_tag, getattr(sys, "abiflags", ""), int(numba.config.OPT))
    return hashlib.sha256(repr((processor, versions)).encode()).hexdigest()[:8]


class RuleCache(NullCache):
    """The compile cache of one rule, as numba asks for it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name, self.source = function.__qualname__, ""  # no source: it cannot be known whether code is of today's
        with contextlib.suppress(OSError):
            if function.__closure__ is None:
                self.source = hashlib.sha256(Path(function.__code__.co_filename).read_bytes()).hexdigest()

    def files(self, signature: Any = None) -> Iterator[Path]:
        """Where code for these argument types is, or may be; for any types, a pattern."""
        types = "*" if signature is None else hashlib.sha256(f"{self.source}{signature}".encode()).hexdigest()[:12]
        for folder in folders() if self.source else ():
            yield folder / f"{self.name}-{machine(folder.parent == SHIPPED)}-{types}.rule"

    def is_filled(self) -> bool:
        """Whether there is code of this rule, for whichever argument types."""
        return any(any(file.parent.glob(file.name)) for file in self.files())

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Code for these argument types that is ready to run; None if there is none, or none that can be read."""
        for file in self.files(signature):
            with contextlib.suppress(Exception):
                content = file.read_bytes()
                if hashlib.sha256(content[DIGEST_BYTES:]).digest() == content[:DIGEST_BYTES]:
                    with undisturbed():  # LLVM calls back here, and a callback that is stopped gives it no code
                        return CompileResult._rebuild(target_context, *loads(content[DIGEST_BYTES:]))
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep code in the first folder that takes it. If none does, that is said once."""
        content, trouble = b"", "there is no folder for them"
        with contextlib.suppress(Exception):
            content = b"" if result.library.has_dynamic_globals else dumps(result._replace(type_annotation="")._reduce())
        for file in self.files(signature) if content else ():
            if file.parent.parent == SHIPPED:
                break
            try:
                write(file, hashlib.sha256(content).digest() + content)
            except OSError as error:
                trouble = f"{error.strerror or error}: {file.parent}"
            else:
                return
        if content and self.source:
            say_once(trouble)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


SAID: list[str] = []


def say_once(trouble: str) -> None:
    """Say on stderr, once and in the first process alone, that compiled rules are not kept."""
    if not SAID and multiprocessing.parent_process() is None:
        SAID.append(trouble)
        remark(
            "salesim: compiled rules cannot be kept (%s); the next command compiles them again. "
            "NUMBA_CACHE_DIR names another folder for them.",
            trouble,
        )
