"""Small markets that reach every rule, every end of a deal and every bound, as differences from the default."""

FEW = {
    "market.customers.count": 32,
    "market.selling.salespeople": 3,
    "market.executives.count": 2,
    "market.partners.count": 2,
    "weeks": 110,
}
PARTNERS = {"market.customers.channel_share": 0.8, "market.partners.aspiration": 0.2}
RENEWALS = {"market.licences.renewal_every_weeks": 20, "market.licences.renewal_base": 0.0, "weeks": 150}
BUSY = {"market.buying.need_chance": 0.05, "market.buying.stall_after_weeks": 12, "market.buying.stall_chance": 0.01}
CHANGE = {"week": 40, "strategy": "diagnostic", "channel": "hold_and_teach", "licence": "subscription", "training_hours": 30.0}
CHANGES = [
    {"week": 20, "strategy": "packaged", "training_hours": 10.0},
    {"week": 45, "strategy": "rainmaking", "channel": "rebate", "training_hours": 25.0},
    {"week": 70, "strategy": "segmented", "licence": "subscription", "training_hours": 0.0},
    {"week": 71, "strategy": "pitch", "channel": "partner_executives", "licence": "perpetual", "training_hours": 60.0},
    {"week": 100, "strategy": "diagnostic", "channel": "on_request", "training_hours": 40.0},
]
LEFT = {"market.people.leave_per_year": 1.5, "market.people.vacancy_weeks": 5, "strategy.support.accountability": 0.5}
JUDGED_SOON = {"market.programmes.judged_after_weeks": 12}
SPREAD_THIN = {"strategy": "rainmaking", "strategy.structure.executive_hours": 1.0, "market.executives.neglect_hours": 2.0}
FUSSY = {
    "strategy.segmentation.pursue_complexity_min": 0.2,
    "strategy.segmentation.pursue_complexity_max": 0.8,
    "strategy.segmentation.pursue_value_min_k": 60.0,
    "strategy.segmentation.decline_fit_below": 0.7,
}
DISILLUSIONED = {
    "market.trust.disappointment_sameness": 8.0,
    "market.worth.perceived_fit": 1.0,
    "market.worth.uncertainty": 2.0,
    "market.worth.spillover": 0.0,
    "market.worth.nothing": 0.0,
    "market.buying.status_quo_slope": 0.0,
}
LATE = {
    "market.selling.hours_per_week": 4.0,
    "market.buying.convince_chance": 0.6,
    "market.buying.late_after_weeks": 1,
}
LOWER_CAP = {"defaults": ["on_request"], "discount_cap": 0.3}
SIMPLE = {"strategy.systems.simple_diagnosis_hours": 9.0, "strategy.systems.simple_presentation_hours": 2.0}
CONDUCT = {**PARTNERS, "market.partners.conduct": 0.5}
STICKY = {**PARTNERS, "market.partners.sticky_share": 0.6, "market.partners.stickiness": 0.7}
PROPORTION = {"channel": "on_request", **PARTNERS, "market.partners.request_proportion": 0.8}
SHORT_OF_MONEY = {
    **PROPORTION,
    "channel": "rebate",
    "channel.on_request": 1.0,
    "channel.request_step": 0.02,
    "market.partners.rebate_regard": 1.0,
    "market.partners.margin_memory": 0.8,
    "market.worth.perceived_fit": 0.7,
    "market.buying.status_quo_slope": 0.0,
}
LOYAL = {"market.buying.loyalty": 0.9, "market.customers.installed_share": 0.6, "market.trust.installed": 0.8}
STATUS_QUO = {"market.buying.status_quo_slope": 6.0, "market.buying.status_quo_level": 0.2, **BUSY}
SEEN = {"channel": "partner_executives", "rivals.channel": "rebate", "channel.visible": 1.0, "channel.start_discount": 0.5}


def eager(name):
    """A strategy with the same pay for those above quota as others of its market."""
    return {"defaults": [name], "systems": {"quota_accelerator": 0.8}}


