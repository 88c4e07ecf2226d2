"""The record of a study: how it was made, what repeats it, and digests of its tables."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from salesim.config.errors import InputError
from salesim.runs.locate import meant_place
from salesim.runs.store import write_whole
from salesim.version import __version__

PACKAGES = ("mesa", "numpy", "pandas", "numba", "scipy", "plotly", "hydra-core", "pydantic")


def versions() -> dict[str, Any]:
    """Version of salesim, of what it stands on, and the platform, which may differ in the last bit of a logarithm."""
    found = {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}
    return {"salesim": __version__, "versions": found, "platform": f"{platform.system()} {platform.machine()}"}


def read_record(folder: Path) -> dict[str, Any]:
    """The record in a study's folder. Raises InputError where there is none."""
    file = folder / "study.json"
    if not file.is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no study.json; {meant_place(folder)}")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{file} cannot be read: {error}; the command that made the study writes it anew") from error
    if not isinstance(found, dict):
        raise InputError(f"{file} holds no record of a study; the command that made the study writes it anew")
    return found


def check_same(folder: Path, identity: Mapping[str, Any]) -> None:
    """Raise InputError if the folder holds another study than the one with this identity."""
    if not (folder / "study.json").is_file():
        return
    before = read_record(folder)
    kinds = {"run": "a study of `salesim run`", "sweep": "a sweep"}
    was, now = str(before.get("kind", "run")), str(identity["kind"])
    way_out = "give this one a name of its own with name=… or another folder=…"
    if was != now:
        raise InputError(f"{folder} holds {kinds.get(was, was)}, and this is {kinds[now]}; {way_out}")
    for part, value in identity.items():
        if before.get(part, value) != value:  # a record of an earlier version lacks some
            raise InputError(
                f"{folder} holds another sweep, with {part} {said(before.get(part))} where this one has {said(value)}; "
                f"{way_out}"
            )


def replaced(folder: Path, resolved: Mapping[str, Any]) -> str:
    """The command of the study of `salesim run` in the folder, if it had other settings than `resolved` (seeds apart)."""
    file = folder / "resolved.yaml"
    if not file.is_file() or not (folder / "study.json").is_file():
        return ""
    record, before = read_record(folder), yaml.safe_load(file.read_text(encoding="utf-8"))
    same = all(before.get(part) == resolved[part] for part in ("scenario_of", "scenario", "differences"))
    return "" if same or record.get("kind", "run") != "run" else str(record.get("command", ""))


def said(value: Any) -> str:
    """A part of an identity in words."""
    if isinstance(value, Mapping):
        return " ".join(f"{key}={text}" for key, text in value.items()) or "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def write_json(path: Path, content: Any) -> None:
    """A JSON file for people and programs."""
    write_whole(path, json.dumps(content, indent=2).encode())


def finish_record(
    folder: Path, record: Mapping[str, Any], failed: Mapping[str, str], damaged: Sequence[str], tables: Sequence[str]
) -> None:
    """Write what went wrong, and the record with digests of the tables, last of all."""
    if failed:
        write_json(folder / "failed.json", failed)
    else:
        (folder / "failed.json").unlink(missing_ok=True)
    write_json(
        folder / "study.json",
        {**record, "failed": len(failed), "damaged": list(damaged), "files": digests(folder, tables)},
    )


def digests(folder: Path, tables: Sequence[str]) -> dict[str, str]:
    """SHA-256 of each table's Parquet file."""
    return {
        f"{name}.parquet": hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest()
        for name in tables
        if (folder / f"{name}.parquet").is_file()
    }
