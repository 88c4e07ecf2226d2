"""How rules are compiled: a rule that a rule calls is only translated; machine code is made once, for the rule Python calls.

numba makes machine code of every function, and optimizes it anew in every caller above it: with 160 rules, that was half of
a first run (docs/decisions/0017-rules-linked-once.md). `Inner` and `Entry` are its compiler with other libraries of code. They use
parts that numba does not promise to keep; where one is missing, the library is numba's own, and only compiling takes longer.
"""

from collections.abc import Iterator
from typing import Any

from llvmlite import binding
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.environment import lookup_environment

ENVIRONMENT = "_ZN08NumbaEnv"  # begins the name of a variable that holds the Python side of a function, for its exceptions
NEEDED = (
    *("_codegen", "_final_module", "_finalize_specific", "_finalized", "_get_compiled_object", "_linking_libraries", "_name"),
    *("_optimize_final_module", "_optimize_functions", "_reload_init", "_shared_module", "get_defined_functions"),
)


class NoMachine:
    """In place of the generator of machine code, where none is generated."""

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing is in memory yet that could hold the Python side of a function; `EntryCode` sets it for all of them."""


class InnerCode(JITCodeLibrary):
    """A translated rule, neither optimized nor turned into machine code, and what it calls."""

    codegen = NoMachine()

    def add_llvm_module(self, ll_module: Any) -> None:
        """Take in translated code as it is: it is optimized when all is there."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Make the code ready to be linked into that of an entry."""
        for function in self.get_defined_functions():
            function.linkage = "external"
        self._reload_init.update(*(library._reload_init for library in self._linking_libraries))
        self._shared_module, self._finalized = self._final_module, True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002
        """No function is in memory."""
        return 0

    def parts(self) -> Iterator[Any]:
        """This code and all that it calls, at any depth; some of it may come twice."""
        yield self
        for library in self._linking_libraries:
            yield from parts_of(library)


def parts_of(library: Any) -> Iterator[Any]:
    """The libraries that a library stands for: numba's own contain what they call."""
    yield from library.parts() if isinstance(library, InnerCode) else (library,)


class EntryCode(JITCodeLibrary):
    """The machine code of a rule that Python calls, and of all that it calls."""

    add_llvm_module = InnerCode.add_llvm_module

    def add_linking_library(self, library: Any) -> None:
        """Take in a function that is called, and all that it calls."""
        for part in parts_of(library):
            super().add_linking_library(part)

    def finalize(self) -> None:
        """Link, optimize, and make machine code. LLVM drops what nothing calls so far: numba's own come after rules."""
        self.own = [function.name for function in self.get_defined_functions()]
        self.sides = [variable.name for variable in self._final_module.global_variables]
        self._linking_libraries.sort(key=lambda library: not isinstance(library, InnerCode))
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self.get_defined_functions():
            if function.name not in self.own:
                function.linkage = "internal"
        for variable in self._final_module.global_variables:
            if variable.name.startswith(ENVIRONMENT) and variable.name not in self.sides:
                variable.linkage = (
                    "linkonce_odr"  # dropped where nothing reads it, which is everywhere in rules that raise nothing
                )
        self._optimize_functions(self._final_module)
        super()._optimize_final_module()

    def _finalize_specific(self) -> None:
        super()._finalize_specific()
        for name in (variable.name for variable in self._final_module.global_variables):
            environment = lookup_environment(name)
            if environment is not None:
                self._codegen.set_env(name, environment)

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """The machine code and the names of its functions, without the translated code: nothing is linked with an entry."""
        stub = "\n".join(f'define void @"{name}"() {{ ret void }}' for name in self.own)
        return self._name, "object", (self._get_compiled_object(), binding.parse_assembly(stub).as_bitcode())


class Inner(Compiler):
    """Compiles a rule for rules that call it."""

    code: type[JITCodeLibrary] = InnerCode

    def define_pipelines(self) -> Any:
        """The steps of numba, with our library of code if numba still has the parts it needs."""
        library = self.code(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        if all(hasattr(library, name) for name in NEEDED):
            library.enable_object_caching()
            self.state.library = library
        return super().define_pipelines()


class Entry(Inner):
    """Compiles a rule for Python."""

    code = EntryCode
