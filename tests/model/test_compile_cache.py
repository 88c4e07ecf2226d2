"""The compile cache never stops a run: whatever is wrong with it, rules are compiled again."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from salesim.model import compile_cache
from salesim.model.compile_cache import RuleCache, folders
from salesim.model.jit import is_compiled, rule

DRAW = "from salesim.model.rng import uniforms\nprint(uniforms(1, 2, [3], 4))"


@rule
def doubled(x):
    return 2 * x


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A cache of its own, and a rule that nobody has compiled; as in a new process."""
    monkeypatch.setattr(compile_cache.numba.config, "CACHE_DIR", str(tmp_path / "asked"))
    monkeypatch.setattr(compile_cache.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    monkeypatch.setattr(compile_cache, "SAID", [])
    (tmp_path / "temporary").mkdir()
    folders.cache_clear()
    yield tmp_path
    folders.cache_clear()


def anew():
    """The rule as a new process has it."""
    return rule(doubled.py_func)


def kept(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def cache_hits(called):
    (dispatcher,) = called.made.values()
    return sum(dispatcher.stats.cache_hits.values())


def test_a_second_process_loads_what_the_first_compiled(own_folder):
    assert anew()(3) == 6
    second = anew()
    assert second(4) == 8
    assert cache_hits(second) == 1


def test_code_for_other_types_of_arguments_is_another_file(own_folder):
    first = anew()
    assert (first(3), first(3.5)) == (6, 7.0)
    assert len(kept(own_folder)) == 2


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda content: content[:-1], lambda content: content[:40], lambda _: b"\x80\x04N.", lambda c: c + b" "],
)
def test_a_damaged_file_is_compiled_and_written_anew(own_folder, damage):
    anew()(3)
    (file,) = kept(own_folder)
    content = file.read_bytes()
    file.write_bytes(damage(content))
    second = anew()
    assert (second(3), cache_hits(second)) == (6, 0)
    third = anew()
    assert (third(3), cache_hits(third)) == (6, 1)


def test_a_folder_in_place_of_a_file_costs_the_cache_alone(own_folder):
    anew()(3)
    (file,) = kept(own_folder)
    file.unlink()
    file.mkdir()
    assert anew()(3) == 6


def test_a_full_disk_is_said_once_and_the_run_goes_on(own_folder, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compile_cache, "write", full)
    with caplog.at_level(logging.WARNING):
        assert (anew()(3), anew()(4.0)) == (6, 8.0)
    (said,) = caplog.messages
    assert "No space left on device" in said
    assert "NUMBA_CACHE_DIR" in said


