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


class ChunkSize:
    """How many runs make a chunk of the right length; the first chunks are small, as nothing is known yet."""

    def __init__(self, n_tasks: int, n_workers: int) -> None:
        self.left, self.n_workers = n_tasks, n_workers
        self.seconds = CHUNK_SECONDS

    def learn(self, outcome: Outcome) -> None:
        """Learn from a run: a moving mean of about ten."""
        self.seconds += 0.1 * (outcome.seconds - self.seconds)

    def take(self, tasks: Iterator[Task]) -> tuple[Task, ...]:
        """The next chunk; the last ones are small, so that nobody waits for a long one."""
        share = self.left // (2 * self.n_workers)
        size = max(1, min(LARGEST_CHUNK, share, int(CHUNK_SECONDS / max(self.seconds, 1e-9))))
        chunk = tuple(islice(tasks, size))
        self.left -= len(chunk)
        return chunk


class Dispatcher:
    """Gives chunks to an executor. Tasks of a worker that died are `suspects`, as any of them may have killed it."""

    def __init__(self, executor: RunExecutor) -> None:
        self.executor = executor
        self.running: dict[Future[list[Outcome]], tuple[Task, ...]] = {}
        self.suspects: list[Task] = []
        self.deaths_in_a_row = 0

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
                yield from result

    def one_by_one(self) -> Iterator[Outcome]:
        """Run the suspects one at a time with nothing beside them, so that a worker's death has one possible cause."""
        tasks, self.suspects = self.suspects, []
        for task in tasks:
            for _ in range(ATTEMPTS):
                self.submit((task,))
                while self.running:
                    yield from self.finished()
                if not self.suspects:
                    break
                self.suspects.clear()
                self.executor.replace_workers()
            else:
                self.count_death()
                yield Outcome(task.key, "", killed(task), 0.0)

    def count_death(self) -> None:
        """Count a run that killed its workers. Raises InputError if runs do nothing else."""
        self.deaths_in_a_row += 1
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
    waiting, chunks, dispatcher = iter(tasks), ChunkSize(n_tasks, executor.n_workers), Dispatcher(executor)
    while True:
        while not dispatcher.suspects and len(dispatcher.running) < 2 * executor.n_workers and (chunk := chunks.take(waiting)):
            dispatcher.submit(chunk)
        if not dispatcher.running and not dispatcher.suspects:
            return
        for outcome in dispatcher.finished():
            chunks.learn(outcome)
            yield outcome
        if dispatcher.suspects:
            while dispatcher.running:
                yield from dispatcher.finished()
            executor.replace_workers()
            yield from dispatcher.one_by_one()


def killed(task: Task) -> str:
    """What is known of a run that leaves no traceback."""
    return (
        f"the worker that ran this with seed {task.key[1]} died {ATTEMPTS} times, with nothing beside it: the system killed it "
        "(out of memory?), or it crashed"
    )
