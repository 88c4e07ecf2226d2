"""Ctrl-C where it must not come in between."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the end: code that is stopped here would lose the interrupt, or make another error of it.

    Processes that are started meanwhile do not get it either. Python stops the main thread, whichever thread the system gave
    the signal to, so blocking it in one thread is not enough.
    """
    in_main = threading.current_thread() is threading.main_thread()
    usual = {stop: handler for stop in STOPS if in_main and callable(handler := signal.getsignal(stop))}
    came = list[int]()
    for stop in usual:
        signal.signal(stop, lambda number, _: came.append(number))
    try:
        with blocked():
            yield
    finally:
        for stop, handler in usual.items():
            signal.signal(stop, handler)
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def blocked() -> Iterator[None]:
    """This thread, and processes that it starts, get no Ctrl-C until the end."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