def test_a_library_that_cannot_read_or_write_code_stops_nothing(own_folder, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("numba is another one")

    anew()(3)
    monkeypatch.setattr(compile_cache, "loads", broken)
    monkeypatch.setattr(compile_cache, "dumps", broken)
    assert anew()(3) == 6


def test_an_interrupted_write_leaves_no_part_of_a_file(own_folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compile_cache.write(own_folder / "code.rule", b"code")
    assert not kept(own_folder)


def test_where_the_first_folder_cannot_be_written_the_temporary_one_serves(own_folder):
    (own_folder / "asked").write_text("a file")
    assert anew()(3) == 6
    second = anew()
    assert (second(3), cache_hits(second)) == (6, 1)
    assert {path.parts[-3] for path in kept(own_folder) if path.suffix == ".rule"} == {f"salesim-{os.getuid()}"}


def test_without_a_home_the_users_temporary_folder_serves(own_folder, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(compile_cache.numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    (only, _shipped) = folders()
    assert only.is_relative_to(own_folder / "temporary" / f"salesim-{os.getuid()}")


def test_a_temporary_folder_that_others_can_write_is_not_trusted(own_folder):
    foreign = own_folder / "temporary" / f"salesim-{os.getuid()}"
    foreign.mkdir()
    foreign.chmod(0o777)
    assert len(folders()) == 1
    folders.cache_clear()
    foreign.chmod(0o700)
    assert len(folders()) == 2


def test_a_link_in_place_of_the_temporary_folder_is_not_trusted(own_folder):
    (own_folder / "elsewhere").mkdir()
    (own_folder / "temporary" / f"salesim-{os.getuid()}").symlink_to(own_folder / "elsewhere")
    assert len(folders()) == 1


def test_the_temporary_folder_is_the_users_alone(own_folder):
    folders()
    made = own_folder / "temporary" / f"salesim-{os.getuid()}"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_code_that_came_with_the_package_is_used_where_nothing_else_is(own_folder, monkeypatch):
    anew()(3)
    (file,) = kept(own_folder)
    monkeypatch.setattr(compile_cache, "SHIPPED", file.parents[1])
    monkeypatch.setattr(compile_cache, "machine", {False: "other", True: file.name.split("-")[1]}.__getitem__)
    monkeypatch.setattr(compile_cache.numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(own_folder / "home"))
    folders.cache_clear()
    second = anew()
    assert (second(3), cache_hits(second)) == (6, 1)


def test_code_that_came_with_the_package_is_of_these_sources(own_folder, monkeypatch):
    monkeypatch.setattr(compile_cache.numba.config, "CACHE_DIR", "")
    assert folders()[-1] == compile_cache.SHIPPED / f"rules-{compile_cache.source_digest(compile_cache.PACKAGE)}"


def test_code_of_another_machine_is_compiled_anew(own_folder, monkeypatch):
    anew()(3)
    monkeypatch.setattr(compile_cache, "machine", lambda _: "other")
    second = anew()
    assert (second(3), cache_hits(second)) == (6, 0)


def test_the_wheel_is_for_another_machine_where_a_feature_is_missing(monkeypatch):
    compile_cache.machine.cache_clear()
    monkeypatch.setattr(compile_cache.binding, "get_host_cpu_features", lambda: {"avx2": True, "fma": False})
    assert compile_cache.machine(True) == compile_cache.machine(False)
    compile_cache.machine.cache_clear()


def test_a_rule_is_known_as_compiled_once_it_was_called(own_folder):
    called = anew()
    assert not is_compiled(called)
    called(3)
    assert is_compiled(called)
    assert is_compiled(anew())


def test_a_function_made_in_another_is_not_kept(own_folder):
    factor = 3

    @rule
    def scaled(x):
        return factor * x

    assert scaled(2) == 6
    assert not kept(own_folder)


def in_a_new_process(code, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")} | variables
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("NUMBA_NUM_THREADS", "0"), ("NUMBA_NUM_THREADS", "abc"), ("NUMBA_NUM_THREADS", "-1"), ("NUMBA_OPT", "abc")],
)
def test_a_setting_that_numba_cannot_read_counts_as_not_set_and_is_named(name, value):
    done = in_a_new_process("from salesim.model import jit", **{name: value, "PYTHONWARNINGS": "error"})
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"salesim: {name} is ")
    assert len(done.stderr.splitlines()) == 1


def test_a_cache_folder_that_cannot_be_written_stops_no_command(tmp_path):
    (tmp_path / "file").write_text("no folder")
    done = in_a_new_process(DRAW, NUMBA_CACHE_DIR=str(tmp_path / "file"), TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_without_any_temporary_folder_rules_are_compiled(own_folder, monkeypatch, caplog):
    def nowhere():
        raise FileNotFoundError(2, "No usable temporary directory found")

    (own_folder / "asked").write_text("a file")
    monkeypatch.setattr(compile_cache.tempfile, "gettempdir", nowhere)
    assert anew()(3) == 6
    assert len(caplog.messages) == 1


def test_the_name_of_a_file_depends_on_the_source_of_the_rule():
    cache = RuleCache(doubled.py_func)
    first = [file.name for file in cache.files("types")]
    cache.source = "changed"
    assert not set(first) & {file.name for file in cache.files("types")}
