"""What is printed can be read in every encoding, and means the same."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from salesim.report.console.encoding import PLAIN, READABLE
from salesim.report.text.tables import marked

PACKAGE = Path(__file__).parents[2] / "src" / "salesim"
VERDICTS = ("higher", "lower", "equal", "equivalent", "cannot tell")
ONLY_ON_PAGES = {"✓", "\u00a0"}


def printed_texts():
    """All texts in the package that are no docstrings, but for those of pages and figures, which are UTF-8."""
    for path in PACKAGE.rglob("*.py"):
        if not {"page", "figures"} & set(path.parts) and path.name != "encoding.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_marks_of_better_worse_identical_equivalent_and_unclear_stay_apart_in_every_encoding(encoding):
    marks = [marked(verdict, "up")[1].encode(encoding, READABLE) for verdict in VERDICTS]
    assert len(set(marks)) == len(VERDICTS)
    assert [mark for mark in marks if mark == b"?"] == marks[-1:]


def test_better_is_better_whichever_way_a_measure_goes():
    assert marked("higher", "up") == marked("lower", "down") == ("better", "▲")
    assert marked("lower", "up") == marked("higher", "down") == ("worse", "▼")


def test_every_sign_of_the_package_has_a_plain_one():
    signs = {sign for text in printed_texts() for sign in text if not sign.isascii()} - ONLY_ON_PAGES
    assert {"▲", "…"} <= signs
    assert not signs - PLAIN.keys()


def test_a_letter_that_an_encoding_lacks_is_written_as_its_code_so_that_a_name_stays_that_name():
    assert "Jörg 中".encode("ascii", READABLE) == b"J\\xf6rg \\u4e2d"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_a_command_prints_has_no_question_mark_instead_of_a_sign(tmp_path, encoding):
    words = ["run", "seeds=3", "weeks=26", "market.customers.count=40", "contest=alone", "records=0", "workers=1"]
    call = [sys.executable, "-c", "import sys; from salesim.cli import main; sys.exit(main(sys.argv[1:]))", *words]
    settings = {**os.environ, "PYTHONIOENCODING": encoding}
    ended = subprocess.run(call, cwd=tmp_path, env=settings, capture_output=True, check=True)
    text = ended.stdout.decode(encoding)
    assert "^ better than the baseline, v worse, ? no clear difference" in " ".join(text.split())
    assert "▲" not in text


def test_progress_bars_and_messages_of_refusal_are_readable_in_ascii(tmp_path):
    call = [sys.executable, "-c", "from salesim.cli import main; main(['list', 'x=1'])"]
    call[-1] += "; print('━━╸ 3/10 …')"
    ended = subprocess.run(call, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True)
    assert ended.stdout.decode("ascii").strip() == "--- 3/10 ..."
    assert b"`salesim list` takes no settings" in ended.stderr
