"""An export of opportunities as a table of texts, whatever its separator and encoding; row numbers are those of the file."""

import io
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from salesim.config.errors import InputError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
FIRST_ROW = 2  # of values; the first row of a file has the names of the columns


class Finding(NamedTuple):
    """A trap of the export: how many rows have it, what was done, and how to change that."""

    trap: str
    rows: int  # 0 for what concerns the file as a whole
    done: str
    change: str = ""


def read_export(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    """All cells as texts, indexed by row of the file, without empty rows. Raises InputError that names the row."""
    if not path.is_file():
        raise InputError(f"export is {path}, which is no file; name a CSV, Excel or Parquet file")
    kind = path.suffix.lower()
    if kind in (".xlsx", ".xls", ".parquet"):
        table, findings = read_binary(path, kind), list[Finding]()
    else:
        table, findings = read_text(path)
    table = table.set_axis([str(name).strip() for name in table.columns], axis=1)
    if twice := [name for name in table.columns if re.fullmatch(r".+\.\d+", name) and name.rpartition(".")[0] in table]:
        raise InputError(f"row 1 of {path} names the column {twice[0].rpartition('.')[0]!r} twice; rename one of them")
    table.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(table))
    table = table.fillna("").apply(lambda column: column.str.strip())
    empty = (table == "").all(axis=1)
    if empty.any():
        findings.append(Finding("empty rows", int(empty.sum()), "left out"))
    if empty.all():
        raise InputError(f"{path} has no rows below the first, which names the columns; export the opportunities again")
    return table[~empty], findings


def read_binary(path: Path, kind: str) -> pd.DataFrame:
    """A sheet or a Parquet file as texts. Raises InputError."""
    try:
        if kind == ".parquet":
            table = pd.read_parquet(path)
            return table.astype(object).where(table.notna(), "").astype(str)
        return pd.read_excel(path, dtype=str, na_filter=False)
    except ImportError as error:
        raise InputError(
            f"{path} needs a package that is not installed: pip install 'salesim[excel]', or save as CSV"
        ) from error
    except (ValueError, OSError, KeyError) as error:
        raise InputError(f"{path} cannot be read ({str(error)[:100]}); save it as CSV") from error


def read_text(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    """A text file as texts, with what was found about its encoding and separator. Raises InputError."""
    text, findings = decoded(path.read_bytes())
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    if separator != "," and separator in first:
        findings.append(Finding(f"columns separated by {SEPARATORS[separator]}", 0, "read so"))
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except pd.errors.EmptyDataError as error:
        raise InputError(f"{path} is empty; export the opportunities again") from error
    except pd.errors.ParserError as error:
        raise InputError(f"{path} cannot be read: {odd_row(str(error))}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(
            f"row 2 of {path} has more cells than row 1 names columns (separated by {SEPARATORS[separator]}); a cell with "
            "a separator inside, as a decimal comma, has to stand in quotes"
        )
    return table, findings


def odd_row(text: str) -> str:
    """What pandas says of a row with too many cells, in plain words."""
    match = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", text)
    if not match:
        return f"{text[:100]}; save it as CSV again"
    return (
        f"row {match[2]} has {match[3]} cells and the first row {match[1]}; a cell with a separator inside, as a decimal "
        "comma, has to stand in quotes"
    )


def decoded(raw: bytes) -> tuple[str, list[Finding]]:
    """The text, and what was found about its encoding."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), [Finding("byte-order mark of UTF-16", 0, "read so, and removed")]
    mark = raw.startswith(b"\xef\xbb\xbf")
    findings = [Finding("byte-order mark", 0, "removed")] if mark else []
    try:
        return raw.decode("utf-8-sig"), findings
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), [Finding("not in UTF-8", 0, "read as Windows-1252", "save as UTF-8")]
