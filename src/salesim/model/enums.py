"""Codes that rules, records and reports share."""

from enum import IntEnum


class Stage(IntEnum):
    """The stage of a deal."""

    WORKING = 0  # the vendor is working on the offer
    READY = 1  # the customer has the offer
    CLOSED = 2


class Outcome(IntEnum):
    """How a deal ended for its vendor."""

    OPEN = 0
    WON = 1
    LOST = 2
    NO_DECISION = 3


class Cause(IntEnum):
    """Why a deal was not won."""

    NONE = 0  # open or won
    RIVAL = 1  # the customer bought from another vendor
    TOO_LATE = 2  # the offer was not ready when the customer chose
    DECLINED = 3  # the vendor withdrew because its solution fits badly
    VALUE_TOO_LOW = 4  # the outside option (buying nothing) was better, even without uncertainty
    CONFIDENCE_TOO_LOW = 5  # without uncertainty, or confusion in the group, it would have gone on or bought
    STALLED = 6  # dropped for other priorities; the group had agreed, or would not have even without confusion


class Activity(IntEnum):
    """What a customer is doing."""

    IDLE = 0
    BUYING = 1
    DELIVERY = 2  # it has bought and waits for the solution to go live
