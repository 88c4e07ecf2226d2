"""A damaged study is mended by the same command, or refused with the way out; `verify` names what was altered."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesim import open_study
from salesim.cli import main
from salesim.config.errors import InputError

TINY = (
    "seeds=5",
    "weeks=26",
    "market.customers.count=40",
    "market.selling.salespeople=2",
    "contest=alone",
    "workers=1",
    "name=it",
)
AXIS = "market.commoditization.pressure_per_week"
COMMANDS = {
    "run": ("run", *TINY),
    "sweep": ("sweep", *TINY, "strategy=pitch,diagnostic", f"{AXIS}=0,0.001"),
    "explore": ("explore", *TINY[1:], f"tipping={AXIS}=interval(0,0.002)", "explore.tipping_seeds=24"),
}
PLAIN = ("runs.csv", "runs.parquet", "differences.csv", "differences.parquet", "resolved.yaml", "study.json", "report.html")
FILES = {
    "run": (
        *PLAIN,
        "best.parquet",
        "explore/turns.json",
        "explore/turns.parquet",
        "records/alone-pitch-1/deals.csv",
        "records/alone-pitch-1/weeks.parquet",
        "records/alone-pitch-1/key",
    ),
    "sweep": (*PLAIN, "points.csv", "leads.parquet", "scenarios.parquet"),
    "explore": ("explore/tipping.json", "explore/tipping.csv", "explore/tipping_curve.parquet", "report.html"),
}


def beside(file: Path, other: Path) -> Iterator[Path]:
    """Files of another study: that of the same name first, others of its kind, and at last any."""
    everything = sorted(path for path in other.rglob("*") if path.is_file())
    for alike in (lambda path: path.name == file.name, lambda path: path.suffix == file.suffix, Path.is_file):
        yield from filter(alike, everything)


DAMAGES = {
    "emptied": lambda file, _: file.write_bytes(b""),
    "cut": lambda file, _: file.write_bytes(file.read_bytes()[:-40]),
    "binary": lambda file, _: file.write_bytes(bytes(range(256))),
    "a list": lambda file, _: file.write_text("[1, 2]"),
    "an empty mapping": lambda file, _: file.write_text("{}"),
    "edited": lambda file, _: file.write_bytes(file.read_bytes().replace(b"1", b"7")),
    "swapped": lambda file, other: shutil.copy(next(each for each in beside(file, other) if each.name != file.name), file),
    "of another study": lambda file, other: shutil.copy(next(beside(file, other)), file),
    "deleted": lambda file, _: file.unlink(),
    "a folder": lambda file, _: (file.unlink(), file.mkdir()),
}
MOST = ("emptied", "edited", "swapped", "a folder")


def said(capsys, *words: str) -> tuple[int, str]:
    """Exit code and everything that a command prints; none of it is an error of Python."""
    code = main(list(words))
    output = "".join(capsys.readouterr())
    assert "Traceback" not in output
    return code, output


def answers(folder: Path) -> dict[str, bytes]:
    """Every file of a study that carries an answer."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if "shard-" not in path.name}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every command's study in a folder of its own, and one of other seeds beside it."""
    places = {}
    for name, words in COMMANDS.items():
        places[name] = tmp_path_factory.mktemp(name)
        assert main([*words, f"folder={places[name]}"]) == 0
        assert main([*words, f"folder={places[name] / 'other'}", "first_seed=5"]) == 0
    return places


@pytest.fixture
def study(request, made, tmp_path, monkeypatch):
    """A copy of a command's study; the command says the same folder, as it is typed where the study is."""
    shutil.copytree(made[request.param], tmp_path / "place", dirs_exist_ok=True)
    return request.param, tmp_path / "place" / "it", made[request.param] / "other" / "it"


def again(name: str, folder: Path) -> tuple[str, ...]:
    """The same command for a copy."""
    return (*COMMANDS[name], f"folder={folder.parent}")


