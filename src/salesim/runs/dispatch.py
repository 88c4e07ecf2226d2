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
Running = dict["Future[list[Outcome]]", tuple[Task, ...]]


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


class Deaths:
    """How many runs in a row killed their workers."""

    in_a_row = 0

    def count(self) -> None:
        """Count one more. Raises InputError if runs do nothing else."""
        self.in_a_row += 1
        if self.in_a_row >= DEATHS_IN_A_ROW:
            raise InputError(
                f"the last {self.in_a_row} runs all killed their worker processes; finished runs are kept: try "
                "executor=threads, fewer workers, or smaller runs"
            )


def outcomes(tasks: Iterable[Task], n_tasks: int, executor: RunExecutor) -> Iterator[Outcome]:
    """The outcome of every task, in the order in which they end.

    At most two chunks for each worker are under way, so memory does not grow with the number of tasks. When a worker dies,
    every run that it may have been running is run again by itself; one that kills its worker again is an Outcome with a
    traceback. Raises InputError if runs do nothing but kill workers, or if a cluster is lost.
    """
    waiting, chunks, deaths = iter(tasks), ChunkSize(n_tasks, executor.n_workers), Deaths()
    running: Running = {}
    while True:
        suspects: list[Task] = []
        while not suspects and len(running) < 2 * executor.n_workers and (chunk := chunks.take(waiting)):
            submit(chunk, executor, running, suspects)
        if not running and not suspects:
            return
        for outcome in finished(running, executor, suspects):
            chunks.learn(outcome)
            deaths.in_a_row = 0
            yield outcome
        if suspects:
            while running:
                yield from finished(running, executor, suspects)
            executor.replace_workers()
            yield from one_by_one(suspects, executor, deaths)


def submit(chunk: tuple[Task, ...], executor: RunExecutor, running: Running, suspects: list[Task]) -> None:
    """Give a chunk to the executor; its tasks become `suspects` if a worker died before."""
    try:
        running[executor.submit(chunk)] = chunk
    except executor.worker_died:
        suspects.extend(chunk)


def finished(running: Running, executor: RunExecutor, suspects: list[Task]) -> Iterator[Outcome]:
    """Outcomes of the chunks that end next, taken out of `running`; tasks whose worker died become `suspects`."""
    done, _ = wait(running, CHECK_SECONDS, FIRST_COMPLETED)
    if running and not done:
        executor.check_alive()
    for future in done:
        chunk = running.pop(future)
        try:
            result = future.result()
        except executor.worker_died:
            suspects.extend(chunk)
        except CancelledError as error:
            executor.check_alive()
            raise InputError("the workers dropped some runs; finished runs are kept: give the same command again") from error
        else:
            yield from result


def one_by_one(suspects: Iterable[Task], executor: RunExecutor, deaths: Deaths) -> Iterator[Outcome]:
    """Run tasks one at a time with nothing beside them, so that a worker's death has one possible cause."""
    for task in suspects:
        for _ in range(ATTEMPTS):
            running: Running = {}
            killers: list[Task] = []
            submit((task,), executor, running, killers)
            while running:
                yield from finished(running, executor, killers)
            if not killers:
                deaths.in_a_row = 0
                break
            executor.replace_workers()
        else:
            deaths.count()
            yield Outcome(task.key, "", killed(task), 0.0)


def killed(task: Task) -> str:
    """What is known of a run that leaves no traceback."""
    return (
        f"the worker that ran this with seed {task.key[1]} died {ATTEMPTS} times, with nothing beside it: the system killed it "
        "(out of memory?), or it crashed"
    )
