"""The page of a hand-out in a real browser: one small file that asks for nothing, tests itself, and works without a mouse."""

import re

import pytest

from salesim.classroom.handout.page import MOST_BYTES

TOGGLES = """() => {
    const times = [];
    for (let n = 0; n < 40; n += 1) {
        const start = performance.now();
        Handout.toggle(n % 3);
        document.body.offsetHeight;
        times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
}"""


def checked(tab):
    """Names of the page's own tests, and whether each holds."""
    return dict(tab.evaluate("Handout.check()"))


def answer(tab, section):
    return tab.inner_text(f"#{section}-answer")


def test_the_page_is_small_asks_for_nothing_and_passes_its_own_tests(phone, page, capsys):
    opened = phone.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    times = phone.evaluate(TOGGLES)
    with capsys.disabled():
        size = page.stat().st_size
        print(
            f"\nhand-out: {size / 1000:.0f} kB, opens in {opened:.0f} ms, redraws in {times[20]:.1f} ms (most {times[-1]:.1f})"
        )
    assert size < MOST_BYTES
    assert phone.requested == [page.as_uri()]
    assert phone.errors == []
    results = checked(phone)
    assert len(results) > 15
    assert all(results.values()), results


def test_the_tests_run_by_themselves_if_the_address_asks(phone, page):
    phone.goto("about:blank")
    phone.goto(f"{page.as_uri()}#selftest")
    found = re.match(r"(\d+) of (\d+) checks passed", phone.inner_text("#checked"))
    assert found[1] == found[2]


def test_the_page_notices_a_number_that_was_altered(phone, page, tmp_path):
    text = page.read_text()
    place = text.index('"text":"', text.index('"late"')) + len('"text":"')
    altered = tmp_path / "altered.html"
    altered.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])
    phone.goto(altered.as_uri())
    failed = [name for name, holds in checked(phone).items() if not holds]
    assert "loops, late: 24 numbers, with the sum that was written" in failed


def test_feedbacks_are_cut_from_the_keyboard_and_the_answer_follows(phone):
    before = answer(phone, "loops")
    phone.locator("#switches input").first.focus()
    phone.keyboard.press("Space")
    assert answer(phone, "loops") != before
    assert phone.locator("#loops-source code").inner_text().endswith(" market.loops.discount_sensitivity=0")
    phone.keyboard.press("Space")
    assert answer(phone, "loops") == before


def test_a_prediction_is_drawn_from_the_keyboard_and_by_touch(phone):
    years = phone.locator("#guess-chart input")
    years.nth(1).focus()
    before = float(years.nth(1).input_value())
    phone.keyboard.press("ArrowUp")
    assert float(years.nth(1).input_value()) == pytest.approx(before + 0.01)
    box = phone.locator("#guess-chart svg").last.bounding_box()
    phone.mouse.click(box["x"] + box["width"] - 14, box["y"] + box["height"] - 40)
    assert float(years.nth(9).input_value()) < 0.1
    assert float(years.nth(1).input_value()) == pytest.approx(before + 0.01)
    phone.click("#compare")
    assert "points away from the market" in answer(phone, "guess")


def test_a_reader_with_a_screen_reader_finds_names_and_numbers(phone):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    phone.click("#compare")
    result = axe.Axe().run(phone)
    assert [(each["id"], each["nodes"][0]["html"]) for each in result.response["violations"]] == []
    labels = phone.eval_on_selector_all("main svg[role=img]", "all => all.map(svg => svg.getAttribute('aria-label'))")
    assert len(labels) == 8
    assert all(re.search(r": .*\d", label) for label in labels), labels


def test_the_page_fits_a_phone_and_a_title_stays_text(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.inner_text("h1") == "A small <b>spiral</b>"
    tall = phone.eval_on_selector_all("select, button, #switches label", "all => all.map(e => e.offsetHeight)")
    assert min(tall) >= 48
