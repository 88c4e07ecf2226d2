"""Both lessons clicked through in a real browser, by mouse and by keyboard; no page asks for anything elsewhere."""

import shutil
from urllib.parse import urlparse

import pytest

from salesim.classroom.limits import Limits
from salesim.classroom.records import Journal
from salesim.classroom.results import Runs
from salesim.classroom.room import Room
from salesim.classroom.session import Session
from tests.classroom.conftest import serving, small

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="checks of accessibility need axe")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")
SIZES = {"phone": (390, 844), "instructor": (1280, 800), "projector": (1280, 720)}


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser):
    """Opens pages in profiles of their own; `hosts` and `trouble` are what all of them asked for and complained of."""

    class Opened:
        hosts, trouble, contexts = set(), [], []

        def __call__(self, role, url):
            width, height = SIZES[role]
            self.contexts.append(browser.new_context(viewport={"width": width, "height": height}))
            page = self.contexts[-1].new_page()
            page.on("request", lambda request: self.hosts.add(urlparse(request.url).netloc))
            page.on("websocket", lambda socket: self.hosts.add(urlparse(socket.url).netloc))
            page.on("pageerror", lambda error: self.trouble.append(str(error)))
            page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
            page.set_default_timeout(15_000)
            page.goto(url)
            return page

    pages = Opened()
    pages.hosts, pages.trouble, pages.contexts = set(), [], []
    yield pages
    for context in pages.contexts:
        context.close()


def session_of(name, own, runs):
    lesson = small(name, own)
    room, mine = Room(lesson), Runs(lesson)
    mine.done = runs.done  # the same market, which need not run twice
    return Session(room, Journal(None, room.apply), mine)


def answer(page, n):
    """Answer what a phone asks: the first phone by keyboard alone."""
    if page.locator("input[type=range]").count():
        if n == 0:
            page.locator("input[type=range]").nth(1).focus()
            for _ in range(3):
                page.keyboard.press("ArrowDown")
            page.locator("input[name=sure]").first.focus()
            page.keyboard.press("Space")
        else:
            box = page.locator("svg[role=img]").bounding_box()
            page.mouse.move(box["x"] + 60, box["y"] + 60)
            page.mouse.down()
            page.mouse.move(box["x"] + 340, box["y"] + 60 + 30 * n, steps=6)
            page.mouse.up()
            page.locator("input[name=sure]").nth(n).check()
    else:
        options = page.locator("input[name=option]")
        for place in range(2 if options.first.get_attribute("type") == "checkbox" else 1):
            options.nth((n + place) % options.count()).check()
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    page.locator("#told", has_text="Sent").wait_for()


@pytest.mark.parametrize("name", ["short", "spiral"])
def test_a_lesson_can_be_held_from_join_to_end(name, own, runs, opened):
    session = session_of(name, own, runs)
    checked, failures = set(), []
    with serving(session, limits=Limits(messages=(1000, 1000))) as (address, server):
        lead = opened("instructor", f"http://{address}/instructor#{server.keys.instructor}")
        wall = opened("projector", f"http://{address}/projector#{server.keys.projector}")
        phones = [opened("phone", f"http://{address}/#{server.keys.code}") for _ in range(3)]
        for place, screen in enumerate(session.room.lesson.screens):
            title = session.room.lesson.steps[screen.step].title["en"]
            for page in (lead, wall, *phones):
                page.locator("h1", has_text=title).wait_for()
            lead.wait_for_selector(f"text=Screen {place + 1} of")
            if screen.key:
                for n, page in enumerate(phones):
                    page.wait_for_selector("#send")
                    answer(page, n)
                wall.wait_for_selector("text=3 / 3")
            kind = (session.room.step.kind, screen.stage)
            if name == "spiral" and kind not in checked:  # which has every screen that the other lesson has
                checked.add(kind)
                failures += [(kind, line) for page in (lead, wall, phones[0]) for line in violations(page)]
                failures += [(kind, line) for line in (*cut_off(lead), *cut_off(wall, "y"), *small_letters(wall))]
            if place + 1 < len(session.room.lesson.screens):
                lead.focus("#next")
                lead.keyboard.press("Enter")
        lead.on("dialog", lambda dialog: dialog.accept())
        lead.click("#end")
        phones[0].wait_for_selector("text=The class is over")
        keys = [screen.key for screen in session.room.lesson.screens if screen.key]
        assert {key: len(given) for key, given in session.room.answers.items()} == dict.fromkeys(keys, 3)
        assert opened.hosts == {address}
    assert not failures
    assert not opened.trouble


