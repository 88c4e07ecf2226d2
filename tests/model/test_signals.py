"""What must not be stopped in between is not, and the interrupt is not lost."""

import signal
import threading

import pytest

from salesim.model.signals import undisturbed


def interrupt():
    """Ctrl-C, as the system gives it to this thread."""
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)


def in_another_thread():
    """Ctrl-C, as the system gives it to another thread, which does not block it."""
    thread = threading.Thread(target=interrupt)
    thread.start()
    thread.join()


@pytest.fixture(autouse=True)
def heeded():
    """Ctrl-C means what it usually does, also where the tests were started by a program that ignores it."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


@pytest.fixture
def unblocked():
    """Threads start with Ctrl-C unblocked, as those of a library that started earlier."""
    kept = threading.Thread.run

    def run(thread):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        kept(thread)

    threading.Thread.run = run
    yield
    threading.Thread.run = kept


@pytest.mark.parametrize("stop", [interrupt, in_another_thread])
def test_ctrl_c_waits_until_the_end_whichever_thread_gets_it(stop, unblocked):
    steps = []

    def work():
        with undisturbed():
            stop()
            with undisturbed():
                stop()
            steps.append("done")
        steps.append("beyond the end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == ["done"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_nobody_sent_is_not_raised():
    with undisturbed():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_another_thread_than_the_main_one_goes_undisturbed_too():
    ended = []

    def work():
        with undisturbed():
            ended.append("work")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == ["work"]
