"""salesim: how should we sell as our product turns into a commodity?"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesim.runs.study_tables import StudyTables

__version__ = "0.1.0"


def open_study(folder: str | Path) -> "StudyTables":
    """A finished study or sweep as pandas tables. Raises InputError where there is none.

    `open_study("results/three_strategies").runs` has one row a run.
    """
    from salesim.runs.study_tables import StudyTables

    return StudyTables(Path(folder))
