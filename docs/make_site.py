"""Build the documentation site from README.md, docs/, experiments/ and examples/: `make site` writes build/site/index.html.

The pages are copied with their folders, so that a link works on the site as it does in the repository; a link to a file that is
no page leads to a copy of that file. Nothing is fetched, and the site makes no request.
"""

import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/**/*.md", "experiments/**/*.md", "examples/README.md")
CONTENTS = {
    "Start": ["examples/README", "docs/findings"],
    "Teach with it": ["docs/classroom", "docs/classroom_notes"],
    "Use it": ["docs/commands", "docs/from_your_crm", "docs/large_sweeps", "docs/python", "docs/recipes", "docs/records"],
    "Experiments": ["experiments/*/README"],
    "The model": ["docs/odd", "docs/evidence", "docs/extend"],
    "What holds": ["docs/proofs/README", "docs/proofs/*"],
    "Decisions": ["docs/decisions/*"],
    "Project": ["CONTRIBUTING", "CHANGELOG"],
}
CONF = """project = "salesim"
extensions = ["myst_parser"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
html_theme = "alabaster"
html_theme_options = {"description": "How should we sell as our product turns into a commodity?", "page_width": "1150px",
                      "sidebar_width": "260px", "fixed_sidebar": True, "font_family": "system-ui, sans-serif",
                      "head_font_family": "system-ui, sans-serif", "font_size": "16px"}
html_static_path = ["site_static"]
html_css_files = ["site.css"]
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_show_copyright = False
html_copy_source = False
suppress_warnings = ["toc.excluded", "myst.xref_missing", "misc.highlighting_failure"]
"""
STYLE = """/* What is wider than the page scrolls inside its own box. */
div.body { max-width: none; overflow-wrap: break-word; }
div.body table.docutils { display: block; overflow-x: auto; max-width: 100%; }
div.body img { max-width: 100%; height: auto; }
div.highlight pre { overflow-x: auto; padding: 10px 16px; font-size: 0.85em; }
"""
_LINK = re.compile(r"(?<=\]\()([^)#\s:]+)(?=[)#])")


def assemble(source: Path) -> None:
    """Copy the pages into an empty folder, with a table of contents and what they link to."""
    shutil.rmtree(source, ignore_errors=True)
    for path in (path for pattern in PAGES for path in ROOT.glob(pattern)):
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        parts = _LINK.split(path.read_text(encoding="utf-8"))  # every second one is a link
        parts[1::2] = [on_site(link, path.parent, source) for link in parts[1::2]]
        target.write_text("".join(parts), encoding="utf-8")
    trees = "".join(
        f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n:glob:\n\n" + "\n".join(pages) + "\n```\n\n"
        for caption, pages in CONTENTS.items()
    )
    (source / "index.md").write_text(f"# salesim\n\n```{{include}} README.md\n:start-line: 1\n```\n\n{trees}", encoding="utf-8")
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "site_static").mkdir()
    (source / "site_static" / "site.css").write_text(STYLE, encoding="utf-8")


def on_site(link: str, folder: Path, source: Path) -> str:
    """A link as the site needs it: a folder is its README, and a file that is no page is copied beside the pages."""
    path = (folder / link).resolve()
    if path.is_dir() and (path / "README.md").is_file():
        return f"{link.rstrip('/')}/README.md"
    if path.is_file() and path.suffix != ".md":
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return link


def build(folder: Path) -> int:
    """Build the site in `folder`/site from `folder`/site_source; a broken link or page is an error. Returns the exit code."""
    source = folder / "site_source"
    assemble(source)
    return build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(folder / "site")])


if __name__ == "__main__":
    code = build(ROOT / "build")
    if not code:
        print("Written: build/site/index.html")
    sys.exit(code)
