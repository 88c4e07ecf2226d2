"""`make test-matrix`: what depends on Pythons and packages, tested on each Python at hand with the oldest and newest packages.

Each environment in build/matrix/ has the wheel, not the repository, and the oldest or newest packages that pyproject.toml
allows and that have wheels for that Python. In each, the same study and sweep run outside the repository; their tables must
be equal, but for the last digits of intervals, which depend on the version of scipy.
Words select environments and tests: ARGS='3.13 oldest tests/model'.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "matrix"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PACKAGES = {"oldest": "lowest-direct", "newest": "highest"}
TESTS = (  # what each depends on
    "tests/model/test_mesa.py",  # Mesa
    "tests/test_examples.py::test_the_market_is_a_page_of_mesas_browser_interface",  # Mesa, Solara
    "tests/model/test_golden.py",  # numba, numpy, scipy
    "tests/config/test_config.py",  # Hydra, pydantic, PyYAML
    "tests/stats/test_sensitivity.py",  # SALib
    "tests/analyses/explore/test_axes.py",  # pydantic
    "tests/report/test_figures.py",  # plotly
    "tests/report/test_console.py",  # rich
    "tests/analyses/explore/test_explore.py::test_a_small_market_is_explored_for_real",  # SALib
    "tests/faults/test_executors.py::test_a_cluster_of_any_size_changes_no_byte_of_any_table",  # distributed
    "tests/test_pages.py",  # DuckDB, pandas, pyarrow
)
SMALL = ["seeds=2", "weeks=26", "market.customers.count=40", "workers=1", "folder=results"]
COMMANDS = (
    ["run", "name=study", *SMALL],
    ["sweep", "market.trust.loss=0.2,0.6", "name=sweep", *SMALL],
    ["export", "results/sweep", "format=excel"],
)
SHOWN = ("mesa", "numpy", "numba", "pandas", "pyarrow", "plotly")
PRINT_DIGESTS = """  # ends of intervals to six digits: quantiles of scipy's versions differ in the eleventh
import csv, hashlib, pathlib, pyarrow.parquet as parquet
def shown(name, value):
    try:
        return f"{float(value):.6g}" if name.endswith(("low", "high")) else repr(value)
    except (TypeError, ValueError):  # missing, or a choice
        return repr(value)
for path in sorted(pathlib.Path("results").rglob("*")):
    if path.suffix == ".csv":
        rows = list(csv.DictReader(path.open()))
    elif path.suffix == ".parquet" and not path.name.startswith("shard"):
        rows = parquet.read_table(path).to_pylist()
    else:
        continue
    text = repr([[name, *(shown(name, row[name]) for row in rows)] for name in (rows[0] if rows else ())])
    print(path, hashlib.sha256(text.encode()).hexdigest())
"""


def main(words: list[str]) -> int:
    """Build the environments that the words select, run tests and studies in each, and print a row for each."""
    tests = [word for word in words if word.startswith("tests/")] or TESTS
    wheel, rows, failed = built_wheel(), [], False
    tables: dict[str, str] = {}
    for version in chosen(PYTHONS, words):
        python = interpreter(version)
        if python is None:
            print(f"Python {version} is not at hand; skipped")
            continue
        for packages in chosen(PACKAGES, words):
            row = f"{version} {packages}"
            print(f"== Python {row}", flush=True)
            bin_folder = environment(version, packages, python, wheel)
            if bin_folder is None:
                rows.append((row, "", "no wheels for this Python", ""))
                continue
            passed = not run([bin_folder / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests], ROOT, bin_folder)
            tables[row] = digests(bin_folder)
            equal = bool(tables[row]) and tables[row] == next(iter(tables.values()))
            failed |= not (passed and equal)
            rows.append((row, versions(bin_folder), "pass" if passed else "FAIL", "equal" if equal else "DIFFERENT"))
    print("\nPython and packages | " + " ".join(SHOWN) + " | tests | tables")
    for each in rows:
        print(" | ".join(each))
    return int(failed or not rows)


def chosen(names: Iterable[str], words: list[str]) -> list[str]:
    """The names that are among the words; all if none is."""
    return [name for name in names if name in words] or list(names)


def built_wheel() -> Path:
    """The wheel of this repository."""
    shutil.rmtree(FOLDER / "wheel", ignore_errors=True)
    uv("build", "--quiet", "--wheel", "--out-dir", FOLDER / "wheel", ROOT)
    return next((FOLDER / "wheel").glob("*.whl"))


def interpreter(version: str) -> Path | None:
    """A Python of this version that runs: this one, one on the path, or one of pyenv's."""
    found = [sys.executable, shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    for path in filter(None, found):
        answer = subprocess.run([path, "-c", ask], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return Path(path)
    return None


def environment(version: str, packages: str, python: Path, wheel: Path) -> Path | None:
    """The bin folder of an environment with the wheel; None if some package has no wheel for this Python."""
    place = FOLDER / f"{version}-{packages}"
    listed = FOLDER / f"{version}-{packages}.txt"
    wheels = ("--only-binary", ":all:", "--no-binary", "antlr4-python3-runtime")  # which has never had one
    viz = FOLDER / "viz.in"  # for SolaraViz; resolved with the rest, as both need starlette
    viz.write_text("mesa[viz]\n", encoding="utf-8")
    what = ("--all-extras", "--group", "dev", ROOT / "pyproject.toml", viz, "--output-file", listed)
    resolved = ("--quiet", "--no-header", "--upgrade", "--resolution", PACKAGES[packages], "--python-version", version)
    try:
        uv("pip", "compile", *resolved, *wheels, *what)
    except subprocess.CalledProcessError:
        return None
    uv("venv", "--quiet", "--clear", "--python", python, place)
    uv("pip", "install", "--quiet", "--python", place, "--requirements", listed)
    uv("pip", "install", "--quiet", "--python", place, "--no-deps", wheel)
    return place / "bin"


def uv(*arguments: str | Path) -> None:
    """Run uv, which `make` names."""
    subprocess.run([os.environ.get("UV", "uv"), *arguments], check=True)


def run(command: list[str | Path], folder: Path, bin_folder: Path, stdout: int | None = None) -> int:
    """The exit code of a command, with a compile cache of the environment's own."""
    own = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    own["NUMBA_CACHE_DIR"] = str(bin_folder.parent / "rules")
    return subprocess.run(command, cwd=folder, env=own, stdout=stdout, check=False).returncode


def digests(bin_folder: Path) -> str:
    """A digest of every table of a study and a sweep that run outside the repository; nothing if one fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for words in COMMANDS:
            if run([bin_folder / "salesim", *words], folder, bin_folder, subprocess.DEVNULL):
                return ""
        answer = subprocess.run(
            [bin_folder / "python", "-c", PRINT_DIGESTS], cwd=folder, capture_output=True, text=True, check=True
        )
    lines = answer.stdout.splitlines()
    print(f"{len(lines)} tables, together {hashlib.sha256(answer.stdout.encode()).hexdigest()[:12]}")
    return answer.stdout


def versions(bin_folder: Path) -> str:
    """The versions of the packages that matter most."""
    ask = f"from importlib.metadata import version; print(*map(version, {SHOWN}))"
    return subprocess.run([bin_folder / "python", "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
