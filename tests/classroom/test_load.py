"""The load script with few phones: nothing is lost or counted twice. Nothing is timed."""

import classroom as load
from tests.classroom.conftest import SMALL


def test_what_was_confirmed_is_in_the_record_once_though_phones_drop_out():
    lesson = f"defaults: [spiral, _self_]\norder: [join, predict, cut, compete, exit]\n{SMALL}"
    measured, counts = load.measure(10, 1, lesson=lesson, port=8796, spread=0.2)
    asked = 3 + 2  # a curve, a bet, a question, and a card in each of two rounds
    assert len(load.all_of(measured.votes)) == 10 * asked
    assert len(measured.confirmed) == 10 * asked
    assert counts == (0, 0, 0)
    ((used, taken, runs),) = measured.memory
    assert 0.0 < used < taken
    assert runs > 0.0
