"""The documentation site builds from the pages of the repository, and needs no network."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of myst_parser under the newest Sphinx
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_the_site_builds_without_a_warning_and_every_page_is_in_its_contents(tmp_path):
    found = importlib.util.spec_from_file_location("make_site", ROOT / "docs" / "make_site.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    assert module.build(tmp_path) == 0
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        assert f'href="{page.relative_to(ROOT).with_suffix(".html")}"' in start, page
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', start)
    assert loaded
    assert not [source for source in loaded if "//" in source]