QUARTERS = {
    "strategy.systems.quota_accelerator": 0.8,
    "market.buying.quarter_wait": 30.0,
    "contest": "everyone",
    **BUSY,
}
CLOSING = {"strategy.systems.quota_accelerator": 0.8, "market.bargaining.close_now": 0.3, "contest": "everyone", **BUSY}
OUTCOMES = {
    "market.delivery.gap_base": 0.2,
    "market.delivery.gap_complexity": 1.6,
    "market.delivery.outcome_spread": 0.3,
    "market.delivery.rework": 0.5,
    "market.delivery.rework_share": 0.6,
    "market.delivery.foresight": 0.8,
    "strategy.systems.outcome_measuring": 0.7,
}
EXPECTING = {
    "market.trust.expectation_speed": 0.5,
    "market.worth.trust": 0.4,
    "market.worth.credulity": 0.2,
    "market.worth.experience": 0.7,
    "market.trust.word_expectation": 0.6,
    "licence": "subscription",
    **BUSY,
    **RENEWALS,
}
FOR_SUPPORT = {"market.delivery.gap_base": 0.6, "market.delivery.gap_complexity": 2.5, "market.trust.norm": 0.4}
PROGRAMMES = {
    "initiatives": CHANGES,
    "market.programmes.learning_hours": 0.6,
    "market.programmes.pay_follows": 0.8,
    "market.programmes.launch_cost_k": 12.0,
}
POSITION = {
    "strategy.position.headcount": 1.7,
    "strategy.position.unit_cost": 0.8,
    "strategy.position.price_shift": -0.1,
    "market.people.overhead_k": 1.1,
}
GROWN = {"defaults": ["pitch"], "position": {"headcount": 3.0, "unit_cost": 1.2, "price_shift": -0.2}}
RANK = {"market.selling.rank_effect": 0.9, "market.selling.diagnosis_access": 0.1, "strategy": "diagnostic", **BUSY}
COPYING = {
    "market.programmes.copy_chance": 0.8,
    "rivals.strategies": ["pitch", "packaged", "rainmaking", "segmented"],
    "weeks": 170,
    **BUSY,
}
SPONSORED = {  # others copy from vendor 0, then from each other
    **COPYING,
    "market.programmes.copy_chance": 0.4,
    "market.executives.count": 5,
    "market.people.base_pay_k": 0.2,
    "strategy": {"defaults": ["rainmaking"], "structure": {"peer_matching": 0.3}, "segmentation": {"sponsored_share": 0.9}},
    "rivals.strategies": [
        {"defaults": ["rainmaking"], "segmentation": {"pursue_value_min_k": 1e6}, "position": {"unit_cost": cost}}
        for cost in (0.1, 0.2, 0.3, 0.4)
    ],
    "weeks": 240,
}
LEAVING = {
    "market.partners.cost_per_hour_k": 0.1,
    "market.partners.service_cost_k": 3.0,
    "market.partners.least_profit_k": 10.0,
    "market.partners.leave_chance": 0.5,
    "weeks": 190,
}
HEADCOUNT = {
    "market.people.headcount_speed": 0.3,
    "market.people.headcount_target": 0.3,
    "market.people.base_pay_k": 0.1,
    "market.development.share_of_margin": 0.05,
    "market.selling.hours_per_week": 8.0,
    "weeks": 190,
}
POOR = {"market.people.overhead_k": 1.0, "market.people.headcount_least": 0.01}
ROLES = {
    "market.selling.specialist_gain": 0.9,
    "market.selling.handover_hours": 12.0,
    "strategy.structure.specialization": 0.7,
}
SECOND_EDITION = {
    **LEAVING,
    **HEADCOUNT,
    **ROLES,
    **CONDUCT,
    **STICKY,
    **PROPORTION,
    **LOYAL,
    **STATUS_QUO,
    **QUARTERS,
    **CLOSING,
    **OUTCOMES,
    **EXPECTING,
    **PROGRAMMES,
    **POSITION,
    **RANK,
    **COPYING,
    "market.buying.convince_chance": 0.4,
    "initiatives": [change | {"strategy": eager(change["strategy"])} for change in CHANGES],
    "rivals.strategies": [eager(name) for name in ("pitch", "packaged", "rainmaking", "segmented")],
}
del SECOND_EDITION["contest"]