@pytest.mark.parametrize("study", COMMANDS, indirect=True)
@pytest.mark.parametrize("damage", DAMAGES)
def test_verify_names_every_altered_answer(study, capsys, damage):
    name, folder, other = study
    capsys.readouterr()
    for file in FILES[name]:
        whole = (folder / file).read_bytes()
        DAMAGES[damage](folder / file, other)
        if (folder / file).is_file() and (folder / file).read_bytes() == whole:
            continue  # no other file of its kind, or nothing in it that could be edited
        code, output = said(capsys, "verify", str(folder))
        if not (file == "report.html" and damage in ("deleted", "a folder")):  # then there is no answer that could be wrong
            assert code in (1, 2), file
            named = Path(file).parent.as_posix() if file.startswith("records") else file
            others = ("it has no study.json", "not covered: explore/", "ALTERED" if damage == "of another study" else named)
            assert named in output or any(words in output for words in others), (file, output)
            assert any(words in output for words in ("altered", "missing", "cannot be read", "has no study.json")), (
                file,
                output,
            )
        shutil.rmtree(folder / file) if (folder / file).is_dir() else None
        (folder / file).write_bytes(whole)


@pytest.mark.parametrize(
    ("study", "damage"),
    [*(("run", damage) for damage in DAMAGES), *(("sweep", each) for each in MOST), *(("explore", each) for each in MOST)],
    indirect=["study"],
)
def test_the_same_command_mends_a_study_or_says_the_way_out(study, capsys, damage):
    name, folder, other = study
    assert main([*again(name, folder)]) == 0  # so that the record names this folder
    whole = answers(folder)
    capsys.readouterr()
    for file in FILES[name]:
        DAMAGES[damage](folder / file, other)
    for _ in (*FILES[name], "and once more"):
        code, output = said(capsys, *again(name, folder))
        if code == 0:
            break
        if "holds the sweep of" in output or "holds a study of" in output:
            assert "give this one a name of its own with name=…" in output
            (folder / "study.json").unlink()
            continue
        assert damage == "a folder", output
        refused = [file for file in FILES[name] if str(folder / file) in output and (folder / file).is_dir()]
        assert len(refused) == 1, output
        assert "move" in output, output
        (folder / refused[0]).rmdir()
    assert answers(folder) == whole


@pytest.mark.parametrize("study", COMMANDS, indirect=True)
@pytest.mark.parametrize("damage", DAMAGES)
def test_reading_a_damaged_study_is_refused_with_the_way_out(study, capsys, damage):
    name, folder, other = study
    for file in FILES[name]:
        whole = (folder / file).read_bytes()
        DAMAGES[damage](folder / file, other)
        for command in ("verify", "export"):
            code, output = said(capsys, command, str(folder))
            assert code == 0 or "give" in output or "has no study.json" in output, (file, output)
        shutil.rmtree(folder / file) if (folder / file).is_dir() else None
        (folder / file).write_bytes(whole)


