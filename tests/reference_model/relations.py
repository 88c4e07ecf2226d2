"""What a customer and a vendor are to each other."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.reference_model.partners import ChannelPartner
    from tests.reference_model.people import Executive, Salesperson
    from tests.reference_model.vendors import Vendor


def moved(level: float, push: float) -> float:
    """A stock from 0 to 1 after a push up or down."""
    push = max(-1.0, min(1.0, push))
    return level + push * (1.0 - level) if push > 0.0 else level + push * level


class Relation:
    """What a customer and a vendor are to each other."""

    __slots__ = (
        "access",
        "executive",
        "experienced",
        "heard_surprise",
        "match",
        "partner",
        "person_weight",
        "salesperson",
        "trust_firm",
        "trust_person",
        "vendor",
    )

    def __init__(self, vendor: "Vendor", salesperson: "Salesperson", partner: "ChannelPartner | None", trust: float):
        self.vendor, self.salesperson, self.partner = vendor, salesperson, partner
        self.executive: Executive | None = None
        self.match = 0.0
        self.person_weight = 0.0
        self.trust_person = self.trust_firm = trust
        self.heard_surprise = 0.0
        self.access = 0.0
        self.experienced: float | None = None

    @property
    def trust(self) -> float:
        """Trust in the person and in the firm, together."""
        return self.person_weight * self.trust_person + (1.0 - self.person_weight) * self.trust_firm

    def goodwill(self) -> float:
        """What the customer's trust is worth, besides all that is offered."""
        return self.vendor.model.settings.worth.trust * (self.trust - 0.5)

    def change_trust(self, push: float) -> None:
        """Both kinds of trust change."""
        self.trust_person, self.trust_firm = moved(self.trust_person, push), moved(self.trust_firm, push)

    def open_access(self, gain: float, hours: float) -> None:
        """Hours open the customer's top."""
        self.access += (1.0 - self.access) * (1.0 - math.exp(-gain * hours))
