"""Parameters of the market that all vendors share; values, units, meanings and sources live in `configs/market/`."""

from dataclasses import fields, is_dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
Weeks = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, config=STRICT)
class Commoditization:
    """How customers come to perceive offers as the same."""

    initial_sameness: Share
    pressure_per_week: Share
    taste_spread: Amount
    taste_floor: Annotated[float, Field(ge=0.001)]
    imitation_per_week: Share
    obsolescence_per_week: Share
    complexity_growth_per_year: Annotated[float, Field(ge=-0.5, le=0.5)]
    cost_growth_per_year: Annotated[float, Field(ge=-0.5, le=0.5)]


@dataclass(frozen=True, config=STRICT)
class Customers:
    """Customers and the distributions of their traits."""

    count: Count
    complexity_a: Positive
    complexity_b: Positive
    competence_a: Positive
    competence_b: Positive
    readiness_a: Positive
    readiness_b: Positive
    value_median_k: Positive
    value_sigma: Amount
    list_share: Positive
    price_weight: Positive
    price_weight_sigma: Amount
    initial_reference: Annotated[float, Field(gt=0, le=1)]
    channel_share: Share
    neighbours: Annotated[int, Field(ge=0, le=64)]
    rewiring: Share


@dataclass(frozen=True, config=STRICT)
class Buying:
    """Needs, invitations, buying groups and their deliberation."""

    need_chance: Share
    prospecting: Amount
    invite_chance: Share
    invite_base: Amount
    invite_trust: Amount
    group_base: Annotated[float, Field(ge=1)]
    group_complexity: Amount
    convince_chance: Annotated[float, Field(ge=0, lt=1)]
    access_consensus: Amount
    subscription_consensus: Positive
    package_confusion: Amount
    depth_relief: Share
    late_after_weeks: Weeks
    stall_after_weeks: Weeks
    stall_chance: Share


@dataclass(frozen=True, config=STRICT)
class Worth:
    """What an offer is worth to a customer, in list prices."""

    complexity_loss: Share
    package_cover: Share
    depth_cover: Share
    perceived_fit: Amount
    lead: Amount
    uncertainty: Amount
    access: Amount
    incumbent: Amount
    nothing: float
    prior: Share
    subscription_uncertainty: Share
    spillover: Share
    persuasion_hours: Positive


@dataclass(frozen=True, config=STRICT)
class Bargaining:
    """Costs, price sensitivity and bargaining."""

    rounds: Annotated[int, Field(ge=1, le=200)]
    concession: Annotated[float, Field(gt=0, le=1)]
    access_patience: Share
    reference_weight: Amount
    reference_speed: Share
    discount_expectation_weight: Amount
    discount_expectation_speed: Share
    ignorance_discount: Amount
    revenue_blindness: Share
    quarter_push: Share
    unit_cost_share: Annotated[float, Field(ge=0, lt=1)]
    package_cost: Amount


@dataclass(frozen=True, config=STRICT)
class Selling:
    """Hours, skill and diagnosis."""

    salespeople: Count
    hours_per_week: Annotated[float, Field(ge=0, le=168)]
    hours_per_deal: Annotated[float, Field(gt=0, le=168)]
    diagnosis_scale_hours: Positive
    information_base: Share
    information_trust: Share
    information_access: Share
    diagnosis_access: Amount
    know_how_gain: Amount
    know_how_speed: Share


@dataclass(frozen=True, config=STRICT)
class Delivery:
    """Delivery: its duration, support, costs and outcome."""

    weeks_base: Amount
    weeks_complexity: Amount
    support_level: Share
    support_change: Share
    support_collaboration: Share
    support_access: Share
    full_support_share: Positive
    change_cost_share: Amount
    collaboration_cost_share: Amount
    standard_erosion: Share
    standard_recovery: Share
    measured_recovery: Share
    initial_support: Share
    budget_speed: Share


@dataclass(frozen=True, config=STRICT)
class Trust:
    """Trust in the person and in the firm, and word of mouth."""

    initial: Share
    person_weight: Share
    team_share: Share
    loss: Amount
    gain: Amount
    handover: Share
    disappointment_sameness: Amount
    outcome_sameness: Amount
    norm: Share
    diagnosis_sameness: Amount
    word_of_mouth: Amount
    word_sameness: Amount
    executive_gain: Amount


