"""The answers of a study computed again from its finished runs, by the commands that its records name, and compared."""

import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from salesim.analyses.protocol import PLACES, Analysis
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.config.request import request_of
from salesim.runs.files import RECORDS, STUDY, read_json, read_table
from salesim.runs.folder import versions
from salesim.runs.store import model_version
from salesim.runs.verify import Report

NEEDED = (STUDY, "budget.json")  # by the commands, besides the runs
ELSEWHERE = ("folder", "study.folder")
NO_ANSWER = ("damaged", "digest", "failed", "files", "resolved", "records_version", *versions())  # of a record


class KeptRuns:
    """Progress of a command that has to find all its runs finished."""

    repeats = False

    def begin(self, stage: str) -> None:
        """A stage begins; `explain` always repeats the runs whose deals it shows, as deals are not kept."""
        self.repeats = stage.endswith("for their deals")

    def advance(self, done: int, total: int) -> None:
        """Raise InputError if any run would have to be repeated."""
        if done < total and not self.repeats:
            raise InputError(f"{total - done:,} of its runs are not kept, or failed")

    def confirmed(self, *counts: object) -> None:
        """An interim analysis, or the confirmation, has passed."""

    analysed = confirmed


def recomputed(folder: Path) -> Report:
    """Compute everything again that commands left in a study's folder, in a folder of its own, and compare table by table."""
    records = {name: read_json(folder / name, "command") for name in RECORDS if (folder / name).is_file()}
    lines, same = [], True
    for command in dict.fromkeys(record["command"] for record in records.values()):
        mine = {name: record for name, record in records.items() if record["command"] == command}
        try:
            altered = list(altered_answers(folder, command, mine))
        except InputError as error:
            lines.append(f"not computed again from the runs: {command}: {error}")
            continue
        same = same and not altered
        result = f"NOT the same: {', '.join(altered)}" if altered else "the same"
        lines.append(f"verdict and tables computed again from the kept runs, by `{command}`: {result}")
    return Report(lines, same)


def altered_answers(folder: Path, command: str, records: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Names of tables and records that are not what the kept runs give. Raises InputError where that cannot be found out."""
    request = request_of(shlex.split(command)[1:], command)  # with own measures, which count for the version
    if any(record.get("model", model_version()) != model_version() for record in records.values()):
        raise InputError("its runs are of another version of the model")
    analysis: Analysis[Any, Any] = import_module(PLACES[request.command]).ANALYSIS
    words = [word for word in request.words if word.partition("=")[0] not in ELSEWHERE]
    with TemporaryDirectory() as place:
        mirror(folder, Path(place) / next(iter(records.values()))["name"])
        spec = analysis.parse([*words, f"folder={place}"], Composer(request.folders, request.command), command)
        again = analysis.save(spec, analysis.run(spec, KeptRuns()))
        for name, record in records.items():
            now = read_json(again / name)
            if any(record.get(part) != now.get(part) for part in {*record, *now}.difference(NO_ANSWER)):
                yield name
            for table in sorted((again / name).parent.glob("*.parquet")):
                was = (folder / name).with_name(table.name)
                if not read_table(was).equals(read_table(table)):
                    yield was.relative_to(folder).as_posix()
                if was.with_suffix(".csv").read_bytes() != table.with_suffix(".csv").read_bytes():
                    yield was.with_suffix(".csv").relative_to(folder).as_posix()


def mirror(folder: Path, place: Path) -> None:
    """What the commands of a study need, in a place where they may write: links to its finished runs, and some records."""
    for shard in folder.rglob("runs/shard-*.parquet"):
        link = place / shard.relative_to(folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shard.absolute())
    for name in NEEDED:
        if (folder / name).is_file():
            place.mkdir(exist_ok=True)
            shutil.copy(folder / name, place / name)
