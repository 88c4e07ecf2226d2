"""A server that is killed in any activity resumes the class where it was, with the same codes, and nothing is lost."""

import signal
import urllib.parse

from salesim.classroom.lesson import lesson_of
from salesim.config.config_files import configs_folder
from tests.classroom.conftest import Client, place_of, program

ANSWERS = {
    "predict": {"years": [0.4, 0.3, 0.2], "confidence": 3},
    "cut": ["promise_trust"],
    "compete": "segment",
    "exit": "memory",
}


def screens(places):
    """The address of the server, and the keys of instructor and phones."""
    found = [urllib.parse.urlparse(places[name]) for name in ("Instructor", "Phones")]
    return found[0].netloc, found[0].fragment, found[1].fragment


def test_a_killed_server_resumes_the_class_in_every_activity(own, tmp_path):
    lesson = lesson_of("tiny", (own, configs_folder()))
    tokens, place, answered = [None, None], 0, {}
    for step in (*ANSWERS, None):
        with program(own, tmp_path, "lesson=tiny") as (process, places):
            address, key, code = screens(places)
            phones = [Client(address, role="phone", code=code, token=token) for token in tokens]
            tokens = [phone.token for phone in phones]
            assert [phone.mine["number"] for phone in phones] == [1, 2]
            assert {phone.state["place"] for phone in phones} == {place}
            assert [phone.mine["answer"] for phone in phones] == answered.get(place, [None, None])
            if step:
                lead = Client(address, role="instructor", secret=key)
                while place < place_of(lesson, step):
                    assert "done" in lead.ask(do="next")
                    place += 1
                state = phones[0].until(lambda state, place=place: state["place"] == place)
                assert "done" in phones[0].ask(key=state["key"], value=ANSWERS[step])
                answered[place] = [ANSWERS[step], None]
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
