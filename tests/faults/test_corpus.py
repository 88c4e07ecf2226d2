"""Malformed inputs of our own: each ends with the exit code and the words of `corpus.yaml`, and leaves all files alone."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from salesim.cli import main

CORPUS = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))
SMALL = ["experiment=null", "seeds=2", "weeks=26", "market.customers.count=40", "workers=1"]
NOT_FOR_USERS = re.compile(
    r"Traceback|\w(Error|Exception)\b|pydantic|hydra|omegaconf|numba|numpy|np\.|pyarrow|pandas|json\.|yaml\.|typing|Annotated"
    r"|NoneType|<class|object at 0x|site-packages|Errno|\bNone\b|\bTrue\b|\bFalse\b"
)


class Entry(NamedTuple):
    """A row of the corpus; its head explains the columns."""

    command: str
    came: str
    allowed: str
    exit: int = 2
    files: Mapping[str, str | bytes] = {}
    study: str = ""
    cut: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    shell: bool = False


ENTRIES = {f"{kind}: {row['command']}": Entry(**row) for kind, rows in CORPUS.items() for row in rows}


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The folder of a small finished study."""
    folder = tmp_path_factory.mktemp("finished")
    assert main(["run", *SMALL, f"folder={folder}", "name=done"]) == 0
    return folder / "done"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder that is the current one and the home of the user; a run that starts there is an error."""

    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("salesim.runs.runner.outcomes", started)
    return tmp_path


def prepare(entry: Entry, place: Path, finished: Path) -> None:
    """Put the files of an entry in their places."""
    if entry.study:
        shutil.copytree(finished, place / entry.study)
    for name, content in entry.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for name in entry.cut:
        whole = (place / name).read_bytes()
        (place / name).write_bytes(whole[: len(whole) // 2])


def files_in(place: Path) -> dict[str, bytes]:
    """Every file below a folder; a lock holds no results."""
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file() and path.name != ".lock"}


def outcome(entry: Entry, capsys: Any) -> tuple[int, str, str]:
    """Exit code and output of an entry's command: called here, or in a shell of its own where the fault needs one."""
    if not entry.shell:
        code = main(shlex.split(entry.command))
        return code, *capsys.readouterr()
    script = f'salesim() {{ "{sys.executable}" -m salesim "$@"; }}\n{entry.command}\nexit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False, env={**os.environ, **entry.env})
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def without(said: str, entry: Entry) -> str:
    """A message without the words that the command itself has, and without names of files."""
    words = {*re.split(r"[\s=,\[\]]+", entry.command), *entry.files, ".yaml", "study.json"} - {""}
    for word in sorted(words, key=len, reverse=True):
        said = said.replace(word, "…")
    return said


@pytest.mark.parametrize("name", ENTRIES)
def test_a_malformed_input_ends_as_the_corpus_says(name, place, finished, capsys):
    entry = ENTRIES[name]
    prepare(entry, place, finished)
    before = files_in(place)
    code, out, err = outcome(entry, capsys)
    said = err if entry.exit == 2 else out + err
    assert code == entry.exit, (out, err)
    assert entry.came in " ".join(said.split()) or entry.came in said
    assert entry.allowed in " ".join(said.split())
    library = NOT_FOR_USERS.search(without(said, entry))
    assert library is None, library
    if entry.exit == 2:
        assert err.startswith("salesim: ")
        assert err.count("\n") == 1, err
        assert len(err) < 4200
    assert files_in(place) == before


def test_the_corpus_has_at_least_150_inputs_and_no_two_are_the_same():
    assert len(ENTRIES) == sum(map(len, CORPUS.values())) >= 150


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry.exit == 2])
def test_a_refusal_of_the_corpus_names_what_came_and_what_is_allowed(name):
    assert min(len(ENTRIES[name].came), len(ENTRIES[name].allowed)) >= 3
