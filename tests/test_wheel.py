"""The wheel has compiled rules where whoever builds it can compile them; it is built without them elsewhere."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from salesim.model import compile_cache

ROOT = Path(__file__).parents[1]
pytest.importorskip("hatchling")
sys.path.insert(0, str(ROOT))
import hatch_build  # noqa: E402


@pytest.fixture
def build(monkeypatch):
    """A function: what compiling does with the folder -> (what is added to the wheel, the variables, warnings)."""

    hooks = []  # a hook's folder is there as long as the hook

    def make(compile_rules, version="standard"):
        seen, warnings, added = {}, [], {"force_include": {}}

        def run(_command, env, **_):
            seen.update(env)
            return SimpleNamespace(returncode=compile_rules(Path(env["NUMBA_CACHE_DIR"])))

        monkeypatch.setattr(hatch_build.subprocess, "run", run)
        app = SimpleNamespace(display_warning=warnings.append)
        hook = hatch_build.CompiledRules(str(ROOT), {}, None, None, "", "wheel", app)
        hooks.append(hook)
        hook.initialize(version, added)
        return added["force_include"], seen, warnings

    return make


def one_rule(folder):
    (folder / "salesim" / "rules-1").mkdir(parents=True)
    (folder / "salesim" / "rules-1" / "mix-2-3.rule").write_bytes(b"code")
    return 0


def test_compiled_rules_lie_in_the_wheel_where_the_cache_looks_for_them(build):
    added, _, _ = build(one_rule)
    shipped = compile_cache.SHIPPED.relative_to(compile_cache.PACKAGE.parent)
    assert list(added.values()) == [f"{shipped}/rules-1/mix-2-3.rule"]
    assert all(Path(file).is_file() for file in added)


def test_the_wheel_is_for_the_processor_that_the_cache_asks_about(build):
    _, variables, _ = build(one_rule)
    assert variables["NUMBA_CPU_NAME"] == compile_cache.PORTABLE_NAME
    assert variables["NUMBA_CPU_FEATURES"] == ",".join(f"+{name}" for name in compile_cache.PORTABLE_FEATURES)


def test_a_wheel_whose_rules_cannot_be_compiled_is_built_without_them(build):
    added, _, warnings = build(lambda _: 1)
    assert not added
    assert "no compiled rules" in warnings[0]


def test_an_editable_install_compiles_nothing(build):
    assert build(one_rule, "editable") == ({}, {}, [])


def test_without_numba_the_wheel_is_built_without_rules(build, monkeypatch):
    monkeypatch.setattr(hatch_build, "find_spec", lambda _: None)
    assert build(one_rule) == ({}, {}, [])
