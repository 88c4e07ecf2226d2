"""How rules are compiled: a rule that a rule calls is only translated; machine code is made once, for the rule Python calls.

numba makes machine code of every function, and optimizes it anew in every caller above it: with 160 rules, that was half of
a first run (docs/decisions/0018-rules-linked-once.md). `Inner` and `Entry` are its compiler with other libraries of code. They
use parts that numba does not promise to keep; where one is missing, the library is numba's own, and only compiling is slower.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeVar

from llvmlite import binding
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.environment import lookup_environment
from numba.extending import models, register_model, typeof_impl

from salesim.model.signals import undisturbed

SIDE = "_ZN08NumbaEnv"  # begins the name of a variable that holds the Python side of a function, for its exceptions
NEEDED = (
    *("_codegen", "_final_module", "_finalize_specific", "_finalized", "_get_compiled_object", "_get_module_for_linking"),
    *("_linking_libraries", "_name", "_optimize_final_module", "_optimize_functions", "_reload_init", "get_defined_functions"),
)
# Steps of numba that change nothing in rules, which have no closures, `with`, literal lists or dead branches.
SPARED = frozenset(
    (
        *("WithLifting", "InlineClosureLikes", "MakeFunctionToJitFunction", "InlineInlinables", "InlineOverloads"),
        *("RewriteSemanticConstants", "DeadBranchPrune", "NopythonRewrites", "FindLiterallyCalls", "LiteralUnroll"),
        *("LiteralPropagationSubPipelinePass", "NoPythonSupportedFeatureValidation", "DumpParforDiagnostics"),
    )
)
Class = TypeVar("Class", bound=type)


class ShortNamed(types.NamedTuple):  # type: ignore[name-defined]
    """numba's type of a named tuple; in the names of machine code, only its own name stands for it."""

    @property
    def mangling_args(self) -> tuple[str, tuple[()]]:
        """Name and parameters."""
        return self.instance_class.__name__, ()


register_model(ShortNamed)(models.TupleModel)


def short_named(named_tuple: Class) -> Class:
    """Decorate a class of named tuples: else the types of all its fields are in the names of all rules that get one."""

    @typeof_impl.register(named_tuple)  # type: ignore[untyped-decorator]
    def typeof(value: Any, context: Any) -> ShortNamed:
        return ShortNamed([typeof_impl(each, context) for each in value], named_tuple)

    return named_tuple


class InnerCode(JITCodeLibrary):
    """A translated rule, neither optimized nor turned into machine code, and what it calls."""

    codegen = SimpleNamespace(set_env=lambda *_: None)  # nothing is in memory that could hold a Python side; see `EntryCode`

    def add_llvm_module(self, ll_module: Any) -> None:
        """Take in translated code as it is: it is optimized when all is there."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Make the code ready to be linked into that of an entry."""
        for function in self.get_defined_functions():
            function.linkage = "external"
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002
        """No function is in memory."""
        return 0

    def _get_module_for_linking(self) -> Any:
        """This code with all that it calls, as a function needs it that numba's own `njit` compiles."""
        module = self._final_module.clone()
        link(module, self._linking_libraries)
        for function in module.functions:
            if not function.is_declaration:
                function.linkage = "linkonce_odr"
        return module


class EntryCode(JITCodeLibrary):
    """The machine code of a rule that Python calls, and of all that it calls."""

    add_llvm_module = InnerCode.add_llvm_module

    def finalize(self) -> None:
        """Link all code, optimize it, and make machine code. A rule's Python side is dropped unless the rule can raise."""
        own = {named.name for kind in (self._final_module.functions, self._final_module.global_variables) for named in kind}
        self.names = [function.name for function in self.get_defined_functions()]
        for library in link(self._final_module, self._linking_libraries):
            self._reload_init.update(library._reload_init)
        self._linking_libraries.clear()
        for function in self.get_defined_functions():
            if function.name not in self.names:
                function.linkage = "internal"
        for variable in self._final_module.global_variables:
            if variable.name.startswith(SIDE) and variable.name not in own:
                variable.linkage = "linkonce_odr"
        self._optimize_functions(self._final_module)
        super().finalize()

    def _finalize_specific(self) -> None:
        with undisturbed():  # LLVM calls back here, and Python drops what a callback raises
            super()._finalize_specific()
        for name in (variable.name for variable in self._final_module.global_variables):
            environment = lookup_environment(name)
            if environment is not None:
                self._codegen.set_env(name, environment)

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """The machine code and the names of its functions, without the translated code: nothing is linked with an entry."""
        stub = "\n".join(f'define void @"{name}"() {{ ret void }}' for name in self.names)
        return self._name, "object", (self._get_compiled_object(), binding.parse_assembly(stub).as_bitcode())


def link(module: Any, libraries: Iterable[Any]) -> list[Any]:
    """Link libraries into a module, and all that they call at any depth; numba's own contain what they call. Returns them.

    numba's own come last, because LLVM leaves out those of their functions that nothing calls so far.
    """
    waiting, all_of_them = list(libraries), dict[Any, None]()
    while waiting:
        library = waiting.pop()
        if library not in all_of_them:
            all_of_them[library] = None
            waiting += library._linking_libraries if isinstance(library, InnerCode) else ()
    ordered = sorted(all_of_them, key=lambda library: not isinstance(library, InnerCode))
    for library in ordered:
        code = library._final_module if isinstance(library, InnerCode) else library._get_module_for_linking()
        module.link_in(code, preserve=True)
    return ordered


def wide(kind: Any) -> Any:
    """The type of an argument of an inner rule: 64 bits for a whole number, and no rule of its own for each constant."""
    kind = types.unliteral(kind)  # type: ignore[attr-defined]
    return types.int64 if isinstance(kind, types.IntEnumMember) or kind in types.signed_domain else kind


@contextmanager
def rare_collections() -> Iterator[None]:
    """Python looks for garbage after every 100,000 new objects, and only among these."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 100_000) if usual[0] else 0, 1_000, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Inner(Compiler):
    """Compiles a rule for rules that call it."""

    code: type[JITCodeLibrary] = InnerCode

    def define_pipelines(self) -> Any:
        """The steps of numba, with our library of code if numba still has the parts it needs."""
        library = self.code(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        if all(hasattr(library, name) for name in NEEDED):
            library.enable_object_caching()
            self.state.library = library
        pipelines = super().define_pipelines()
        for pipeline in pipelines:
            pipeline.passes = [step for step in pipeline.passes if step[0].__name__ not in SPARED]
        return pipelines

    def compile_extra(self, func: Any) -> Any:
        """Compile, while memory is seldom searched for garbage: a tenth of the time otherwise."""
        with rare_collections():
            return super().compile_extra(func)


class Entry(Inner):
    """Compiles a rule for Python."""

    code = EntryCode
