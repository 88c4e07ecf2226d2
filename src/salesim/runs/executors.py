"""Where runs are executed: threads or processes of this machine, or the workers of a Dask cluster, behind one interface.

An executor takes chunks of runs. What it returns does not depend on its kind, so results are the same on all of them.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, forkserver, get_all_start_methods, get_context, parent_process, resource_tracker
from time import monotonic, perf_counter
from typing import NamedTuple

from salesim.config.errors import InputError
from salesim.config.own_measures import OwnFile, adopt, adopted
from salesim.config.study import Workers
from salesim.model.parameters import Scenario
from salesim.model.signals import undisturbed
from salesim.runs.store import RunKey, model_version

Summarize = Callable[[Scenario, int], str]  # scenario, seed -> the text that a store keeps
PATIENCE_SECONDS = 60.0  # with a cluster that has lost all its workers
CONNECT_SECONDS = 10


class Task(NamedTuple):
    """A run to execute; the seed is in the key."""

    key: RunKey
    scenario: Scenario


class Outcome(NamedTuple):
    """The text of a finished run, or else the traceback of a failed one; and the seconds it took."""

    key: RunKey
    text: str
    traceback: str
    seconds: float


def attempt(task: Task, summarize: Summarize) -> Outcome:
    """Execute one run; an error in it becomes the traceback of its outcome, and the program goes on."""
    started, text, trouble = perf_counter(), "", ""
    try:
        text = summarize(task.scenario, task.key[1])
    except BaseException as error:
        if isinstance(error, MemoryError):
            raise MemoryError from error  # of this machine and no fault of the run; numpy's own kind says no more
        if isinstance(error, InputError) or not isinstance(error, Exception):
            raise  # a measure of the user's own that fails, or an interruption
        trouble = traceback.format_exc()
    return Outcome(task.key, text, trouble, perf_counter() - started)


def run_chunk(chunk: tuple[Task, ...], summarize: Summarize, version: str, own: OwnFile) -> list[Outcome]:
    """Execute some runs one after the other, on whatever machine this is, with the user's own measures.

    Raises InputError if its salesim is another one, or if a measure fails.
    """
    if version_here(own) != version:
        raise InputError(
            f"a worker has another version of salesim ({model_version()}, here {version}); install the same version there"
        )
    return [attempt(task, summarize) for task in chunk]


class RunExecutor:
    """Executes chunks of runs on `n_workers` workers at a time. `worker_died` is what a chunk raises if its worker died."""

    worker_died: tuple[type[BaseException], ...] = ()
    executor: Executor

    def __init__(self, workers: Workers, summarize: Summarize) -> None:
        self.n_workers, self.summarize = workers.here, summarize
        self.start()

    def start(self) -> None:
        """Start the workers; again after one died, which ends all workers of this machine."""
        raise NotImplementedError

    def submit(self, chunk: tuple[Task, ...]) -> "Future[list[Outcome]]":
        """Have a chunk executed."""
        version, own = model_version(), adopted()
        with undisturbed():  # workers start here, and a pool that was stopped while they do would wait for ever
            return self.executor.submit(run_chunk, chunk, self.summarize, version, own)

    def check_alive(self) -> None:
        """Raise InputError if nothing can be expected of the workers any more; those of this machine always go on."""

    def close(self) -> None:
        """Start nothing more."""
        self.executor.shutdown(wait=False, cancel_futures=True)


class ThreadExecutor(RunExecutor):
    """Threads of this process: compiled rules release the interpreter's lock. A run that kills its thread ends the program."""

    def start(self) -> None:
        """Start the threads."""
        self.executor = ThreadPoolExecutor(self.n_workers)


class ProcessExecutor(RunExecutor):
    """Processes of this machine. They import the rules once, ignore Ctrl-C, and end when the process that started them does."""

    worker_died = (BrokenProcessPool,)

    def start(self) -> None:
        """Start processes; where the system can fork, they are forked from one that has run the rules already."""
        method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
        context = get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["salesim.runs.warm_up"])
            resource_tracker.ensure_running()  # which unblocks signals when it starts
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C would meet the imports
            try:
                with silent_errors():  # what goes wrong in a worker comes back as a result
                    forkserver.ensure_running()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.executor = ProcessPoolExecutor(self.n_workers, mp_context=context, initializer=follow_parent)