@dataclass(frozen=True, config=STRICT)
class People:
    """How salespeople learn, earn, and leave."""

    initial_skill: Share
    learning_mean: Share
    learning_spread: Share
    practice: Amount
    coaching: Amount
    sharing: Amount
    base_pay_k: Amount
    commission_rate: Share
    margin_target: Annotated[float, Field(gt=0, le=1)]
    quota_growth: Positive
    accustomed_speed: Share
    leave_per_year: Annotated[float, Field(ge=0, lt=10)]
    leave_shortfall: Amount
    leave_cynicism: Amount
    leave_peers: Amount
    vacancy_weeks: Weeks
    vacancy_cover: Share
    hiring_cost_k: Amount
    accountability_restraint: Share


@dataclass(frozen=True, config=STRICT)
class Programmes:
    """Initiatives: training, adoption and cynicism."""

    adoption_coaching: Amount
    adoption_peers: Amount
    adoption_fade: Share
    training_hours: Positive
    judged_after_weeks: Weeks
    success_adoption: Share
    cynicism_step: Share
    cynicism_healing: Share
    coaching_cost_k: Amount
    training_cost_k: Amount
    measuring_cost_k: Amount


@dataclass(frozen=True, config=STRICT)
class Executives:
    """Senior executives as owners of relationships."""

    count: Annotated[int, Field(ge=0)]
    hours_per_account: Annotated[float, Field(gt=0, le=168)]
    access_gain: Amount
    access_fade: Share
    unmatched_effect: Share
    involvement_base: Share
    involvement_speed: Share
    initial_involvement: Share
    neglect_hours: Amount
    neglect_loss: Share
    cost_per_hour_k: Amount
    pay_at_stake_k: Amount


@dataclass(frozen=True, config=STRICT)
class Partners:
    """Channel partners: discounts, margins and price limits."""

    count: Count
    hours_per_week: Annotated[float, Field(ge=0, le=168)]
    skill: Share
    teaching_skill: Share
    promise_inflation: Share
    max_rivals: Annotated[int, Field(ge=0, le=50)]
    room_floor: Amount
    room_taught: Amount
    aspiration: Share
    margin_memory: Share
    rebate_regard: Share
    rebate_outcome: Share
    teaching_speed: Share
    teaching_cost_k: Amount
    executive_access: Share


@dataclass(frozen=True, config=STRICT)
class Licences:
    """Money over the life of a contract."""

    maintenance_share: Share
    term_weeks: Count
    renewal_every_weeks: Count
    renewal_base: float
    renewal_slope: Amount
    cancel_trust_loss: Share
    discount_rate_per_year: Annotated[float, Field(ge=0, lt=1)]


@dataclass(frozen=True, config=STRICT)
class Development:
    """Product development, paid for by gross margin."""

    initial_lead: Share
    share_of_margin: Share
    full_budget_k: Positive
    speed: Share


@dataclass(frozen=True, config=STRICT)
class Loops:
    """Feedbacks of the spiral; 1 is on, 0 cuts the link and leaves everything else as it is."""

    reference_price: Literal[0, 1]
    promise_trust: Literal[0, 1]
    outcome_sameness: Literal[0, 1]
    selling_sameness: Literal[0, 1]
    support_budget: Literal[0, 1]
    product_lead: Literal[0, 1]
    discount_sensitivity: Literal[0, 1]
    partner_requests: Literal[0, 1]
    word_of_mouth: Literal[0, 1]


@dataclass(frozen=True, config=STRICT)
class Market:
    """The market all vendors share."""

    commoditization: Commoditization
    customers: Customers
    buying: Buying
    worth: Worth
    bargaining: Bargaining
    selling: Selling
    delivery: Delivery
    trust: Trust
    people: People
    programmes: Programmes
    executives: Executives
    partners: Partners
    licences: Licences
    development: Development
    loops: Loops


def numbers(part: Any, prefix: str = "") -> dict[str, float]:
    """All numbers of a (nested) dataclass, flat: `{"trust_loss": 0.45, …}`; texts and tuples are left out."""
    values: dict[str, float] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            values |= numbers(value, f"{prefix}{field.name}_")
        elif isinstance(value, int | float):
            values[prefix + field.name] = float(value)
    return values
