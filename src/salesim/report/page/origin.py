"""Where a section says of what it was made."""

from html import escape
from pathlib import Path

from salesim.report.text.origin import Record, remark


def origin_of(words: str, record: Record, folder: Path) -> str:
    """What a section was made from, and a remark where the page of the study in `folder` was made from something else."""
    apart = remark(record, folder)
    return f'<p class="origin">{escape(words)}</p>' + (f'<p class="remark">{escape(apart)}</p>' if apart else "")