@contextmanager
def silent_errors() -> Iterator[None]:
    """Processes that are started meanwhile print no errors: one that starts as its command ends would complain about that."""
    nowhere, kept = os.open(os.devnull, os.O_WRONLY), os.dup(2)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def follow_parent() -> None:
    """Make this worker process leave Ctrl-C to its parent, and end when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def exit_with_parent() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
            os._exit(1)  # at once: nobody is left to take results

    threading.Thread(target=exit_with_parent, daemon=True).start()


class DaskExecutor(RunExecutor):
    """The workers of a Dask cluster, which may come and go; Dask gives a dead worker's runs to another one."""

    def __init__(self, workers: Workers, summarize: Summarize) -> None:
        try:
            import distributed
        except ImportError as error:
            raise InputError("executor=dask needs distributed; `pip install 'salesim[cluster]'` brings it") from error
        self.summarize, self.address = summarize, workers.address
        self.worker_died = (distributed.scheduler.KilledWorker,)
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # this class says itself what went wrong
        try:
            with ThreadPoolExecutor(1) as aside:  # as this thread may have an event loop of its own
                aside.submit(asyncio.run, asyncio.wait_for(reached(workers.address), CONNECT_SECONDS)).result()
            self.client = distributed.Client(workers.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"there is no Dask scheduler at {workers.address}, or it does not answer; start `dask scheduler` and set "
                "executor.address to the address that it prints (tls:// needs certificates in Dask's settings)"
            ) from error
        self.start()
        self.last_seen, self.n_workers = monotonic(), max(1, self.n_threads())
        self.check_workers()

    def start(self) -> None:
        """Begin to give runs to the cluster, which starts its workers itself."""
        self.executor = self.client.get_executor(pure=False)

    def n_threads(self) -> int:
        """How many threads all workers have."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return sum(int(worker["nthreads"]) for worker in workers)

    def check_workers(self) -> None:
        """Refuse a cluster without workers, or with another version of salesim."""
        trouble, versions = "", self.client.run(version_here, adopted(), on_error="return")
        if not versions:
            trouble = f"the Dask scheduler at {self.address} has no workers; start `dask worker {self.address}`"
        for place, version in versions.items():
            if version != model_version():
                trouble = (
                    f"the worker {place} has another version of salesim, or none ({version}, here {model_version()}); "
                    "install the same version there"
                )
        if trouble:
            self.client.close()
            raise InputError(trouble)

    def check_alive(self) -> None:
        """Raise InputError if the scheduler is gone, or has had no workers for a while."""
        trouble = ""
        if self.client.status != "running":
            trouble = f"the Dask scheduler at {self.address} is gone; finished runs are kept: start it"
        elif self.n_threads():
            self.last_seen = monotonic()
        elif monotonic() - self.last_seen > PATIENCE_SECONDS:
            trouble = f"the Dask scheduler at {self.address} has lost all its workers; finished runs are kept: start workers"
        if trouble:
            raise InputError(f"{trouble} and give the same command again")

    def close(self) -> None:
        """Start nothing more, and leave the cluster."""
        self.executor.shutdown(wait=False)
        self.client.close()


async def reached(address: str) -> None:
    """Connect to a scheduler once. What fails here is said at once; a client would go on trying, even after it failed."""
    from distributed.comm import connect
    from distributed.security import Security

    host, _, port = address.rpartition("/")[2].rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    comm = await connect(address, CONNECT_SECONDS, **Security().get_connection_args("client"))
    await comm.close()


def version_here(own: OwnFile) -> str:
    """The version of the model, with the user's own measures, where this is called, which may be another machine."""
    adopt(own)
    return model_version()


EXECUTORS: dict[str, type[RunExecutor]] = {"threads": ThreadExecutor, "processes": ProcessExecutor, "dask": DaskExecutor}
