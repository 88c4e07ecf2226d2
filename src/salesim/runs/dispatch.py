"""Many runs on an executor, in chunks; a worker that dies loses no run, and a run that always kills its worker is found."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from itertools import islice

from salesim.config.errors import InputError
from salesim.runs.executors import Outcome, RunExecutor, Task

CHUNK_SECONDS = 0.25  # of work that goes to a worker at once
LARGEST_CHUNK = 50
ATTEMPTS = 2  # at a run that kills its worker
DEATHS_IN_A_ROW = 10  # of workers, with no run that ends well between them
CHECK_SECONDS = 5.0
KILLED = (  # what is known of a run that leaves no traceback
    f"the worker that ran this with seed {{seed}} died {ATTEMPTS} times, with nothing beside it: the system killed it "
    "(out of memory?), or it crashed"
)


class Dispatcher:
    """Gives tasks to an executor in chunks. Tasks of a worker that died are `suspects`, as any of them may have killed it."""

    def __init__(self, tasks: Iterable[Task], n_tasks: int, executor: RunExecutor) -> None:
        self.waiting, self.n_waiting, self.executor = iter(tasks), n_tasks, executor
        self.running: dict[Future[list[Outcome]], tuple[Task, ...]] = {}
        self.suspects: list[Task] = []
        self.n_finished, self.run_seconds = 0, CHUNK_SECONDS  # so that the first chunks are small
        self.deaths_in_a_row = 0

    def next_chunk(self) -> tuple[Task, ...]:
        """A chunk of about CHUNK_SECONDS; the last ones are small, so that nobody waits for a long one."""
        share = self.n_waiting // (2 * self.executor.n_workers)
        size = max(1, min(LARGEST_CHUNK, share, int(CHUNK_SECONDS / max(self.run_seconds, 1e-9))))
        chunk = tuple(islice(self.waiting, size))
        self.n_waiting -= len(chunk)
        return chunk

    def submit(self, chunk: tuple[Task, ...]) -> None:
        """Give a chunk to the executor; its tasks become suspects if a worker died before."""
        try:
            self.running[self.executor.submit(chunk)] = chunk
        except self.executor.worker_died:
            self.suspects.extend(chunk)

    def finished(self) -> Iterator[Outcome]:
        """Outcomes of the chunks that end next. Raises InputError if a cluster is lost."""
        done, _ = wait(self.running, CHECK_SECONDS, FIRST_COMPLETED)
        if self.running and not done:
            self.executor.check_alive()
        for future in done:
            chunk = self.running.pop(future)
            try:
                result = future.result()
            except self.executor.worker_died:
                self.suspects.extend(chunk)
            except CancelledError as error:
                self.executor.check_alive()
                raise InputError("the workers dropped runs; finished runs are kept: give the same command again") from error
            else:
                self.deaths_in_a_row = 0
                for outcome in result:
                    self.n_finished += 1
                    self.run_seconds += max(0.1, 1 / self.n_finished) * (outcome.seconds - self.run_seconds)  # of about ten
                    yield outcome

    def one_by_one(self) -> Iterator[Outcome]:
        """Run the suspects one at a time with nothing beside them, so that a worker's death has one possible cause.

        Raises InputError if runs do nothing but kill workers.
        """
        tasks, self.suspects = self.suspects, []
        for task in tasks:
            for _ in range(ATTEMPTS):
                self.submit((task,))
                while self.running:
                    yield from self.finished()
                if not self.suspects:
                    break
                self.suspects.clear()
                self.executor.start()
            else:
                self.deaths_in_a_row += 1
                yield Outcome(task.key, "", KILLED.format(seed=task.key[1]), 0.0)
            if self.deaths_in_a_row >= DEATHS_IN_A_ROW:
                raise InputError(
                    f"the last {self.deaths_in_a_row} runs all killed their worker processes; finished runs are kept: try "
                    "executor=threads, fewer workers, or smaller runs"
                )


def outcomes(tasks: Iterable[Task], n_tasks: int, executor: RunExecutor) -> Iterator[Outcome]:
    """The outcome of every task, in the order in which they end.

    At most two chunks for each worker are under way, so memory does not grow with the number of tasks. When a worker dies,
    every run that it may have been running is run again by itself; one that kills its worker again is an Outcome with a
    traceback. Raises InputError if runs do nothing but kill workers, or if a cluster is lost.
    """
    dispatcher = Dispatcher(tasks, n_tasks, executor)
    while True:
        while (
            not dispatcher.suspects and len(dispatcher.running) < 2 * executor.n_workers and (chunk := dispatcher.next_chunk())
        ):
            dispatcher.submit(chunk)
        if not dispatcher.running and not dispatcher.suspects:
            return
        yield from dispatcher.finished()
        if dispatcher.suspects:
            while dispatcher.running:
                yield from dispatcher.finished()
            executor.start()
            yield from dispatcher.one_by_one()
