"""A real Dask cluster on this machine: a scheduler and worker processes under nannies, on loopback."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread; all of it is ended afterwards."""
    known = folder / "scheduler.json"
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        output = (folder / "cluster.txt").open("ab")
        started.append(
            subprocess.Popen([sys.executable, "-m", *words], env=environment, stdout=output, stderr=output, cwd=folder)
        )
        output.close()

    try:
        start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(known),
        )
        waited(known.is_file, folder)
        address = json.loads(known.read_text())["address"]
        if workers:
            options = ("--nthreads", "1", "--nworkers", str(workers), "--no-dashboard", "--host", "127.0.0.1")
            start("distributed.cli.dask_worker", address, *options)
            waited(lambda: (folder / "cluster.txt").read_text().count("Registered to:") >= workers, folder)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
            process.kill()


def waited(ready, folder: Path) -> None:
    """Wait until something is so; if it never is, show the output of the cluster."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    output = folder / "cluster.txt"
    raise AssertionError(output.read_text() if output.exists() else "the cluster wrote nothing")
