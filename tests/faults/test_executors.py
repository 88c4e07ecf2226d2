"""Threads, processes and Dask, with 1, 2 and 4 workers: the same tables to the byte, of a study and of a sweep."""

from pathlib import Path

import pytest
from distributed import Client

from salesim.cli import main
from tests.faults.cluster import cluster

COUNTS = (1, 2, 4)
SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=104", "contest=alone", "seeds=4", "name=mine")
COMMANDS = {
    "run": ("run", *SMALL),
    "sweep": (
        "sweep",
        *SMALL,
        "strategy=pitch,diagnostic",
        "market.customers.complexity_a=interval(1,4)",
        "design=sobol",
        "points=4",
    ),
}


@pytest.fixture(scope="module")
def one_thread(tmp_path_factory):
    """The tables that each command leaves with one thread."""
    files_of = {command: tables(command, tmp_path_factory.mktemp("one_thread"), "workers=1") for command in COMMANDS}
    assert {command: len(files) for command, files in files_of.items()} == {"run": 32, "sweep": 12}
    return files_of


def tables(command: str, folder: Path, *settings: str) -> dict[str, bytes]:
    """Every table that a command leaves, as Parquet and CSV."""
    assert main([*COMMANDS[command], *settings, f"folder={folder}"]) == 0
    return {path.name: path.read_bytes() for path in sorted((folder / "mine").iterdir()) if path.suffix in (".parquet", ".csv")}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("kind", "count"), [("threads", 2), ("threads", 4), *(("processes", count) for count in COUNTS)])
def test_the_executor_changes_no_byte_of_any_table(one_thread, tmp_path, command, kind, count):
    assert tables(command, tmp_path, f"executor={kind}", f"workers={count}") == one_thread[command]


def test_a_cluster_of_any_size_changes_no_byte_of_any_table(one_thread, tmp_path):
    """Four workers, of which two and then three are retired."""
    with cluster(tmp_path, max(COUNTS)) as address, Client(address) as client:
        for count in sorted(COUNTS, reverse=True):
            workers = list(client.scheduler_info(n_workers=-1)["workers"])
            client.retire_workers(workers[count:], close_workers=True)
            assert len(client.scheduler_info(n_workers=-1)["workers"]) == count
            for command, expected in one_thread.items():
                folder = tmp_path / f"{command} {count}"
                assert tables(command, folder, "executor=dask", f"executor.address={address}") == expected
