"""Rules are linked once, and are called like any function: from Python, from a rule, and from a function of numba's own."""

import gc
import pickle
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest
from numba import typeof
from numba.core.codegen import JITCodeLibrary

from salesim.model import linking
from salesim.model.jit import Rule, plain, rule
from salesim.model.phases.needs import find_needs
from salesim.model.rng import uniform_for
from salesim.model.state import initialize


@rule
def halved(x):
    return min(x, 1e9) / 2.0


@rule
def quartered(x):
    return halved(halved(x))


@rule
def summed(x):
    return quartered(x) + halved(x)


@rule
def doubled(x):
    return x + x


@rule
def doubled_thrice(x):
    return doubled(x) + doubled(np.int32(x)) + doubled(2)


def anew(function=summed):
    """The rules as a new process has them, without a compile cache."""
    for each in (halved, quartered, summed):
        each.made.clear()
    return function


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.setattr("salesim.model.compile_cache.folders", tuple)


def library_of(function, compiler):
    (compiled,) = function.made[compiler].overloads.values()
    return compiled.library


def test_a_rule_that_a_rule_calls_has_no_machine_code_of_its_own():
    assert anew()(8.0) == 6.0
    assert list(quartered.made) == list(halved.made) == ["Inner"]
    assert library_of(quartered, "Inner").get_pointer_to_function("any") == 0
    assert "halved" not in "".join(function.name for function in library_of(summed, "Entry").get_defined_functions())


def test_a_rule_that_was_linked_can_be_called_from_python_afterwards():
    anew()(8.0)
    assert (quartered(8.0), halved(8.0)) == (2.0, 4.0)


def test_a_function_compiled_by_numba_itself_can_call_rules():
    function = anew()
    assert numba.njit(lambda x: function(x) + halved(x))(8.0) == 10.0


@pytest.mark.parametrize("gone", linking.NEEDED)
def test_without_a_part_of_numba_rules_are_compiled_as_numba_does(gone, monkeypatch):
    monkeypatch.setattr(linking, "hasattr", lambda _, name: name != gone, raising=False)
    assert anew()(8.0) == 6.0
    assert type(library_of(summed, "Entry")) is type(library_of(quartered, "Inner")) is JITCodeLibrary


def test_a_rule_is_compiled_once_for_constants_and_all_kinds_of_whole_numbers():
    doubled.made.clear()
    doubled_thrice.made.clear()
    assert doubled_thrice(2**30) == 2 * (2**30 + 2**30 + 2)
    assert len(doubled.made["Inner"].overloads) == 1


def test_names_of_machine_code_do_not_list_the_fields_of_the_market(scenario):
    assert typeof(initialize(scenario(), 1)).mangling_args == ("Market", ())


def test_garbage_is_looked_for_as_before_once_a_rule_is_compiled():
    usual = gc.get_threshold()
    anew()(8.0)
    assert gc.get_threshold() == usual


def test_threads_that_compile_the_same_rule_at_once_get_the_same_code():
    function = anew()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(function, [8.0] * 16)) == [6.0] * 16
    assert len(function.made["Entry"].overloads) == 1


def test_a_rule_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(uniform_for)) is uniform_for  # noqa: S301


def test_a_rule_keeps_its_name_docstring_and_python_function():
    assert isinstance(find_needs, Rule)
    assert (find_needs.__name__, find_needs.__module__) == ("find_needs", "salesim.model.phases.needs")
    assert find_needs.__doc__ == plain(find_needs).__doc__
