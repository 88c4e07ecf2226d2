"""Stop commands with all their processes at random moments, go on, and compare with commands that nobody disturbed.

    python -m tests.faults.kill --interrupts 200 --kills 50

shares these among run, sweep, compare and explore, prints every stop, and ends with 1 if a single byte of a file differs, if
anything half-written is left, or if Ctrl-C ends in anything but the one sentence.
"""

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from salesim.runs.store import RunIndex

NAME = "killed"
READY_SECONDS = 0.03  # after which salesim, and no longer Python alone, is running
TOO_EARLY = "salesim: stopped before anything was run"
STOPPED = "salesim: stopped; finished runs are kept, and the same command goes on from there: salesim "
START = (
    "import runpy, sys; print('ready', flush=True); sys.argv[0] = 'salesim'; "
    "runpy.run_module('salesim', run_name='__main__', alter_sys=False)"
)
SMALL = ("contest=alone", "market.customers.count=60", "market.selling.salespeople=3", "weeks=104", "workers=2", f"name={NAME}")
PRESSURE = "market.commoditization.pressure_per_week=interval(0,0.002)"


def command(points: int, seeds: int, executor: str) -> list[str]:
    """A sweep of a small market, two strategies at every point."""
    words = ("strategy=pitch,diagnostic", PRESSURE, "market.customers.complexity_a=interval(1,4)", "design=sobol")
    return [*start("sweep"), *words, f"points={points}", f"seeds={seeds}", f"executor={executor}"]


def start(name: str) -> list[str]:
    """The first words of a command, which says that Python is there."""
    return [sys.executable, "-c", START, name, *SMALL]


def commands(executor: str) -> dict[str, list[str]]:
    """Four commands that run some seconds."""
    executed = f"executor={executor}"
    return {
        "run": [*start("run"), "seeds=150", executed],
        "sweep": command(points=32, seeds=8, executor=executor),
        "compare": [*start("compare"), "compare.interim_analyses=[20,40,80]", "compare.confirmation_seeds=20", executed],
        "explore": [
            *start("explore"),
            PRESSURE,
            "points=16",
            "explore.seeds=4",
            "most_seeds=8",
            "trajectories=4",
            "emulator_points=8",
            "least_r2=1",
            executed,
        ],
    }


def study_of(folder: Path) -> Path:
    """The study that a command has made in a folder; `compare` gives it a name of its own."""
    return next(iter(sorted((folder / "results").glob(f"*{NAME}"))), folder / "results" / NAME)


def finished_runs(folder: Path) -> int:
    """Runs in the stores of a study."""
    return sum(len(RunIndex(store)) for store in study_of(folder).rglob("runs") if store.is_dir())


def files(folder: Path) -> dict[str, str]:
    """Digest of every file of the study but its shards and its lock."""
    study = study_of(folder)
    inner = (path for path in sorted(study.rglob("*")) if path.is_file() and path.name != ".lock" and "shard-" not in path.name)
    return {str(path.relative_to(study)): hashlib.sha256(path.read_bytes()).hexdigest() for path in inner}


def shards(folder: Path) -> int:
    """Number of finished shards."""
    return len(list(study_of(folder).rglob("runs/shard-*.parquet")))


def stopped(words: list[str], folder: Path, stop: signal.Signals, seconds: float) -> tuple[str, list[str]]:
    """Start a command as a group of processes, and stop all of it after so many seconds.

    Returns when it was, in words, or nothing if the command ended before; and what is wrong with its end.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it, as do its children
    victim = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    signal.signal(signal.SIGINT, before)
    assert victim.stdout
    assert victim.stdout.readline() == "ready\n"
    time.sleep(READY_SECONDS + seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(victim.pid, stop)
    _, said = victim.communicate(timeout=300)
    moment = f"after {READY_SECONDS + seconds:5.2f} s" if victim.returncode else ""
    if victim.returncode == -signal.SIGKILL and stop == signal.SIGKILL:
        return moment, []
    as_it_should = (victim.returncode == 130 and said.startswith((STOPPED, TOO_EARLY)) and said.count("\n") == 1) or (
        victim.returncode == 0 and not said
    )
    return moment, [] if as_it_should else [f"{moment}: ended with {victim.returncode} and said: {said}"]


def stop_and_compare(name: str, words: list[str], stops: list[signal.Signals], rng: random.Random) -> list[str]:
    """Everything that is not as in an undisturbed command. Prints what happens."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        undisturbed, disturbed = Path(place) / "undisturbed", Path(place) / "disturbed"
        undisturbed.mkdir(), disturbed.mkdir()
        started = time.monotonic()
        subprocess.run(words, cwd=undisturbed, check=True, capture_output=True)
        seconds = time.monotonic() - started
        print(f"{name}: {finished_runs(undisturbed)} runs, undisturbed: {seconds:.1f} s", flush=True)
        for number, stop in enumerate(stops, start=1):
            moment, trouble = stopped(words, disturbed, stop, rng.uniform(0.0, seconds))
            wrong += trouble
            end = moment or "came too late: the command had ended; from the start again"
            print(f"{name}: {number:3} {stop.name} {end}: {finished_runs(disturbed)} runs are finished", flush=True)
            if not moment:
                wrong += differences(undisturbed, disturbed)
                shutil.rmtree(disturbed / "results")
        subprocess.run(words, cwd=disturbed, check=True, capture_output=True)
        wrong += differences(undisturbed, disturbed)
        print(f"{name}: then to the end; {len(files(undisturbed))} files compared byte by byte", flush=True)
    return [f"{name}: {trouble}" for trouble in wrong]


def differences(undisturbed: Path, disturbed: Path) -> list[str]:
    """Files that are not the same, half-written ones, and runs that are missing or there twice."""
    one, other = files(undisturbed), files(disturbed)
    wrong = [f"{name} differs" for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
    wrong += [f"{path} is left" for path in disturbed.rglob("*.tmp")]
    if finished_runs(undisturbed) != finished_runs(disturbed):
        wrong.append(f"{finished_runs(disturbed)} runs instead of {finished_runs(undisturbed)}")
    return wrong


def main() -> int:
    """Parse the command line, stop, compare; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interrupts", type=int, default=20, help="SIGINT, of all commands together")
    parser.add_argument("--kills", type=int, default=8, help="SIGKILL, of all commands together")
    parser.add_argument("--commands", default="run,sweep,compare,explore")
    parser.add_argument("--executor", default="processes")
    parser.add_argument("--random-seed", type=int, default=None, help="of the moments")
    options = parser.parse_args()
    rng, names, wrong = random.Random(options.random_seed), options.commands.split(","), list[str]()
    for place, name in enumerate(names):
        counts = [(n + place) // len(names) for n in (options.interrupts, options.kills)]
        stops = [signal.SIGINT] * counts[0] + [signal.SIGKILL] * counts[1]
        rng.shuffle(stops)
        wrong += stop_and_compare(name, commands(options.executor)[name], stops, rng)
    print("\n".join(wrong) or "no difference, no traceback, nothing half-written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
