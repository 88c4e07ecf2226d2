"""Where studies lie, for those who name one that is not there."""

from difflib import get_close_matches
from pathlib import Path

RESULTS = Path("results")  # study.folder as it is shipped
MOST_NAMES = 6
RECORD = "study.json"


def meant_place(folder: Path) -> str:
    """The study that was meant: `mine` is results/mine; else those that are there, or what makes one."""
    if is_study(RESULTS / folder):
        return f"did you mean {RESULTS / folder}?"
    if is_study(folder.parent):
        return f"did you mean {folder.parent}?"
    there = list(dict.fromkeys([*studies_in(folder), *studies_in(folder.parent), *studies_in(RESULTS)]))
    near = get_close_matches(folder.name, [place.name for place in there], n=1, cutoff=0.6)
    if near:
        return f"did you mean {next(place for place in there if place.name == near[0])}?"
    if there:
        more = f" and {len(there) - MOST_NAMES} more" if len(there) > MOST_NAMES else ""
        return f"there are {', '.join(map(str, there[:MOST_NAMES]))}{more}"
    return "`salesim run` and `salesim sweep` make one"


def is_study(folder: Path) -> bool:
    """Whether a folder holds a study."""
    return (folder / RECORD).is_file()


def studies_in(folder: Path) -> list[Path]:
    """The studies in a folder of results, by name."""
    return sorted(inner for inner in folder.iterdir() if is_study(inner)) if folder.is_dir() else []
