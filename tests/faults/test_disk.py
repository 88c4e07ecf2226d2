"""Disks that are full or read-only, and shards that are not what was written."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from salesim.cli import main
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.runs import files, runner
from salesim.runs.folder import open_folder
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore
from salesim.runs.summary import measures_text
from tests.faults.summaries import quick

ROOT = Path(__file__).parents[2]
WANTED = {("k", seed): default_scenario(weeks=52) for seed in range(40)}
SWEEP = (
    *("sweep", "market.commoditization.pressure_per_week=0,0.001", "experiment=null", "market.customers.count=40", "seeds=30"),
    *("market.selling.salespeople=2", "weeks=52", "name=small", "workers=1"),
)


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    monkeypatch.setattr(runner, "SHARD_RUNS", 5)


def test_a_full_disk_ends_in_a_message_and_keeps_what_is_finished(tmp_path, monkeypatch):
    sync, synced = os.fsync, []

    def full(descriptor):
        synced.append(descriptor)
        if len(synced) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InputError, match=r"cannot be written: No space left on device; finished runs are kept"):
        run_missing(WANTED, RunStore(tmp_path), 2, summarize=quick)
    assert len(RunStore(tmp_path).index) == 15
    assert list(tmp_path.glob("*.tmp")) == []
    monkeypatch.undo()
    store = RunStore(tmp_path)
    assert run_missing(WANTED, store, 2, summarize=quick) == {}
    assert len(store.index) == 40


def test_a_sweep_on_a_disk_that_takes_no_more_says_so_and_goes_on_when_there_is_room(tmp_path):
    """The limit of the system on the size of a file takes the shards, and refuses the first table that is longer."""
    measures_text(default_scenario(weeks=4), 0)  # compiles: the limit would refuse the files of the compile cache too
    words, limit = [*SWEEP, f"folder={tmp_path}"], 20_000
    script = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
    script += "from salesim.cli import main; sys.exit(main(sys.argv[2:]))"
    ended = subprocess.run([sys.executable, "-c", script, str(limit), *words], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "cannot be written: File too large" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert len(RunStore(tmp_path / "small" / "runs").index) == 60
    assert list(tmp_path.rglob("*.tmp")) == []
    assert not (tmp_path / "small" / "runs.csv").exists()
    assert main(words) == 0
    assert (tmp_path / "small" / "runs.csv").is_file()


@pytest.fixture
def nobody():
    """Nobody's rights, as root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_read_only_folder_is_refused_before_any_run(tmp_path, request):
    results = tmp_path / "results"
    results.mkdir(mode=0o555)
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o755)
    request.getfixturevalue("nobody")
    with (
        pytest.raises(InputError, match=r"results cannot be written to .*Permission denied.*study\.folder"),
        open_folder(results / "study"),
    ):
        raise AssertionError("it was opened")


def test_a_folder_that_becomes_read_only_ends_in_a_message_and_keeps_what_is_finished(tmp_path, request):
    store = RunStore(tmp_path / "runs")
    run_missing({key: WANTED[key] for key in list(WANTED)[:10]}, store, 1, summarize=quick)
    (tmp_path / "runs").chmod(0o555)
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o755)
    request.getfixturevalue("nobody")
    with pytest.raises(InputError, match=r"cannot be written: Permission denied; finished runs are kept"):
        run_missing(WANTED, store, 1, summarize=quick)
    assert len(RunStore(tmp_path / "runs").index) == 10


@pytest.mark.parametrize("damage", ["cut", "one bit", "empty", "other name"])
def test_a_damaged_shard_is_found_named_and_done_again(tmp_path, damage):
    run_missing(WANTED, RunStore(tmp_path), 2, summarize=quick)
    whole = {key: dict(found) for key, found in RunStore(tmp_path).index.items()}
    shard = sorted(tmp_path.glob("*.parquet"))[2]
    content = shard.read_bytes()
    middle = len(content) // 2
    changed = {
        "cut": content[:-100],
        "one bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "other name": content + b" ",
    }
    shard.write_bytes(changed[damage])
    store = RunStore(tmp_path)
    assert store.damaged == [shard.name]
    assert len(store.index) == 35
    assert not shard.exists()
    run_missing(WANTED, store, 2, summarize=quick)
    assert dict(RunStore(tmp_path).index) == whole


def test_the_limit_of_the_system_is_not_left_on_this_process():
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
