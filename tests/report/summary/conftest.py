"""Three small studies for all tests of summaries: an answer over time, many arms, pairs in two contests."""

import pytest

from salesim.cli import main

SMALL = ("market.customers.count=60", "weeks=208", "market.selling.salespeople=3", "seeds=4", "workers=1", "folder=.")
EXPERIMENTS = ("motive_diagnostic", "margin_spiral", "cisco_channel")


@pytest.fixture(scope="session")
def studies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in EXPERIMENTS:
            assert main(["run", f"experiment={name}", *SMALL]) == 0
            for kind in ("pdf", "pptx"):
                assert main(["export", name, f"format={kind}"]) == 0
    return folder
