"""Tables as Parquet and CSV, whole or not at all; long ones are written row by row, so that memory does not grow with them."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pandas as pd
import pyarrow
from pyarrow import parquet

from salesim.runs.files import cannot_write, temporary, write_whole

GROUP_ROWS = 20_000  # of a table that are held in memory, and make a row group
Columns = Mapping[str, Sequence[Any]]


def write_table(folder: Path, name: str, frame: pd.DataFrame) -> None:
    """Write a whole table as Parquet and CSV."""
    write_whole(folder / f"{name}.parquet", frame.to_parquet(index=False))
    write_whole(folder / f"{name}.csv", frame.to_csv(index=False).encode())


class TableFile(AbstractContextManager["TableFile"]):
    """A table that is being written: `<name>.parquet` and `<name>.csv` in `folder`, which appear when it is closed.

    Types of columns are those of the first rows. If anything goes wrong, the files that were there before stay.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.paths = [folder / f"{name}.parquet", folder / f"{name}.csv"]
        self.columns: dict[str, list[Any]] = {}
        self.n_rows = 0
        self.schema: pyarrow.Schema | None = None
        self.files: list[IO[bytes]] = []
        self.writer: Any = None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self.finish()
            elif isinstance(error, OSError):
                raise error
        except OSError as refusal:
            raise cannot_write(self.paths[0], refusal) from refusal
        finally:
            if self.writer is not None:
                self.writer.is_open = False  # else it writes its end when it is collected, wherever that is
            for file in self.files:
                file.close()
            for path in map(temporary, self.paths):
                path.unlink(missing_ok=True)

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Add one row."""
        self.add({name: [value] for name, value in row.items()}, 1)

    def add(self, columns: Columns, n_rows: int) -> None:
        """Add rows, as columns of equal length; a single value stands for all of them."""
        for name, values in columns.items():
            same = isinstance(values, str) or not hasattr(values, "__len__")
            self.columns.setdefault(name, []).extend([values] * n_rows if same else values)
        self.n_rows += n_rows
        if self.n_rows >= GROUP_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write the rows in memory; the first time, open both files under temporary names."""
        frame, first = pd.DataFrame(self.columns), self.writer is None
        table = pyarrow.Table.from_pandas(frame, schema=self.schema, preserve_index=False)
        if first:
            self.schema, self.files = table.schema, [temporary(path).open("wb") for path in self.paths]
            self.writer = parquet.ParquetWriter(self.files[0], table.schema)
        self.writer.write_table(table)
        frame.to_csv(self.files[1], index=False, header=first)
        self.columns, self.n_rows = {}, 0

    def finish(self) -> None:
        """Write the rest, and put both files in their place. A table without rows has the columns that were added."""
        if self.n_rows or self.writer is None:
            self.flush()
        self.writer.close()
        for file in self.files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for path in self.paths:
            temporary(path).replace(path)