LIMITS = {  # numbers at which rules are inert
    "market.customers.installed_share": 0.0,
    "market.buying.loyalty": 0.0,
    "market.buying.status_quo_slope": 0.0,
    "market.buying.quarter_wait": 0.0,
    "market.worth.trust": 0.0,
    "market.worth.experience": 0.0,
    "market.bargaining.close_now": 0.0,
    "market.selling.rank_effect": 0.0,
    "market.selling.skill_effect": 0.0,
    "market.trust.word_expectation": 0.0,
    "market.delivery.gap_base": 0.0,
    "market.delivery.outcome_spread": 0.0,
    "market.delivery.rework_share": 0.0,
    "market.trust.expectation_speed": 0.0,
    "market.programmes.learning_hours": 0.0,
    "market.programmes.pay_follows": 0.0,
    "market.programmes.launch_cost_k": 0.0,
    "market.people.overhead_k": 0.0,
    "market.partners.conduct": 0.0,
    "market.partners.sticky_share": 0.0,
    "market.partners.request_proportion": 0.0,
}

STRATEGIES = ("pitch", "packaged", "diagnostic", "rainmaking", "segmented")
MARKETS = {
    **{name: {"strategy": name, "contest": "everyone"} for name in STRATEGIES},
    **{name: {"channel": name, **PARTNERS} for name in ("on_request", "hold_and_teach", "rebate", "partner_executives")},
    **{name: {"licence": name, "contest": "everyone", **RENEWALS} for name in ("perpetual", "subscription")},
    "mixed": {"strategy": "diagnostic", "rivals.strategies": ["pitch", "packaged", "rainmaking", "segmented"]},
    "mixed channels": {"channel": "rebate", "rivals.channel": "hold_and_teach", "rivals.licence": "subscription", **PARTNERS},
    "initiative": {"initiatives": [CHANGE]},
    "initiative and partners": {"initiatives": [CHANGE | {"training_hours": 5.0}], **PARTNERS, **SIMPLE, **BUSY},
    "initiatives": {"initiatives": CHANGES, "weeks": 140, **PARTNERS, **BUSY},
    "initiatives of all": {"initiatives": CHANGES, "weeks": 140, "contest": "everyone", **JUDGED_SOON},
    "leavers": {"strategy": "diagnostic", **LEFT},
    "leavers in a programme": {"initiatives": CHANGES[:2], **LEFT, "market.people.leave_cynicism": 3.0},
    "complexity and cost grow": {
        "market.commoditization.complexity_growth_per_year": 0.2,
        "market.commoditization.cost_growth_per_year": 0.3,
        "strategy": "diagnostic",
        "contest": "everyone",
        "strategy.systems.commission_on_margin": 1.0,
    },
    "executives spread thin": SPREAD_THIN,
    "early executives": {**SPREAD_THIN, "strategy.structure.executive_early": 0.9, "strategy.structure.peer_matching": 0.4},
    "fussy": FUSSY | {"contest": "everyone"},
    "fussy and new": {**FUSSY, **BUSY, "initiatives": [CHANGE | {"strategy": "packaged"}]},
    "without partners' customers": {"market.customers.channel_share": 0.0},
    "all through partners": {"market.customers.channel_share": 1.0, "strategy": "packaged"},
    "one vendor": {"rivals.strategies": [], **PARTNERS},
    "no executives": {"market.executives.count": 0},
    "one seat and one partner": {"market.selling.salespeople": 1, "market.partners.count": 1, **BUSY},
    "no acquaintances": {"market.customers.neighbours": 0},
    "everybody knows everybody": {"market.customers.neighbours": 30, "market.customers.rewiring": 0.9},
    "dear": {"market.worth.perceived_fit": 0.8, "market.worth.nothing": 0.2, "market.buying.status_quo_slope": 0.0, **BUSY},
    "talkative": {"market.trust.word_of_mouth": 9.0, "market.trust.word_sameness": 9.0, **BUSY},
    "disillusioned": {"strategy": "diagnostic", **DISILLUSIONED, **BUSY},
    "lower cap": {"initiatives": [{"week": 50, "channel": LOWER_CAP, "training_hours": 0.0}], **PARTNERS},
    "late": {**LATE, **BUSY},
    "cheap": {"market.bargaining.unit_cost_share": 0.05, "strategy.systems.price_authority": 0.3, **PARTNERS},
    "limits": LIMITS,
    "limits of programmes and partners": {**LIMITS, **PARTNERS, **BUSY, "initiatives": CHANGES, "channel": "rebate"},
    "conduct": CONDUCT,
    "conduct of taught partners": {**CONDUCT, "channel": "hold_and_teach", "market.partners.conduct_taught": 1.0},
    "sticky": STICKY,
    "sticky and rebate": {
        **STICKY,
        "channel": "rebate",
        "market.partners.stickiness": 1.0,
        "market.partners.sticky_share": 1.0,
    },
    "sticky in a new programme": {**STICKY, **BUSY, "channel": "on_request", "initiatives": CHANGES},
    "requests in proportion": PROPORTION,
    "requests of those who lose": SHORT_OF_MONEY,
    "loyal": LOYAL | BUSY,
    "status quo": STATUS_QUO,
    "status quo of partners": {**STATUS_QUO, **PARTNERS, **SEEN, "licence": "subscription"},
    "quarters": QUARTERS,
    "quarters of subscribers": {**QUARTERS, "licence": "subscription", "market.buying.stall_chance": 0.2},
    "quarters of the impatient": {
        **QUARTERS,
        "market.buying.convince_chance": 0.3,
        "market.buying.stall_after_weeks": 30,
        "market.buying.stall_chance": 0.3,
    },
    "quarters of the eager": {**QUARTERS, "strategy.systems.quota_accelerator": 1.4, "market.buying.quarter_wait": 90.0},
    "quarters in programmes": {**QUARTERS, "initiatives": CHANGES, "weeks": 140, "market.buying.quarter_wait": 5.0},
    "closing": CLOSING,
    "outcomes": OUTCOMES | BUSY,
    "outcomes hang on support": {**OUTCOMES, **FOR_SUPPORT, **BUSY},
    "expecting": EXPECTING,
    "satisfied": {**EXPECTING, **OUTCOMES, "licence": "perpetual", "market.worth.trust": 0.0},
    "programmes": PROGRAMMES | BUSY,
    "programmes and leavers": {**PROGRAMMES, **LEFT, **PARTNERS, **BUSY},
    "position": POSITION | BUSY,
    "position of partners": {**POSITION, **PARTNERS, "channel": "rebate", "strategy.position.price_shift": 0.2},
    "positions of all": {**POSITION, **BUSY, "contest": "everyone"},
    "a position that changes": {**BUSY, "strategy.position.headcount": 0.4, "initiatives": [CHANGE | {"strategy": GROWN}]},
    "rank": RANK,
    "copying": COPYING,
    "copying a sponsor's work": SPONSORED,
    "copying and initiatives": {**COPYING, **PROGRAMMES, **LEFT},
    "copying what is new": {**COPYING, "initiatives": [CHANGE | {"week": week} for week in (52, 104, 156)]},
    "copying a position": {**COPYING, **POSITION, "rivals.strategies": ["pitch", "rainmaking"]},
    "partners who leave": {**LEAVING, **PARTNERS, **BUSY},
    "taught partners who leave": {**LEAVING, **PARTNERS, **BUSY, "channel": "hold_and_teach", "initiatives": CHANGES},
    "partners who leave with rebates": {**LEAVING, **PARTNERS, **BUSY, "channel": "rebate", "licence": "subscription"},
    "headcount": {**HEADCOUNT, **BUSY},
    "headcount of those who lose": {**HEADCOUNT, **LEFT, **POOR},
    "headcount in programmes": {**HEADCOUNT, **PROGRAMMES, **BUSY, "market.people.headcount_most": 1.2},
    "roles": {**ROLES, "strategy": "rainmaking", "contest": "everyone"},
    "roles without work": {**ROLES, **SPREAD_THIN, "strategy.systems.diagnosis_hours": 0.0, **BUSY},
    "second edition": SECOND_EDITION,
    "second edition through partners": {**SECOND_EDITION, "market.customers.channel_share": 1.0, "channel": "rebate"},
    "second edition, direct": {**SECOND_EDITION, "market.customers.channel_share": 0.0, "contest": "everyone"},
}
