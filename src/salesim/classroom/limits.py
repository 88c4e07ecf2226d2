"""Limits that keep jokers from spoiling a class: of messages, of wrong codes, and of newcomers from one address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Bucket:
    """Lets through `burst` at once, and then `per_second`."""

    burst: float
    per_second: float
    seen: float
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.burst

    def take(self, now: float) -> bool:
        """Whether one more may pass at a time (s)."""
        self.left = min(self.burst, self.left + (now - self.seen) * self.per_second)
        self.seen = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True

    def is_full(self, now: float) -> bool:
        """Whether it has recovered, so that nobody need remember it."""
        return self.left + (now - self.seen) * self.per_second >= self.burst


@dataclass
class Limits:
    """How much one phone, or one address, may send. Many phones can share an address."""

    messages: tuple[float, float] = (20, 5)  # of one connection: at once, and per second
    wrong_codes: tuple[float, float] = (10, 1 / 6)  # from one address
    newcomers: tuple[float, float] = (100, 2)  # from one address
    most_people: int = 300
    most_connections: int = 700  # of phones, some of which are about to drop out
    clock: Callable[[], float] = monotonic
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def take(self, what: str, who: str) -> bool:
        """Whether somebody may do something once more."""
        now = self.clock()
        if len(self.buckets) > 4 * self.most_people:
            self.buckets = {key: bucket for key, bucket in self.buckets.items() if not bucket.is_full(now)}
        burst, per_second = getattr(self, what)
        bucket = self.buckets.setdefault((what, who), Bucket(burst, per_second, now))
        return bucket.take(now)

    def forget(self, what: str, who: str) -> None:
        """Forget somebody who has gone, whose name another one may get."""
        self.buckets.pop((what, who), None)

    def may_try(self, who: str) -> bool:
        """Whether an address has wrong codes left."""
        bucket = self.buckets.get(("wrong_codes", who))
        return bucket is None or bucket.left + (self.clock() - bucket.seen) * bucket.per_second >= 1.0
