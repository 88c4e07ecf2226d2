"""Pages in a real browser, one of each kind of study: on a screen, on a phone, on paper, and for those who do not see them."""

import shutil
from pathlib import Path

import pytest

from salesim.cli import main
from salesim.report.page.study_page import write_page
from tests.report.conftest import write_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the path")
SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "workers=1")
AXES = ("market.customers.complexity_a=interval(0.8,4)", "market.commoditization.pressure_per_week=interval(0,0.002)")
NO_LOOPS = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth", "support_budget"))
FEW = ("points=250", "waves=0", "worlds=20", "checks=2")
WEEKS = {"explore": 26, "explain": 208}  # the shortest that each can do with; the others take 78
KINDS = {
    "run": ("run", "seeds=2"),
    "compare": ("compare", "interim_analyses=[10,20]", "contest=alone"),
    "sweep": ("sweep", "market.commoditization.pressure_per_week=0,0.001", "market.customers.complexity_a=1,2", "seeds=2"),
    "explore": ("explore", *AXES, "points=16", "trajectories=0", "seeds=3", "most_seeds=3", "contest=alone"),
    "explain": ("explain", "seeds=4", "contest=alone", *NO_LOOPS),
    "fit": ("fit", "targets=numbers.yaml", *FEW),
}
PHONE, SCREEN = {"width": 420, "height": 900}, {"width": 1400, "height": 900}
PAPER = {"width": 703, "height": 964}  # what Letter leaves within its margins
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !element.closest('.scroll > *, svg');
}).map((element) => element.outerHTML.slice(0, 120))"""

ILLEGIBLE = """() => [...document.querySelectorAll('.figure')].flatMap((figure) => {
  const found = [], frame = figure.getBoundingClientRect(), legend = figure.querySelector('.legend .bg');
  const oblique = (text) => ![0, 90].includes(Math.abs(/rotate\\((-?[0-9.]+)/.exec(text.getAttribute('transform'))?.[1] ?? 0));
  const seen = [...figure.querySelectorAll('text')].filter((text) => text.textContent.trim() && !oblique(text));
  const texts = seen.map((text) => ({ text, words: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ text, box }) => box.width > 0 && getComputedStyle(text).visibility !== 'hidden');
  const key = legend ? [{ words: 'legend', box: legend.getBoundingClientRect() }] : [];
  const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  texts.forEach(({ text, words, box }, at) => {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
      found.push(`${figure.id}: ${words} is cut`);
    const others = [...texts.slice(at + 1), ...(text.closest('.legend') ? [] : key)];
    others.filter((other) => over(box, other.box)).forEach((other) => found.push(`${figure.id}: ${words} on ${other.words}`));
  });
  return found;
})"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Reports by the command that makes them, and one of a study with eleven arms."""
    folder = tmp_path_factory.mktemp("studies")
    (folder / "numbers.yaml").write_text("gross_margin: {value: 0.45, standard_error: 0.03}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, (command, *words) in KINDS.items():
            assert main([command, *SMALL, f"weeks={WEEKS.get(name, 78)}", "folder=.", f"name={name}", *words]) == 0
    (folder / "many").mkdir()
    write_study(folder / "many", [f"arm_with_a_name_{number}" for number in range(11)], 3, ["alone", "everyone"], "many")
    write_page(folder / "many")
    return {name: next(folder.glob(f"*{name}/report.html")) for name in (*KINDS, "many")}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


def opened(browser, path: Path, size: dict[str, int], said: list[str]):
    """A page at a size of window; requests and errors are added to `said`."""
    page = browser.new_page(viewport=size)
    page.on("request", lambda request: said.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("kind", [*KINDS, "many"])
def test_a_page_is_for_everybody_and_fits_a_phone(pages, browser, kind):
    from axe_playwright_python.sync_playwright import Axe

    said: list[str] = []
    page = opened(browser, pages[kind], PHONE, said)
    assert said == [pages[kind].as_uri()], "a page asks for nothing and has no error"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
    assert page.evaluate(OUTSIDE) == []
    faults = Axe().run(page, {"exclude": [[".figure > *"]]}, {"resultTypes": ["violations"]}).response["violations"]
    assert [(fault["id"], node["html"][:120]) for fault in faults for node in fault["nodes"]] == []
    assert pages[kind].stat().st_size < 2_000_000


@pytest.mark.parametrize("kind", [*KINDS, "many"])
def test_no_text_of_a_figure_is_cut_or_lies_on_another_on_a_screen_a_phone_or_paper(pages, browser, kind):
    for size in (SCREEN, PHONE, PAPER):
        page = opened(browser, pages[kind], size, [])
        page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
        if size == PAPER:
            page.emulate_media(media="print")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.wait_for_timeout(200)  # what was folded is drawn again
        assert page.locator(".figure text").count() or kind == "fit"
        assert page.evaluate(ILLEGIBLE) == []
        page.close()


def test_the_first_sheet_of_a_print_is_the_summary_and_no_figure_is_higher_than_a_sheet(pages, browser):
    page = opened(browser, pages["run"], PAPER, [])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    first = page.locator(".sheet").bounding_box()
    assert first["y"] + first["height"] < 964
    assert {"Answer", "The answer in figures"} == set(page.locator(".sheet h2").all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    boxes = [figure.bounding_box() for figure in page.locator(".figure svg.main-svg").all()]
    assert max(box["height"] for box in boxes) <= 740
    assert max(box["x"] + box["width"] for box in boxes) <= 703
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).breakAfter") == "page"
    assert page.evaluate("getComputedStyle(document.querySelector('.figure')).breakInside") == "avoid"