def violations(page):
    """What axe says against a page, and targets that are lower than 48 px."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in axe.Axe().run(page).response["violations"]]
    small = "[...document.querySelectorAll('button, .option, .scale label, input[type=text], input[type=number]')]"
    return found + page.evaluate(f"{small}.filter(e => e.getBoundingClientRect().height < 48).map(e => 'low: ' + e.outerHTML)")


def cut_off(page, also=""):
    """Tables that have to be scrolled sideways, and a page that is too wide; with `also` y one that is too high, too."""
    tables = page.evaluate("[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)")
    sides = {"x": "root.scrollWidth - innerWidth", "y": "root.scrollHeight - innerHeight"}
    over = {side: page.evaluate(f"(root => {sides[side]})(document.documentElement)") for side in ("x", *also)}
    return [f"{name} is {by} px too large" for name, by in (*over.items(), *(("table", by) for by in tables)) if by > 0]


def small_letters(page):
    """Texts of the projector that are smaller than its last row of seats can read; questions stand alone, and are larger."""
    size = (
        "e => parseFloat(getComputedStyle(e).fontSize) * [...path(e)].reduce((z, p) => z * (getComputedStyle(p).zoom || 1), 1)"
    )
    path = "function* path(e) { for (; e; e = e.parentElement) yield e; }"
    least = {".asked p": 24, "svg text": 16, "td": 16, ".quiet": 15}
    sizes = {each: page.evaluate(f"{path} [...document.querySelectorAll('{each}')].map({size})") for each in least}
    return [f"{each} has {min(found):.0f} px" for each, found in sizes.items() if found and min(found) < least[each]]


def test_a_phone_sends_no_curve_that_nobody_drew(own, runs, opened):
    session = session_of("short", own, runs)
    with serving(session) as (address, server):
        lead = opened("instructor", f"http://{address}/instructor#{server.keys.instructor}")
        page = opened("phone", f"http://{address}/#{server.keys.code}")
        page.wait_for_selector("text=You are number 1")
        lead.click("#next")
        page.locator("input[name=sure]").first.check()
        sync_api.expect(page.locator("#told")).to_have_text("Still missing: draw your curve.")
        sync_api.expect(page.locator("#send")).to_be_disabled()
        page.locator("input[type=range]").nth(1).press("ArrowDown")
        sync_api.expect(page.locator("#send")).to_be_enabled()


def test_a_phone_keeps_its_place_over_a_reload_and_a_lost_connection(own, runs, opened):
    session = session_of("short", own, runs)
    with serving(session) as (address, server):
        lead = opened("instructor", f"http://{address}/instructor#{server.keys.instructor}")
        page = opened("phone", f"http://{address}/")
        page.fill("#code", server.keys.code.lower())
        page.click("text=Join")
        page.wait_for_selector("text=You are number 1")
        lead.wait_for_selector("#next")
        lead.click("#next")
        page.wait_for_selector("#send")
        answer(page, 0)
        (given,) = session.room.answers["predict"].values()
        page.reload()
        page.wait_for_selector("text=Sent")
        assert [float(each.input_value()) for each in page.locator("input[type=range]").all()] == given["years"]
        for connection in list(server.connections):
            connection.is_closed = True
            connection.waiting.set()
        page.wait_for_selector("text=No connection")
        sync_api.expect(page.locator("#status")).to_have_text("")
        page.locator("input[type=range]").nth(2).focus()
        page.keyboard.press("ArrowUp")
        page.click("#send")
        page.wait_for_selector("text=Sent")
        assert len(session.room.people) == 1
        assert next(iter(session.room.answers["predict"].values())) != given
