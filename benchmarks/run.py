"""`make bench`: every subject in turn, and the table in the README. `quick` is a minute and writes nothing; `full` is longer.

Further words are names of subjects: `make bench ARGS='scale phases'` measures those, and writes nothing;
`ARGS='--against PATH'` compares the first run and a warm one with those of another checkout.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "build" / "bench" / "peers"
SUBJECTS = (
    "reference",
    "frame_based",
    "bargaining_in_c",
    "scale",
    "phases",
    "layers",
    "many_runs",
    "cold_start",
    "shared_seeds",
)
MODES, AGAINST = ("quick", "full"), "--against"


def main(words: list[str]) -> int:
    """Measure, print, write; 2 for words that are no subject."""
    from rows import table, written

    if words[:1] == [AGAINST] and len(words) == 2:
        return import_module("against").main(Path(words[1]))
    named = [word for word in words if word not in MODES]
    unknown = [word for word in named if word not in SUBJECTS]
    if unknown:
        print(f"{unknown[0]} is no subject; they are {', '.join(SUBJECTS)}, and quick and full", file=sys.stderr)
        return 2
    quick, parts, start = "quick" in words, [], time.perf_counter()
    for name in named or SUBJECTS:
        subject, found = import_module(f"subjects.{name}"), []
        print(f"\n{subject.TITLE}", flush=True)
        for row in subject.rows(quick, "full" in words):
            found.append(row)
            reached = {True: "yes", False: "NO", None: ""}[row.reached]
            print(f"  {row.what:75} {row.figure:>16}  {row.spread:22} {row.target:18} {reached}", flush=True)
        parts.append(table(subject.TITLE, found))
    print(f"\nThat took {time.perf_counter() - start:.0f} s.")
    if not quick and not named:
        written(HERE / "README.md", parts)
        print(f"The table is in {HERE.name}/README.md.")
    return 0


if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent)]  # the reference model is under tests/
    sys.path.append(str(PEERS))
    sys.exit(main(sys.argv[1:]))
