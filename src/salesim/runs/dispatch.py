"""Many runs on whoever plays them, in chunks; a worker that dies loses no run, and one that always dies is found out."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from itertools import islice

from salesim.config.errors import InputError
from salesim.runs.executors import Outcome, Pool, Task

CHUNK_SECONDS = 0.25  # of work that goes to a worker at once
LARGEST_CHUNK = 50
ATTEMPTS = 2  # of a run that kills its worker
DEATHS_IN_A_ROW = 10  # of runs, with none that goes well between them
CHECK_SECONDS = 5.0
Running = dict["Future[list[Outcome]]", tuple[Task, ...]]


class Pace:
    """How many runs make a chunk of the right length; the first are small, for nothing is known."""

    def __init__(self, n_tasks: int, width: int) -> None:
        self.left, self.width = n_tasks, width
        self.seconds = CHUNK_SECONDS

    def saw(self, outcome: Outcome) -> None:
        """Learn from a run: a moving mean of about ten."""
        self.seconds += 0.1 * (outcome.seconds - self.seconds)

    def chunk(self, tasks: Iterator[Task]) -> tuple[Task, ...]:
        """The next chunk: at the end small ones, so that nobody waits for a last long one."""
        share = self.left // (2 * self.width)
        size = max(1, min(LARGEST_CHUNK, share, int(CHUNK_SECONDS / max(self.seconds, 1e-9))))
        found = tuple(islice(tasks, size))
        self.left -= len(found)
        return found


class Deaths:
    """How many runs in a row killed their workers."""

    in_a_row = 0

    def one_more(self) -> None:
        """Count a run that did. Raises InputError if runs do nothing else."""
        self.in_a_row += 1
        if self.in_a_row >= DEATHS_IN_A_ROW:
            raise InputError(
                f"the last {self.in_a_row} runs all killed their worker processes; finished runs are kept: try "
                "executor=threads, fewer workers, or smaller runs"
            )


def outcomes(tasks: Iterable[Task], n_tasks: int, pool: Pool) -> Iterator[Outcome]:
    """What comes of every task, in the order in which they end.

    At most two chunks a worker are under way, so memory does not grow with the number of tasks. When a worker dies, all
    runs that may have been its last are played again one at a time; one that kills its worker again is an Outcome with a
    trace. Raises InputError if runs do nothing but kill workers, or if a cluster is lost.
    """
    waiting, pace, deaths = iter(tasks), Pace(n_tasks, pool.width), Deaths()
    running: Running = {}
    while True:
        suspects: list[Task] = []
        while not suspects and len(running) < 2 * pool.width and (chunk := pace.chunk(waiting)):
            submit(chunk, pool, running, suspects)
        if not running and not suspects:
            return
        for outcome in finished(running, pool, suspects):
            pace.saw(outcome)
            deaths.in_a_row = 0
            yield outcome
        if suspects:
            while running:
                yield from finished(running, pool, suspects)
            pool.renew()
            yield from alone(suspects, pool, deaths)


def finished(running: Running, pool: Pool, suspects: list[Task]) -> Iterator[Outcome]:
    """Outcomes of the chunks that end next, taken out of `running`; tasks whose worker died become `suspects`."""
    done, _ = wait(running, CHECK_SECONDS, FIRST_COMPLETED)
    if running and not done:
        pool.check()
    for future in done:
        chunk = running.pop(future)
        try:
            result = result_of(future, pool)
        except pool.broken:
            suspects.extend(chunk)
        else:
            yield from result


def submit(chunk: tuple[Task, ...], pool: Pool, running: Running, suspects: list[Task]) -> None:
    """Hand a chunk to the pool; its tasks are `suspects` if the pool broke before."""
    try:
        running[pool.submit(chunk)] = chunk
    except pool.broken:
        suspects.extend(chunk)


def result_of(future: "Future[list[Outcome]]", pool: Pool) -> list[Outcome]:
    """What a chunk gave back. Raises InputError if the pool is gone."""
    try:
        return future.result()
    except CancelledError as error:
        pool.check()
        raise InputError("the pool of workers dropped runs; finished runs are kept: the same command goes on") from error


def alone(suspects: Iterable[Task], pool: Pool, deaths: Deaths) -> Iterator[Outcome]:
    """Play runs one at a time with nothing beside them, so that a worker's death has one possible cause."""
    for task in suspects:
        for _ in range(ATTEMPTS):
            running: Running = {}
            again: list[Task] = []
            submit((task,), pool, running, again)
            while running:
                yield from finished(running, pool, again)
            if not again:
                deaths.in_a_row = 0
                break
            pool.renew()
        else:
            deaths.one_more()
            yield Outcome(task.key, "", died(task), 0.0)


def died(task: Task) -> str:
    """What is known of a run that leaves no traceback."""
    return (
        f"the worker that played this run with seed {task.key[1]} died {ATTEMPTS} times, with nothing beside it: killed by the "
        "system (out of memory?) or crashed"
    )
