"""How much faster two workers are than one, on threads and on processes, and how long a run holds the global interpreter lock.

    python docs/proofs/workers.py

Run it on a machine that does nothing else.
"""

import time
from concurrent.futures import wait

from salesim.config.scenario import default_scenario
from salesim.config.study import Workers
from salesim.metrics import sums
from salesim.model import schedule
from salesim.runs.executors import ProcessExecutor, RunExecutor, Task, ThreadExecutor
from salesim.runs.summary import measures_text

RUNS, ROUNDS, CHUNK = 80, 5, 10
COMPILED = ((schedule, "run_weeks"), (sums, "sum_deals"), (sums, "count_lost"))


def seconds(executor: RunExecutor) -> float:
    """Shortest time of some rounds for RUNS runs of the default scenario."""
    scenario, times = default_scenario(), []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        chunks = [tuple(Task(("k", seed), scenario) for seed in range(n, n + CHUNK)) for n in range(0, RUNS, CHUNK)]
        wait([executor.submit(chunk) for chunk in chunks])
        times.append(time.perf_counter() - started)
    return min(times)


def lock_share() -> float:
    """Share of a run's own time outside compiled code; an upper bound, as initialization is partly compiled."""
    inside = 0.0

    def watched(function):
        def call(*arguments):
            nonlocal inside
            started = time.thread_time()
            result = function(*arguments)
            inside += time.thread_time() - started
            return result

        return call

    whole = {(module, name): getattr(module, name) for module, name in COMPILED}
    for (module, name), function in whole.items():
        setattr(module, name, watched(function))
    started, scenario = time.thread_time(), default_scenario()
    for seed in range(RUNS):
        measures_text(scenario, seed)
    total = time.thread_time() - started
    for (module, name), function in whole.items():
        setattr(module, name, function)
    return 1.0 - inside / total


def main() -> None:
    """Print both."""
    measures_text(default_scenario(), 1)
    for kind, make in (("threads", ThreadExecutor), ("processes", ProcessExecutor)):
        times = []
        for count in (1, 2):
            executor = make(Workers(kind, count), measures_text)
            times.append(seconds(executor))
            executor.close()
        print(f"{kind}: {RUNS} runs: one {times[0]:.2f} s, two {times[1]:.2f} s: {times[0] / times[1]:.2f} times as fast")
    print(f"a run holds the lock for at most {100 * lock_share():.0f} % of its time")


if __name__ == "__main__":
    main()
