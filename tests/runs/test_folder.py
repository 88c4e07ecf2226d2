"""A study's folder has one writer, holds one study, and says what may have been meant when it is not there."""

import json

import pytest

from salesim.config.errors import InputError
from salesim.runs.folder import open_folder, read_record

SWEEP = {"kind": "sweep", "name": "mine", "command": "salesim sweep", "axes": {"weeks": "52,104"}, "arms": ["pitch"]}


def test_runs_are_kept_in_the_folder_or_in_that_of_an_analysis(tmp_path):
    with open_folder(tmp_path / "mine") as study:
        assert study.store.folder == tmp_path / "mine" / "runs"
    with open_folder(tmp_path / "mine", runs=tmp_path / "mine" / "explain" / "runs") as study:
        assert study.store.folder == tmp_path / "mine" / "explain" / "runs"


def test_a_finished_folder_has_a_record_with_digests_and_the_failed_runs(tmp_path):
    with open_folder(tmp_path, SWEEP) as study:
        (tmp_path / "runs.parquet").write_bytes(b"rows")
        study.finish(SWEEP, {"alone/pitch seed 3": "Traceback"}, ("runs", "points"))
    record = read_record(tmp_path, finished=True)
    assert list(record["files"]) == ["runs.parquet"]
    assert record["failed"] == 1
    assert list(json.loads((tmp_path / "failed.json").read_text())) == ["alone/pitch seed 3"]


def test_a_folder_of_another_kind_of_study_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "study.json").write_text(json.dumps(SWEEP))
    said = "holds a sweep, and this is a study of `salesim run`; give this one a name of its own"
    with pytest.raises(InputError, match=said), open_folder(tmp_path, {"kind": "run"}):
        raise AssertionError("it was opened")


def test_a_second_writer_is_told_which_process_has_the_folder(tmp_path):
    refusal = r"another command \(process \d+\) is writing to"
    with open_folder(tmp_path), pytest.raises(InputError, match=refusal), open_folder(tmp_path):
        raise AssertionError("it was opened twice")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "cannot be read: it is not a whole JSON file, as salesim writes it; give the command that wrote it again"),
        ("{}", "cannot be read"),
        ("{", "cannot be read"),
        ("", "cannot be read: it is empty; give the command that wrote it again"),
        ('{"command": "salesim run", "name": 3}', "it is not the record of a study.*give its command again: salesim run"),
        ('{"command": "salesim run", "name": "x", "files": "abc"}', "it is not the record of a study"),
        ('{"command": "salesim run", "name": "x"}', "its command continues it: salesim run"),
    ],
)
def test_a_record_that_is_damaged_or_not_finished_is_refused(tmp_path, content, message):
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(InputError, match=message):
        read_record(tmp_path, finished=True)
