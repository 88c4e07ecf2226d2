"""Parameters of the market that all vendors share; values, units, meanings and sources live in `configs/market/`."""

from dataclasses import fields, is_dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
LONGEST_WEEKS = 10_400  # two centuries
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=100)]  # list prices, weights and rates
Level = Annotated[float, Field(ge=-100, le=100)]
Ratio = Annotated[float, Field(ge=0.001, le=100)]
Shape = Annotated[float, Field(ge=0.01, le=1000)]  # of a beta distribution
LogSpread = Annotated[float, Field(ge=0, le=3)]  # standard deviation of a logarithm; 3 is a factor of 20 either way
Money = Annotated[float, Field(ge=0, le=1_000_000)]  # k$
ProfitGoal = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]  # k$ a year; may be a loss
Price = Annotated[float, Field(ge=0.001, le=1_000_000)]  # k$, of what is divided by
Effort = Annotated[float, Field(ge=0, le=10_000)]  # hours in all
Scale = Annotated[float, Field(ge=0.001, le=10_000)]  # hours in all, of what is divided by
Hours = Annotated[float, Field(ge=0, le=168)]  # a week
SomeHours = Annotated[float, Field(gt=0, le=168)]  # a week
Weeks = Annotated[int, Field(ge=0, le=LONGEST_WEEKS)]
Age = Annotated[int, Field(ge=1, le=LONGEST_WEEKS)]
Period = Annotated[int, Field(ge=1, le=LONGEST_WEEKS)]
Seats = Annotated[int, Field(ge=1, le=1024)]  # of a vendor; the key of a person or partner is vendor * 1024 + position
Switch = Annotated[int, Field(ge=0, le=1)]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, config=STRICT)
class Commoditization:
    """How customers come to perceive offers as the same."""

    initial_sameness: Share
    pressure_per_week: Share
    taste_spread: Amount
    taste_floor: Ratio
    imitation_per_week: Share
    obsolescence_per_week: Share
    complexity_growth_per_year: Annotated[float, Field(ge=-0.5, le=0.5)]
    cost_growth_per_year: Annotated[float, Field(ge=-0.5, le=0.5)]


@dataclass(frozen=True, config=STRICT)
class Customers:
    """Customers and the distributions of their traits."""

    count: Annotated[int, Field(ge=1, le=3_000_000)]  # with 16 vendors, what 16 GB hold
    complexity_a: Shape
    complexity_b: Shape
    competence_a: Shape
    competence_b: Shape
    readiness_a: Shape
    readiness_b: Shape
    value_median_k: Price
    value_sigma: LogSpread
    list_share: Ratio
    price_weight: Ratio
    price_weight_sigma: LogSpread
    installed_share: Share
    initial_reference: Annotated[float, Field(ge=0.01, le=1)]
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
    loyalty: Share
    group_base: Annotated[float, Field(ge=1, le=100)]
    group_complexity: Amount
    convince_chance: Annotated[float, Field(ge=0, lt=1)]
    access_consensus: Amount
    subscription_consensus: Ratio
    package_confusion: Amount
    depth_relief: Share
    late_after_weeks: Weeks
    status_quo_slope: Amount
    status_quo_level: Level
    quarter_wait: Amount
    stall_after_weeks: Age
    stall_chance: Share
    stall_growth: Amount


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
    trust: Amount
    nothing: Level
    prior: Share
    credulity: Share
    experience: Share
    subscription_uncertainty: Share
    spillover: Share
    persuasion_hours: Scale


@dataclass(frozen=True, config=STRICT)
class Bargaining:
    """Costs, price sensitivity and bargaining."""

    rounds: Annotated[int, Field(ge=1, le=200)]
    concession: Annotated[float, Field(gt=0, le=1)]
    reference_weight: Amount
    reference_speed: Share
    discount_expectation_weight: Amount
    discount_expectation_speed: Share
    ignorance_discount: Amount
    revenue_blindness: Share
    close_now: Share
    unit_cost_share: Annotated[float, Field(ge=0, lt=1)]
    package_cost: Amount


@dataclass(frozen=True, config=STRICT)
class Selling:
    """Hours, skill and diagnosis."""

    salespeople: Seats
    hours_per_week: Hours
    hours_per_deal: SomeHours
    diagnosis_scale_hours: Scale
    information_base: Share
    information_trust: Share
    information_access: Share
    diagnosis_access: Amount
    rank_effect: Share
    skill_effect: Share
    know_how_gain: Amount
    know_how_speed: Share
    specialist_gain: Amount
    handover_hours: Effort


