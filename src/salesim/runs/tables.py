"""Tables as Parquet and CSV, written row by row, so that memory does not grow with them, and whole or not at all."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pandas as pd
import pyarrow
from pyarrow import parquet

from salesim.runs.store import refused

ROWS = 20_000  # in memory, and in a row group
Columns = Mapping[str, Sequence[Any]]


class TableFile:
    """A table that is being written: `<name>.parquet` and `<name>.csv` in `folder`, which appear when it is closed.

    Types of columns are those of the first rows. If anything goes wrong, the files that were there before stay.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.paths = [folder / f"{name}.parquet", folder / f"{name}.csv"]
        self.waiting: dict[str, list[Any]] = {}
        self.n_waiting = 0
        self.schema: pyarrow.Schema | None = None
        self.files: list[IO[bytes]] = []
        self.writer: parquet.ParquetWriter | None = None

    def __enter__(self) -> "TableFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self.finish()
        except OSError as trouble:
            raise refused(self.paths[0], trouble) from trouble
        finally:
            for file in self.files:
                file.close()
            for path in map(beside, self.paths):
                path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise refused(self.paths[0], error) from error

    def add_row(self, row: Mapping[str, Any]) -> None:
        """One row more."""
        self.add({name: [value] for name, value in row.items()}, 1)

    def add(self, columns: Columns, n_rows: int) -> None:
        """Some rows more, as columns of equal length; a single value stands for all of them."""
        for name, values in columns.items():
            same = isinstance(values, str) or not hasattr(values, "__len__")
            self.waiting.setdefault(name, []).extend([values] * n_rows if same else values)
        self.n_waiting += n_rows
        if self.n_waiting >= ROWS:
            self.flush()

    def flush(self) -> parquet.ParquetWriter:
        """Write what waits; returns the writer."""
        frame = pd.DataFrame(self.waiting)
        table = pyarrow.Table.from_pandas(frame, schema=self.schema, preserve_index=False)
        first, writer = self.writer is None, self.writer or self.begun(table.schema)
        writer.write_table(table)
        frame.to_csv(self.files[1], index=False, header=first)
        self.waiting, self.n_waiting = {}, 0
        return writer

    def begun(self, schema: pyarrow.Schema) -> parquet.ParquetWriter:
        """The writer of a table with these columns, both files opened beside their places."""
        self.schema = schema
        self.files = [beside(path).open("wb") for path in self.paths]
        self.writer = parquet.ParquetWriter(self.files[0], schema)
        return self.writer

    def finish(self) -> None:
        """Write the rest, and put both files in their place. A table without rows has the columns it was told of."""
        writer = self.flush() if self.n_waiting or self.writer is None else self.writer
        writer.close()
        for file in self.files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for path in self.paths:
            beside(path).replace(path)


def beside(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f"{path.name}.tmp")
