"""Who runs a study: threads, processes, or a Dask cluster."""

import os
from dataclasses import dataclass
from typing import Literal

from salesim.config.errors import InputError

Kind = Literal["threads", "processes", "dask"]


@dataclass(frozen=True)
class Workers:
    """Who plays the runs of a study: the kind, how many (0 is one for each core), and the address of a Dask scheduler."""

    kind: Kind = "threads"
    count: int = 0
    address: str = ""

    def __post_init__(self) -> None:
        if self.kind == "dask" and not self.address:
            raise InputError("executor is dask, but executor.address is empty; name the scheduler, as tcp://localhost:8786")
        if self.address and self.kind != "dask":
            raise InputError(
                f"executor.address is {self.address}, but executor is {self.kind}; only executor=dask has an address"
            )

    @property
    def here(self) -> int:
        """How many of this machine."""
        return self.count or os.cpu_count() or 1