@dataclass(frozen=True, config=STRICT)
class Delivery:
    """Delivery: its duration, support, costs and outcome."""

    weeks_base: Annotated[float, Field(ge=0, le=1040)]
    weeks_complexity: Annotated[float, Field(ge=0, le=1040)]
    support_level: Share
    support_change: Share
    support_collaboration: Share
    support_access: Share
    gap_base: Share
    gap_complexity: Amount
    outcome_spread: Share
    foresight: Share
    rework: Amount
    rework_share: Share
    full_support_share: Ratio
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
    installed: Share
    person_weight: Share
    team_share: Share
    loss: Amount
    gain: Amount
    handover: Share
    disappointment_sameness: Amount
    outcome_sameness: Amount
    norm: Share
    expectation_speed: Share
    diagnosis_sameness: Share
    word_of_mouth: Amount
    word_sameness: Amount
    word_expectation: Amount
    executive_gain: Amount


@dataclass(frozen=True, config=STRICT)
class People:
    """How salespeople learn, earn, and leave."""

    initial_skill: Share
    learning_mean: Share
    learning_spread: Share
    practice: Share
    coaching: Share
    sharing: Share
    base_pay_k: Money
    overhead_k: Money
    commission_rate: Share
    margin_target: Annotated[float, Field(ge=0.01, le=1)]
    quota_growth: Ratio
    accustomed_speed: Share
    leave_per_year: Annotated[float, Field(ge=0, lt=10)]
    leave_shortfall: Amount
    leave_cynicism: Amount
    leave_peers: Amount
    vacancy_weeks: Weeks
    vacancy_cover: Share
    hiring_cost_k: Money
    accountability_restraint: Share
    headcount_speed: Share
    headcount_target: Annotated[float, Field(ge=0.05, le=1)]
    headcount_least: Annotated[float, Field(ge=0.01, le=1)]
    headcount_most: Annotated[float, Field(ge=1, le=20)]


@dataclass(frozen=True, config=STRICT)
class Programmes:
    """Initiatives: training, adoption and cynicism."""

    adoption_coaching: Share
    adoption_peers: Share
    adoption_fade: Share
    training_hours: Scale
    learning_hours: Share
    pay_follows: Share
    launch_cost_k: Money
    copy_chance: Share
    copy_training_hours: Amount
    judged_after_weeks: Weeks
    success_adoption: Share
    cynicism_step: Share
    cynicism_healing: Share
    coaching_cost_k: Money
    training_cost_k: Money
    measuring_cost_k: Money


@dataclass(frozen=True, config=STRICT)
class Executives:
    """Senior executives as owners of relationships."""

    count: Annotated[int, Field(ge=0, le=1024)]
    hours_per_account: SomeHours
    access_gain: Amount
    access_fade: Share
    unmatched_effect: Share
    involvement_base: Share
    involvement_speed: Share
    initial_involvement: Share
    neglect_hours: Hours
    neglect_loss: Share
    cost_per_hour_k: Money
    pay_at_stake_k: Money


@dataclass(frozen=True, config=STRICT)
class Partners:
    """Channel partners: discounts, margins and conduct."""

    count: Seats
    hours_per_week: Hours
    skill: Share
    teaching_skill: Share
    promise_inflation: Share
    max_rivals: Annotated[int, Field(ge=0, le=50)]
    conduct: Amount
    conduct_taught: Share
    sticky_share: Share
    stickiness: Share
    aspiration: Share
    request_proportion: Share
    margin_memory: Share
    rebate_regard: Share
    rebate_outcome: Share
    teaching_speed: Share
    teaching_cost_k: Money
    executive_access: Share
    cost_per_hour_k: Money
    service_cost_k: Money
    least_profit_k: ProfitGoal
    leave_chance: Share


@dataclass(frozen=True, config=STRICT)
class Licences:
    """Money over the life of a contract."""

    maintenance_share: Share
    term_weeks: Period
    renewal_every_weeks: Period
    renewal_base: Level
    renewal_slope: Amount
    cancel_trust_loss: Share
    discount_rate_per_year: Annotated[float, Field(ge=0.001, lt=1)]


@dataclass(frozen=True, config=STRICT)
class Development:
    """Product development, paid for by gross margin."""

    initial_lead: Share
    share_of_margin: Share
    full_budget_per_customer_k: Price
    speed: Share


@dataclass(frozen=True, config=STRICT)
class Loops:
    """Feedbacks of the spiral; 1 is on, 0 cuts the link and leaves everything else as it is."""

    reference_price: Switch
    promise_trust: Switch
    outcome_sameness: Switch
    selling_sameness: Switch
    support_budget: Switch
    product_lead: Switch
    discount_sensitivity: Switch
    partner_requests: Switch
    word_of_mouth: Switch


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
