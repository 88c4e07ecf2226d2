"""The server: who is let in, what is refused, who sees what, and that a slow or hostile phone harms nobody."""

import asyncio
import gc
import json
import socket
import time
import urllib.request
from collections import Counter

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from salesim.classroom.answers import MOST_BYTES
from salesim.classroom.connections import MOST_REPLIES, Connection
from salesim.classroom.limits import Limits
from tests.classroom.conftest import Client, leader, phone, place_of, serving

CURVE = {"years": [0.4, 0.3, 0.2], "confidence": 3}


def go_to(lead, session, *place):
    """Have the instructor go on to a screen."""
    while session.room.position < place_of(session.room.lesson, *place):
        assert "done" in lead.ask(do="next")


def test_a_phone_joins_answers_and_sees_how_it_fared(served, session):
    address, server = served
    lead, mine = leader(address, server), phone(address, server)
    go_to(lead, session, "predict")
    state = mine.until(lambda state: state["kind"] == "draw")
    assert mine.ask(key=state["key"], value=CURVE)["done"]
    go_to(lead, session, "reveal", "year", 3)
    mine.until(lambda state: state["kind"] == "reveal")
    while len(mine.mine["figures"][0]["series"][1]["mean"]) < 3:
        mine.read()
    market = session.room.results["curve"]["mean"]
    error = sum(abs(a - b) for a, b in zip(CURVE["years"], market, strict=True)) / 3
    assert f"{100 * error:.1f} points" in mine.mine["lines"][0]


def test_the_projector_and_other_phones_are_told_nothing_about_a_person(served, session):
    address, server = served
    lead, first, second = leader(address, server), phone(address, server), phone(address, server)
    projector = Client(address, role="projector", secret=server.keys.projector)
    go_to(lead, session, "cut")
    assert first.ask(key="cut", value=["promise_trust"])["done"]
    go_to(lead, session, "cut", "result")
    people = list(session.room.people)
    for screen in (second, projector):
        state = screen.until(lambda state: state["stage"] == "result")
        text = json.dumps([state, screen.mine])
        assert not [person for person in people if person in text]
        assert first.token not in text
    assert second.mine["lines"] == []


@pytest.mark.parametrize("hello", [{"token": None}, {"token": "x" * 40}, {"token": 7}])
def test_a_stranger_without_the_code_is_not_let_in(served, session, hello):
    address, _ = served
    assert Client(address, role="phone", code="WRONG", **hello).reply["refused"] == "wrong_code"
    assert session.room.people == {}


def test_wrong_codes_run_out_and_then_the_right_one_does_not_help(served):
    address, server = served
    tries = [Client(address, role="phone", code="WRONG").reply["refused"] for _ in range(12)]
    assert tries == ["wrong_code"] * 10 + ["too_many_tries"] * 2
    assert phone(address, server).reply["refused"] == "too_many_tries"


@pytest.mark.parametrize("role", ["projector", "instructor"])
def test_nobody_leads_the_class_without_the_key(served, role):
    address, server = served
    for secret in ("", server.keys.code, None):
        assert Client(address, role=role, secret=secret).reply["refused"] == "key_missing"
    assert "refused" in phone(address, server).ask(do="next")


def test_a_locked_room_lets_nobody_else_in_but_those_who_were_there(served):
    address, server = served
    mine = phone(address, server)
    leader(address, server).ask(do="lock", value=True)
    assert phone(address, server).reply["refused"] == "locked"
    mine.close()
    assert Client(address, role="phone", token=mine.token).mine["number"] == 1


def test_a_phone_that_comes_back_keeps_its_number_its_answer_and_its_seat(served, session):
    address, server = served
    lead, first, mine = leader(address, server), phone(address, server), phone(address, server)
    go_to(lead, session, "compete", "ask", 1)
    mine.until(lambda state: state["kind"] == "compete")
    assert mine.ask(key="compete.1", value="segment")["done"]
    before = mine.mine
    mine.close()
    assert lead.until(lambda state: state["absent"] == [2])["connected"] == 1
    again = Client(address, role="phone", token=mine.token)
    assert again.mine == {**before, "answer": "segment"}
    assert len(session.room.people) == 2
    assert first.mine["number"] == 1