def test_a_file_that_may_not_be_read_is_refused_with_the_way_out(made, tmp_path):
    shutil.copytree(made["run"] / "it", tmp_path / "it")
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o755)
    (tmp_path / "it" / "study.json").chmod(0)
    before = os.geteuid()
    os.seteuid(65534)
    try:
        with pytest.raises(InputError, match=r"study\.json cannot be read: Permission denied; change its permissions"):
            open_study(tmp_path / "it")
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("foreign", ["runs.csv", "report.html", "study.yaml", "mine.json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_with_files_of_something_else_is_refused_and_stays_as_it_is(tmp_path, capsys, command, foreign):
    folder = tmp_path / "it"
    folder.mkdir()
    (folder / foreign).write_text("mine"), (folder / "notes.tmp").write_text("mine")
    for _ in range(2):
        code, output = said(capsys, *COMMANDS[command], f"folder={tmp_path}")
        assert code == 2
        assert f"has {foreign}, and no study.json: it is not the folder of a study" in output
        assert "move them away, or give this one a name of its own with name=…" in output
    assert {path.name: path.read_text() for path in folder.iterdir()} == {foreign: "mine", "notes.tmp": "mine"}


def test_a_study_of_an_earlier_version_opens_and_verify_says_what_it_does_not_cover(made, tmp_path, capsys):
    shutil.copytree(made["run"] / "it", tmp_path / "it")
    shutil.rmtree(tmp_path / "it" / "explore")
    record = json.loads((tmp_path / "it" / "study.json").read_text())
    record["files"] = {name: digest for name, digest in record["files"].items() if name.endswith("parquet")}
    del record["digest"]
    (tmp_path / "it" / "study.json").write_text(json.dumps(record))
    for key in (tmp_path / "it" / "records").glob("*/key"):
        key.write_text(key.read_text().split()[0])
    page = tmp_path / "it" / "report.html"
    page.write_text(page.read_text().rpartition("<!-- sha256")[0])
    assert len(open_study(tmp_path / "it").runs) == 15
    code, output = said(capsys, "verify", str(tmp_path / "it"))
    assert code == 0
    uncovered = output.partition("not covered: ")[2].partition("\n")[0].split(", ")
    assert {"runs.csv", "report.html", "study.json", "resolved.yaml", "records/"} <= set(uncovered)


def forged(folder: Path, table: str) -> None:
    """Alter a table, and every digest that says so."""
    from salesim.runs.digests import sealed
    from salesim.runs.files import read_json, write_json

    frame = open_study(folder)[table]
    frame[column := frame.select_dtypes("float").columns[0]] += 0.01
    assert column
    frame.to_parquet(folder / f"{table}.parquet", index=False)
    frame.to_csv(folder / f"{table}.csv", index=False)
    tables = [file.stem for file in folder.glob("*.parquet")]
    write_json(folder / "study.json", sealed({**read_json(folder / "study.json")}, folder, tables))
    (folder / "report.html").unlink()


@pytest.mark.parametrize(("study", "table"), [("run", "differences"), ("run", "best"), ("sweep", "points")], indirect=["study"])
def test_an_answer_that_does_not_follow_from_the_runs_is_named_though_its_digest_is_right(study, table, capsys):
    _, folder, _ = study
    forged(folder, table)
    code, output = said(capsys, "verify", str(folder))
    assert code == 1
    assert f"NOT the same: {table}.parquet, {table}.csv" in output


FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left
BESIDE = {
    "compare": ("compare.interim_analyses=[10,12]", "compare.confirmation_seeds=10", *TINY[1:]),
    "explain": ("weeks=208", "spiral_seeds=4", "seeds=4", *FEW, *TINY[2:]),
}


@pytest.mark.parametrize("command", BESIDE)
def test_verify_computes_again_what_other_commands_left_and_names_what_was_altered(tmp_path, capsys, command):
    assert main([command, *BESIDE[command], f"folder={tmp_path}"]) == 0
    (folder,) = tmp_path.iterdir()
    code, output = said(capsys, "verify", str(folder))
    assert code == 0, output
    assert "computed again from the kept runs" in output
    assert output.rstrip().endswith(": the same")
    record = next(folder.rglob(f"{command}.json"))
    record.write_text(record.read_text().replace('"failed": 0', '"failed": 1'))
    code, output = said(capsys, "verify", str(folder))
    assert code == 1
    assert f"{command}.json was altered" in output


def test_a_sweep_that_is_not_finished_can_be_opened_with_the_runs_so_far(made, tmp_path):
    shutil.copytree(made["sweep"] / "it", tmp_path / "it")
    whole = open_study(tmp_path / "it").runs
    record = json.loads((tmp_path / "it" / "study.json").read_text())
    (tmp_path / "it" / "study.json").write_text(json.dumps({part: record[part] for part in record if part != "files"}))
    study = open_study(tmp_path / "it")
    assert not study.finished
    assert study.runs.equals(whole.drop(columns="strategy"))
    shutil.rmtree(tmp_path / "it" / "runs")
    assert len(open_study(tmp_path / "it").runs) == 0


def test_a_folder_with_an_exploration_alone_is_a_study(made, tmp_path, capsys):
    shutil.copytree(made["explore"] / "it", tmp_path / "it")
    assert open_study(tmp_path / "it").tables == ["explore_tipping", "explore_tipping_curve"]
    assert said(capsys, "verify", str(tmp_path / "it"))[0] == 0
    assert said(capsys, "export", str(tmp_path / "it"))[0] == 0
    assert (tmp_path / "it" / "export" / "explore_tipping.csv").is_file()
