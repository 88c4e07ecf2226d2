"""A small lesson of a person's own, and its hand-out, made once; and the page in a real browser."""

import shutil

import pytest

from salesim.cli import main

LESSON = """
title: {en: A small <b>spiral</b>}
about: {en: For tests.}
market: teaching
compared_market: reference
strategy: pitch
seeds: 20
lowest_margin: 0.0
highest_margin: 0.8
most_markets: 1
first_card: pitch
watched_card: diagnose
order: [join]
steps:
  join: {kind: text, minutes: 1.0, title: {en: Welcome}, text: {en: Welcome.}, notes: {en: Wait.}}
settings: {market.customers.count: 60}
first_seed: 3
rounds: 2
weeks_per_round: 260
training_hours: 40.0
cards:
  pitch: {strategy: pitch, label: {en: Pitch}, about: {en: Present.}}
  diagnose: {strategy: diagnostic, label: {en: Diagnose}, about: {en: Ask.}}
loops:
  discount_sensitivity: {label: {en: Discounts}}
  promise_trust: {label: {en: Promises}}
  product_lead: {label: {en: Product}}
"""
HANDOUT = """
lesson: small
seeds: 3
cards: [pitch, diagnose]
notes: false
levers:
  market.commoditization.pressure_per_week: {title: Pressure, values: [0.0, 0.002], names: [none, some]}
"""
NOTES = "# Notes\n\nThe margin falls by {{fall}} points in {{n_seeds}} runs.\n\n{{table_cuts}}\n"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handout")
    for name, text in (("lesson/small.yaml", LESSON), ("handout/small.yaml", HANDOUT), ("lesson/small_notes.md", NOTES)):
        (folder / "own" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "own" / name).write_text(text)
    return folder


@pytest.fixture
def handout(folder, monkeypatch):
    """A function that gives the command in the folder."""
    monkeypatch.chdir(folder)

    def made(*words):
        chosen = [] if any(word.startswith("handout=") for word in words) else ["handout=small"]
        return main(["handout", "--config-dir", "own", *chosen, *words])

    return made


@pytest.fixture
def page(handout, folder, capsys):
    """The path of the page; its runs are made once."""
    assert handout() == 0
    return folder / "results" / "handout_small" / "small.html"


@pytest.fixture(scope="module")  # not longer: two of its kind cannot be open at the same time
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium, page):
    """The page on a phone; whatever it requests is in `requested`, its errors in `errors`."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    tab = context.new_page()
    tab.requested, tab.errors = [], []
    tab.on("request", lambda request: tab.requested.append(request.url))
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.on("console", lambda message: tab.errors.append(message.text))
    tab.goto(page.as_uri())
    yield tab
    context.close()