HOSTILE = [
    "", "{", "[]", "null", '{"key":"cut"', "[" * 3000, "\x00" * 10,
    '{"key":"predict","value":{"years":[1e999,0,0],"confidence":3}}',
    '{"key":"predict","value":{"years":[0.1,0.1,' + "9" * 3000 + '],"confidence":3}}',
    '{"key":"predict","value":{"years":[NaN,0,0],"confidence":3}}',
    '{"key":"predict","value":{"years":[0.1,0.1,0.1],"confidence":true}}',
    '{"key":"predict","value":{"years":[0.1,0.1],"confidence":3}}',
    '{"key":"predict","value":{"years":["<img src=x onerror=alert(1)>",0,0],"confidence":3}}',
    '{"key":["predict"],"value":1}', '{"key":"predict","value":{"years":[99,0,0],"confidence":3}}',
    '{"role":"instructor","do":"end"}', '{"key":"predict","value":{"years":[0.1,0.1,0.1],"confidence":1e300}}',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_phone_sends_is_refused_and_recorded_nowhere(served, session, text):
    address, server = served
    lead, mine = leader(address, server), phone(address, server)
    go_to(lead, session, "predict")
    mine.socket.send(text)
    while "refused" not in (got := mine.read()):
        pass
    assert got["text"]
    assert session.room.answers == {}
    assert mine.ask(key="predict", value=CURVE)["done"]


def test_a_message_that_is_too_long_is_refused_and_a_huge_one_ends_its_connection_alone(served, session):
    address, server = served
    first, second = phone(address, server), phone(address, server)
    first.socket.send("x" * (MOST_BYTES + 1))
    while (got := first.read()).get("refused") != "too_long":
        assert "state" in got
    first.socket.send("x" * 1_000_000)
    with pytest.raises(ConnectionClosed):
        first.until(lambda _: False)
    assert second.ask(key="nothing")["refused"] == "closed"


def test_a_phone_that_sends_too_much_is_told_to_wait(served):
    mine = phone(*served)
    refused = [mine.ask(key="nothing")["refused"] for _ in range(40)]
    assert refused[0] == "closed"
    assert refused[-1] == "too_fast"


def test_newcomers_from_one_address_and_people_in_all_are_limited(session):
    with serving(session, limits=Limits(newcomers=(3, 0.001))) as (address, server):
        assert [phone(address, server).reply.get("refused") for _ in range(4)] == [None, None, None, "too_fast"]
        server.limits = Limits(most_people=3)
        assert phone(address, server).reply["refused"] == "full"


def test_a_page_of_another_site_cannot_open_a_socket(served):
    address, _ = served
    with pytest.raises(InvalidStatus):
        connect(f"ws://{address}/socket", origin="http://evil.example")


def test_every_page_forbids_foreign_code_and_foreign_addresses(served):
    address, _ = served
    for path in ("", "projector", "instructor", "static/screen.js", "texts", "code.svg"):
        with urllib.request.urlopen(f"http://{address}/{path}") as answer:
            policy = answer.headers["content-security-policy"]
            text = answer.read().decode()
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert not [each for each in ("https://", "//cdn") if each in text]


def test_what_a_slow_screen_has_not_read_is_replaced_and_whoever_reads_no_replies_is_dropped():
    async def scenario():
        sent, may_send = [], asyncio.Event()

        class Socket:
            async def send_text(self, text):
                await may_send.wait()
                sent.append(text)

            async def close(self):
                sent.append("closed")

        connection = Connection(Socket(), "")
        sender = asyncio.create_task(connection.send_all())
        for number in range(1000):
            connection.show(b"%d" % number)
            await asyncio.sleep(0)
        may_send.set()
        while len(sent) < 2:
            await asyncio.sleep(0)
        states = list(sent)
        may_send.clear()
        for number in range(MOST_REPLIES + 2):
            connection.reply({"done": number})
        may_send.set()
        await sender
        return states, sent

    states, sent = asyncio.run(scenario())
    assert states == ["0", "999"]
    assert sent[-1] == "closed"


def test_a_second_press_while_runs_are_made_does_nothing(session):
    async def scenario():
        await asyncio.gather(session.go(1), session.go(1), session.go(2))

    asyncio.run(scenario())
    assert session.room.position == 1


def test_the_hands_that_the_instructor_counts_take_the_place_of_phones(session):
    with serving(session, hands=True) as (address, server):
        lead = leader(address, server)
        go_to(lead, session, "predict")
        lead.ask(do="counts", value={"0.3": 4, "0.1": 2})
        assert "refused" in lead.ask(do="counts", value={"0.3": 10**9})
        go_to(lead, session, "cut")
        lead.ask(do="counts", value={"promise_trust": 3, "product_lead": 0})
        state = lead.until(lambda state: state["kind"] == "cut" and state["answered"])
        assert state["answered"] == 3
        assert session.room.counts == {"predict": {"0.3": 4, "0.1": 2}, "cut": {"promise_trust": 3}}


def test_a_minute_more_is_added_to_what_is_left(served, session):
    address, server = served
    lead = leader(address, server)
    go_to(lead, session, "predict")
    lead.ask(do="pause", value=True)
    before = session.room.timer.left
    lead.ask(do="timer", value=60)
    assert session.room.timer.left == pytest.approx(before + 60.0)
    assert "refused" in lead.ask(do="timer", value=1e300)


def held():
    """How many objects of connections there are."""
    gc.collect()
    kinds = {"Connection", "WebSocket", "WebSocketsSansIOProtocol", "ServerProtocol", "Queue", "Task", "TransportSocket"}
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each).__name__ in kinds)


@pytest.mark.parametrize("is_rude", [False, True])
def test_all_that_phones_held_is_given_back_when_they_have_gone(served, is_rude):
    address, server = served
    lead = leader(address, server)
    assert "done" in lead.ask(do="next")
    before = held()
    phones = [phone(address, server) for _ in range(10)]
    assert held()["WebSocketsSansIOProtocol"] == before["WebSocketsSansIOProtocol"] + 10
    for each in phones:
        each.socket.socket.shutdown(socket.SHUT_RDWR) if is_rude else each.close()
    del phones, each
    for _ in range(200):
        if held() == before:
            break
        time.sleep(0.05)
    assert held() == before


def test_nothing_is_remembered_of_a_connection_that_has_gone(served):
    address, server = served
    phone(address, server).close()
    leader(address, server).ask(do="next")
    while len(server.connections) > 1:
        time.sleep(0.01)
    assert [what for what, _ in server.limits.buckets].count("messages") == 1
