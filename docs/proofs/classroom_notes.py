"""The instructor's notes of the shipped lesson, with their numbers: writes docs/classroom_notes.md, and prints it.

python docs/proofs/classroom_notes.py      # one to four minutes
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pages import HERE

from salesim.classroom.handout.command import write_handout
from salesim.cli import line_of
from salesim.config.request import request_of

PAGE = HERE.parent / "classroom_notes.md"
WORDS = ["handout", "lesson=spiral", "notes=true"]

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        code = write_handout(request_of([*WORDS, f"folder={folder}"], line_of(WORDS)))
        if not code:
            shutil.copy(Path(folder) / "handout_spiral" / "spiral_notes.md", PAGE)
            print(PAGE.read_text(encoding="utf-8"))
    sys.exit(code)
