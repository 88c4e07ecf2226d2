"""Write docs/picture.png, the head of the report of the last `make run`, with a headless Chromium. Run by `make picture`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "results" / "three_strategies" / "report.html"
PICTURE = Path(__file__).with_name("picture.png")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=8000",
]


def main() -> int:
    """Take the picture; 1 if there is no browser or no report."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None or not REPORT.exists():
        print("This needs chromium on the path, and a report: run `make run` first.", file=sys.stderr)
        return 1
    size = sys.argv[1] if len(sys.argv) > 1 else "1180,1500"
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *QUIET, f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={PICTURE}"]
        subprocess.run([*command, REPORT.as_uri()], check=True, capture_output=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
