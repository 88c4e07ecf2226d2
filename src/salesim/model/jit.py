"""The `@rule` decorator: rules are Python, compiled by numba at the first call and kept in a compile cache."""

import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from salesim.model.compile_cache import RuleCache  # isort: split

import numba

from salesim.model import linking

Function = TypeVar("Function", bound=Callable[..., Any])

# A rule gets its arrays from its caller and allocates none (`_nrt`: numba counts no references to them), and is inlined into
# its caller: with the market's two dozen arrays, counting and passing them costs more than most rules
# (docs/decisions/0013-how-the-weeks-became-fast.md).
OPTIONS = {"nogil": True, "error_model": "numpy", "forceinline": True, "no_cfunc_wrapper": True, "_nrt": False}
MAKING = threading.RLock()

if numba.config.DISABLE_JIT:
    np.seterr(over="ignore")  # counter-based random numbers multiply 64-bit integers that are meant to wrap around


class Rule:
    """A rule. Called from Python it has machine code of its own; rules that call it get its code to be linked with theirs."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func, self.made = function, dict[str, Any]()

    def dispatcher(self, compiler: type, **options: Any) -> Any:
        """The dispatcher of numba with one of our compilers; most rules never need both."""
        with MAKING:
            if compiler.__name__ not in self.made:
                made = numba.njit(pipeline_class=compiler, **OPTIONS, **options)(self.py_func)
                if compiler is linking.Entry:
                    made._cache = RuleCache(self.py_func)
                else:
                    made.get_call_template = functools.partial(widened, made.get_call_template)
                self.made[compiler.__name__] = made
            return self.made[compiler.__name__]

    def __call__(self, *arguments: Any) -> Any:
        """Run the machine code for arguments of these types."""
        return self.dispatcher(linking.Entry)(*arguments)

    @property
    def _numba_type_(self) -> Any:
        """What numba's compiler takes a rule for when another rule calls it."""
        return self.dispatcher(linking.Inner, no_cpython_wrapper=True)._numba_type_

    def __reduce__(self) -> str:
        return self.py_func.__qualname__


def widened(template: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """What numba finds for a call from another rule, which is compiled once for all constants and kinds of whole numbers."""
    return template(tuple(map(linking.wide, arguments)), {name: linking.wide(kind) for name, kind in keywords.items()})


def rule(function: Function) -> Function:
    """Compile `function` to machine code at its first call; plain Python when NUMBA_DISABLE_JIT=1."""
    return function if numba.config.DISABLE_JIT else cast(Function, Rule(function))


# For sums over the records: like a rule, but no part of the model, and it may not call rules of other files. The compile cache
# knows its own file and `COMPILED_IN`, as for rules.
compiled = rule


def plain(function: Function) -> Function:
    """The Python function of a rule: for whole arrays, where its arithmetic allows them, and for its source."""
    python: Function = getattr(function, "py_func", function)
    return python


def is_compiled(function: Callable[..., Any]) -> bool:
    """Whether this process or the compile cache has this rule; if not, its first call compiles it and all that it calls."""
    return not isinstance(function, Rule) or linking.Entry.__name__ in function.made or RuleCache(function.py_func).is_filled()
