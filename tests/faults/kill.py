"""Kill a sweep with all its processes at random moments, go on, and compare with one that nobody disturbed.

    python -m tests.faults.kill --kills 10 --points 128 --seeds 8 --executor processes

prints every kill, and ends with 1 if a single byte of a single table differs, or if anything half-written is left.
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

from salesim.runs.store import RunStore

NAME = "killed"


def command(points: int, seeds: int, executor: str) -> list[str]:
    """A sweep of a small market, two strategies at every point."""
    return [
        *(sys.executable, "-m", "salesim.cli", "sweep", "strategy=pitch,diagnostic", "contest=alone"),
        *("market.commoditization.pressure_per_week=interval(0,0.002)", "market.customers.complexity_a=interval(1,4)"),
        *("market.customers.count=60", "market.selling.salespeople=3", "weeks=104", "design=sobol"),
        *(f"points={points}", f"seeds={seeds}", f"executor={executor}", "workers=2", f"name={NAME}"),
    ]


def finished_runs(folder: Path) -> int:
    """Runs in the store of a study."""
    store = folder / "results" / NAME / "runs"
    return len(RunStore(store).index) if store.is_dir() else 0


def files(folder: Path) -> dict[str, str]:
    """Digest of every file of the study but its shards and its lock."""
    study = folder / "results" / NAME
    inner = (path for path in sorted(study.rglob("*")) if path.is_file() and path.name != ".lock")
    names = {str(path.relative_to(study)): path for path in inner}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in names.items() if not name.startswith("runs/")}


def shards(folder: Path) -> int:
    """Number of finished shards."""
    return len(list((folder / "results" / NAME / "runs").glob("*.parquet")))


def killed(words: list[str], folder: Path, rng: random.Random) -> str:
    """Start the sweep as a group of processes, and kill all of it: some shards later, or in the start, plus some moments.

    Returns when it was, in words; nothing if the sweep ended before.
    """
    more, moments = rng.choice((0, 1, 1, 2)), rng.uniform(0.0, 2.0)
    started, before = time.monotonic(), shards(folder)
    with (folder / "output.txt").open("ab") as output:
        victim = subprocess.Popen(words, cwd=folder, stdout=output, stderr=output, start_new_session=True)
    while victim.poll() is None and shards(folder) < before + more:
        time.sleep(0.01)
    with contextlib.suppress(subprocess.TimeoutExpired):
        victim.wait(moments)
        return ""
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    return f"after {time.monotonic() - started:5.2f} s"


def kill_and_compare(kills: int, points: int, seeds: int, executor: str, rng: random.Random) -> list[str]:
    """Everything that is not as in an undisturbed sweep. Prints what happens."""
    words = command(points, seeds, executor)
    with tempfile.TemporaryDirectory() as place:
        undisturbed, disturbed = Path(place) / "undisturbed", Path(place) / "disturbed"
        undisturbed.mkdir(), disturbed.mkdir()
        started = time.monotonic()
        subprocess.run(words, cwd=undisturbed, check=True, capture_output=True)
        seconds = time.monotonic() - started
        print(f"{finished_runs(undisturbed)} runs on 2 {executor}, undisturbed: {seconds:.1f} s", flush=True)
        done = 0
        while done < kills:
            before = finished_runs(disturbed)
            moment = killed(words, disturbed, rng)
            done += bool(moment)
            runs = finished_runs(disturbed)
            print(f"kill {done:2} {moment}: {runs} runs are finished, {runs - before} of them new", flush=True)
            if not moment:
                print("the sweep had come to its end; from the start again", flush=True)
                shutil.rmtree(disturbed / "results")
                done = 0
        subprocess.run(words, cwd=disturbed, check=True, capture_output=True)
        print(f"then to the end: {finished_runs(disturbed)} runs", flush=True)
        return differences(undisturbed, disturbed)


def differences(undisturbed: Path, disturbed: Path) -> list[str]:
    """Files that are not the same, half-written ones, and runs that are missing or there twice."""
    one, other = files(undisturbed), files(disturbed)
    wrong = [f"{name} differs" for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
    wrong += [f"{path} is left" for path in disturbed.rglob("*.tmp")]
    if finished_runs(undisturbed) != finished_runs(disturbed):
        wrong.append(f"{finished_runs(disturbed)} runs instead of {finished_runs(undisturbed)}")
    print(f"{len(one)} files compared byte by byte: {', '.join(sorted(one))}", flush=True)
    return wrong


def main() -> int:
    """Parse the command line, kill, compare; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--points", type=int, default=128)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--executor", default="processes")
    parser.add_argument("--random-seed", type=int, default=None, help="of the moments of the kills")
    options = parser.parse_args()
    rng = random.Random(options.random_seed)
    differing = kill_and_compare(options.kills, options.points, options.seeds, options.executor, rng)
    print("\n".join(differing) or "no difference, nothing half-written")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
