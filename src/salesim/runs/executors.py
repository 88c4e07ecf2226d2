"""Who plays: threads or processes of this machine, or the workers of a Dask cluster, behind one small face.

A pool plays chunks of runs. What it gives back does not depend on who played it, so results are the same on all.
"""

import os
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from time import monotonic, perf_counter
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from salesim.config.errors import InputError
from salesim.config.workers import Workers
from salesim.model.parameters import Scenario
from salesim.runs.store import RunKey, model_version

Summarize = Callable[[Scenario, int], str]
PATIENCE_SECONDS = 60.0  # for a cluster that has lost all its workers
CONNECT_SECONDS = 10


class Task(NamedTuple):
    """A run to play; the seed is in the key."""

    key: RunKey
    scenario: Scenario


class Outcome(NamedTuple):
    """What came of a run: the text of what was found, or else the traceback of what went wrong."""

    key: RunKey
    found: str
    trace: str
    seconds: float


def version_here() -> str:
    """The version of the model where this is called."""
    return model_version()


class Attempt:
    """What is tried in its `with` may fail: then `trace` says how, and the rest goes on."""

    trace = ""

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        self.trace = "".join(traceback.format_exception(error))
        return True


def run_chunk(chunk: tuple[Task, ...], summarize: Summarize, version: str) -> list[Outcome]:
    """Play some runs one after the other, on whatever machine this is. Raises InputError if its salesim is another one."""
    if model_version() != version:
        raise InputError(f"a worker has another version of salesim ({model_version()}, here {version}); install the same there")
    outcomes = []
    for task in chunk:
        started, found = perf_counter(), ""
        with Attempt() as attempt:
            found = summarize(task.scenario, task.key[1])
        outcomes.append(Outcome(task.key, found, attempt.trace, perf_counter() - started))
    return outcomes


class Pool(Protocol):
    """What the loop needs of those who play."""

    width: int
    broken: tuple[type[BaseException], ...]  # what a chunk raises if its worker died

    def submit(self, chunk: tuple[Task, ...]) -> "Future[list[Outcome]]":
        """Have a chunk played."""

    def renew(self) -> None:
        """Go on after a worker died."""

    def check(self) -> None:
        """Raise InputError if nothing can be expected of this pool any more."""

    def close(self) -> None:
        """Start nothing more."""


class Threads:
    """Threads of this process: compiled rules release the interpreter's lock. A run that kills its thread kills us all."""

    broken: tuple[type[BaseException], ...] = ()

    def __init__(self, workers: Workers, summarize: Summarize) -> None:
        self.width, self.summarize = workers.here, summarize
        self.pool: Executor = ThreadPoolExecutor(self.width)

    def submit(self, chunk: tuple[Task, ...]) -> "Future[list[Outcome]]":
        """Have a chunk played."""
        return self.pool.submit(run_chunk, chunk, self.summarize, model_version())

    def renew(self) -> None:
        """Threads do not die alone."""

    def check(self) -> None:
        """Threads can always be expected to go on."""

    def close(self) -> None:
        """Start nothing more."""
        self.pool.shutdown(wait=False, cancel_futures=True)


class Processes(Threads):
    """Processes of this machine. They import the rules once, ignore Ctrl-C, and end when the one that started them does."""

    broken: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, workers: Workers, summarize: Summarize) -> None:
        self.width, self.summarize = workers.here, summarize
        self.renew()

    def renew(self) -> None:
        """New processes in the place of those that died."""
        method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
        context = get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["salesim.runs.warm_up"])
        self.pool = ProcessPoolExecutor(self.width, mp_context=context, initializer=settle)


def settle() -> None:
    """Make a worker process one that leaves Ctrl-C to its parent and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=follow, args=(parent.sentinel,), daemon=True).start()


def follow(sentinel: int) -> None:
    """End with the process whose sentinel it is, at once: nobody is left to take the results."""
    connection.wait([sentinel])
    os._exit(1)


class Cluster:
    """The workers of a Dask cluster, which may come and go; Dask plays a dead worker's runs on another one."""

    def __init__(self, workers: Workers, summarize: Summarize) -> None:
        distributed = dask_distributed()
        self.summarize, self.address = summarize, workers.address
        self.broken: tuple[type[BaseException], ...] = (distributed.scheduler.KilledWorker,)
        try:
            self.client = distributed.Client(workers.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(f"there is no Dask scheduler at {workers.address}: {error}; start `dask scheduler`") from error
        self.executor = self.client.get_executor(pure=False)
        self.alone_since = monotonic()
        self.width = max(1, sum(self.threads()))
        self.check_versions()

    def threads(self) -> list[int]:
        """How many threads each worker has."""
        return [int(worker["nthreads"]) for worker in self.client.scheduler_info(n_workers=-1)["workers"].values()]

    def check_versions(self) -> None:
        """Refuse a cluster without workers, or with another version of salesim."""
        if not self.threads():
            self.client.close()
            raise InputError(f"the Dask scheduler at {self.address} has no workers; start `dask worker {self.address}`")
        found: dict[str, Any] = self.client.run(version_here, on_error="return")
        for place, version in found.items():
            if version != model_version():
                self.client.close()
                raise InputError(
                    f"the worker {place} has another salesim than here, or none ({version}); install the same there"
                )

    def submit(self, chunk: tuple[Task, ...]) -> "Future[list[Outcome]]":
        """Have a chunk played."""
        future: Future[list[Outcome]] = self.executor.submit(run_chunk, chunk, self.summarize, model_version())
        return future

    def renew(self) -> None:
        """Dask starts new workers itself."""

    def check(self) -> None:
        """Raise InputError if the scheduler is gone, or has had no workers for a while."""
        if self.client.status != "running":
            raise InputError(f"the Dask scheduler at {self.address} is gone; finished runs are kept: the same command goes on")
        if self.threads():
            self.alone_since = monotonic()
        elif monotonic() - self.alone_since > PATIENCE_SECONDS:
            raise InputError(
                f"the Dask scheduler at {self.address} has lost all its workers; finished runs are kept: start workers and "
                "give the same command again"
            )

    def close(self) -> None:
        """Start nothing more, and leave the cluster."""
        self.executor.shutdown(wait=False)
        self.client.close()


def dask_distributed() -> Any:
    """The package that speaks to a cluster. Raises InputError if it is not installed."""
    try:
        import distributed
    except ImportError as error:
        raise InputError("executor=dask needs the package distributed; install salesim[cluster]") from error
    return distributed


POOLS: dict[str, Callable[[Workers, Summarize], Pool]] = {"threads": Threads, "processes": Processes, "dask": Cluster}
