"""The heaviest phases in expressions of polars, hosted by mesa-frames: frames of customers, buying groups and offers.

In it, every week: the pressure on everybody's perceived sameness, the fading of every access, the random number of every idle
customer's need and whose prospecting found it; the deliberation of every buying group and who gives up; worth, bargaining in
all rounds, tastes and choice of every group that agrees. Not in it: new deals, work on them, what offers teach, contracts,
people, records; what sellers ask (cost, floor, the reference price they are seen against) is given. `salesim`'s side has
all but work and people.
"""

from typing import Any

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF
from scipy.special import wrightomega

from recorded import tables_of
from salesim.model.agents.customer import trust_in
from salesim.model.enums import Activity, Stage
from salesim.model.jit import plain
from salesim.model.rng import Purpose, uniforms

NOW = 1
NOTHING = 63


def uniform(seed: int, purpose: int, who: Any, occasion: Any) -> Any:
    """Counter-based random numbers as an expression; `who` and `occasion` are expressions of whole numbers.

    The product's own inside: polars has no shift of bits.
    """

    def numbers(columns: Any) -> pl.Series:
        return pl.Series(uniforms(seed, purpose, *(column.to_numpy() for column in columns)))

    return pl.map_batches([who, occasion], numbers, return_dtype=pl.Float64)


def gumbel(probability: Any) -> Any:
    return -(-probability.clip(1e-300).log()).log()


class Customers(AgentSetPolars):
    """All customers; `step` is a week of pressure, fading and needs."""

    def __init__(self, model: Any, frame: pl.DataFrame):
        super().__init__(model)
        self.add(frame)

    def step(self) -> None:
        """One week."""
        s, model = self.model.s, self.model
        chance = pl.lit(float(s["buying_need_chance"]))
        prospecting = [
            pl.when(pl.col("direct")).then(pl.col(f"prospecting_{v}")).otherwise(0.0) for v in range(model.n_vendors)
        ]
        fading = {f"access_{v}": pl.col(f"access_{v}") * model.access_left for v in range(model.n_vendors)}
        self.agents = (
            self.agents.join(model.prospecting, on="seat", how="left", maintain_order="left")
            .with_columns(
                perceived_sameness=1.0 - (1.0 - pl.col("perceived_sameness")) * model.difference_left,
                **fading,
                uniform=uniform(model.key, Purpose.NEED, pl.col("unique_id"), pl.lit(model.week)),
            )
            .with_columns(in_need=pl.col("idle") & (pl.col("uniform") < sum(prospecting, chance)))
            .drop([f"prospecting_{v}" for v in range(model.n_vendors)])
        )


class Groups(AgentSetPolars):
    """Buying groups that are not yet agreed; `step` is a week of deliberation."""

    def __init__(self, model: Any, frame: pl.DataFrame):
        super().__init__(model)
        self.add(frame)

    def step(self) -> None:
        """One week."""
        s, model = self.model.s, self.model
        ready = model.offers.agents.lazy().filter("ready")
        seen = ready.group_by("group").agg(
            depth=pl.col("depth").max(),
            best=pl.col("access").max(),
            breadth=pl.col("breadth").mean(),
            leased=pl.col("subscription").max(),
        )
        relief = 1.0 - float(s["buying_depth_relief"]) * pl.col("depth")
        package = 1.0 + float(s["buying_package_confusion"]) * pl.col("breadth")
        confusion = (pl.col("complexity") * (1.0 - pl.col("competence")) * relief * package).clip(upper_bound=1.0)
        ratio = pl.when(pl.col("leased") == 1).then(float(s["buying_subscription_consensus"])).otherwise(1.0)
        willing = float(s["buying_convince_chance"]) * (1.0 - confusion) ** 2 * ratio
        chance = (willing * (1.0 + float(s["buying_access_consensus"]) * pl.col("best"))).clip(upper_bound=0.99)
        late = (pl.col("offers_week") >= 0) & (model.week >= pl.col("offers_week") + int(s["buying_late_after_weeks"]))
        able = (pl.col("n_ready") > 0) & ((pl.col("n_working") == 0) | late)
        age = (model.week - pl.col("opened_week")) / float(s["buying_stall_after_weeks"])
        ripe = float(s["buying_stall_chance"]) * age ** float(s["buying_stall_growth"])
        chance_number = uniform(model.key, Purpose.STALL, pl.col("customer"), pl.lit(model.week))
        told = pl.when(able).then(chance * (1.0 - pl.col("conviction"))).otherwise(0.0)
        self.agents = (
            self.agents.lazy()
            .join(seen, on="group", how="left", maintain_order="left")
            .with_columns(conviction=pl.col("conviction") + told)
            .with_columns(agreed=able & (pl.col("conviction") >= pl.col("threshold")))
            .with_columns(stalled=~pl.col("agreed") & (chance_number < ripe * (1.0 - pl.col("conviction"))))
            .drop("depth", "best", "breadth", "leased")
            .collect()
        )


class Offers(AgentSetPolars):
    """Deals of those groups; `step` is bargaining and choice of all that agree."""

    def __init__(self, model: Any, frame: pl.DataFrame):
        super().__init__(model)
        self.add(frame)

    def step(self) -> None:
        """One week; `model.chosen` has a row for every offer of a group that agreed."""
        agreed = self.model.groups.agents.lazy().filter("agreed").select("group", "opened_week")
        table = self.agents.lazy().filter("ready").join(agreed, on="group", maintain_order="left")
        self.model.chosen = self.choose(self.bargain(self.weigh(table)))

    def weigh(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """What offers are worth, and what their sellers think they are."""
        s = {name: float(self.model.s[name]) for name in self.model.s.dtype.names}
        col, group = pl.col, "group"
        persuasion = 1.0 - (-col("presentation_hours") / s["worth_persuasion_hours"]).exp()
        heard = col("trust") + 0.5 * (1.0 - col("trust")) * persuasion * (1.0 - col("competence"))
        heard = heard + (1.0 - heard) * s["worth_credulity"]
        believed = heard * col("promise") + (1.0 - heard) * s["worth_prior"]
        known = pl.max_horizontal(col("depth"), s["worth_spillover"] * col("depth").max().over(group))
        doubt = col("complexity") * (1.0 - col("competence")) * (1.0 - known)
        doubt = doubt * (1.0 - 0.5 * col("trust")) * (1.0 - 0.4 * col("access"))
        doubt = pl.when(col("subscription") == 1).then(doubt * s["worth_subscription_uncertainty"]).otherwise(doubt)
        worth = s["worth_perceived_fit"] * believed + s["worth_lead"] * col("lead") + s["worth_access"] * col("access")
        worth = worth + s["worth_incumbent"] * col("incumbent") - s["worth_uncertainty"] * doubt
        pulled = (1.0 - col("perceived_sameness")) * col("worth") + col("perceived_sameness") * col("worth").mean().over(group)
        lowest = col("worth").min().over(group) - s["bargaining_ignorance_discount"]
        anchor = s["bargaining_reference_weight"] / (1.0 + s["bargaining_reference_weight"]) * col("slope") * col("reference")
        return (
            table.with_columns(worth=worth)
            .with_columns(worth=pulled)
            .with_columns(guess=col("depth") * col("worth") + (1.0 - col("depth")) * lowest)
            .with_columns(appeal=col("worth") + anchor, eager=col("guess") + anchor - col("slope") * col("cost"))
            .with_columns(price=pl.lit(1.0))
        )

    def bargain(self, table: pl.LazyFrame) -> pl.DataFrame:
        """Rounds of best replies; each is a pass over the frame."""
        s, col = self.model.s, pl.col
        nothing, concession = float(s["worth_nothing"]), float(s["bargaining_concession"])
        frame = table.collect()
        for _ in range(int(s["bargaining_rounds"])):
            frame = (
                frame.with_columns(utility=(col("appeal") - col("slope") * col("price")) / col("scale"))
                .with_columns(top=pl.max_horizontal(col("utility").max().over("group"), nothing / col("scale")))
                .with_columns(pull=(col("utility") - col("top")).exp())
                .with_columns(
                    others=col("pull").sum().over("group") - col("pull") + (nothing / col("scale") - col("top")).exp()
                )
                .with_columns(exponent=col("eager") / col("scale") - 1.0 - col("top") - col("others").log())
                .with_columns(odds=col("exponent").map_batches(omega, return_dtype=pl.Float64))
                .with_columns(reply=col("cost") + col("scale") / col("slope") * (1.0 + col("odds")))
                .with_columns(price=col("price") + concession * (col("reply") - col("price")))
            )
        bounded = pl.min_horizontal(1.0, pl.max_horizontal("price", "floor"))
        return frame.with_columns(price=bounded)

    def choose(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Offers with `taken`: the best of its group, and better than nothing."""
        s, key, col = self.model.s, self.model.key, pl.col
        place = col("customer") * 64
        liking = gumbel(uniform(key, Purpose.TASTE, place + col("vendor"), col("opened_week")))
        idle = gumbel(uniform(key, Purpose.TASTE, place + NOTHING, col("opened_week")))
        return (
            frame.with_columns(
                score=col("appeal") - col("slope") * col("price") + col("scale") * liking,
                nothing=float(s["worth_nothing"]) + col("scale") * idle,
            )
            .with_columns(best=col("score").max().over("group"))
            .with_columns(taken=(col("score") == col("best")) & (col("score") > col("nothing")))
        )


def omega(exponents: pl.Series) -> pl.Series:
    return pl.Series(wrightomega(exponents.to_numpy()))


class FrameMarket(ModelDF):
    """A week of a market in frames: its needs from the state before them, its choices from the state before those."""

    def __init__(self, before_needs: Any, before_choices: Any, week: int):
        super().__init__()
        market = before_choices
        self.s, self.key, self.week, self.n_vendors = market.settings[0], market.seed, week, len(market.vendors)
        self.difference_left = float(market.trends["difference_left"][1])
        self.access_left = float(market.trends["access_left"][1])
        seats = before_needs.salespeople["prospecting_rate"].reshape(self.n_vendors, -1)
        self.prospecting = pl.DataFrame(
            {"seat": np.arange(seats.shape[1])} | {f"prospecting_{v}": seats[v].copy() for v in range(self.n_vendors)}
        )
        self.people = Customers(self, customers_of(before_needs))
        groups, offers = groups_of(market, week)
        self.groups, self.offers = Groups(self, groups), Offers(self, offers)
        self.chosen = pl.DataFrame()
        self.agents.add([self.people, self.groups, self.offers])
        self.first = [agents.agents for agents in self.agents._agentsets]

    def again(self) -> None:
        """Back to the state before the week; frames are never written into."""
        for agents, frame in zip(self.agents._agentsets, self.first, strict=True):
            agents.agents = frame

    def step(self) -> None:
        """One week, set after set."""
        for agents in (self.people, self.groups, self.offers):
            agents.step()


def customers_of(market: Any) -> pl.DataFrame:
    """Customers with what is theirs alone."""
    customers, relations = market.customers, market.relations
    columns = {
        "unique_id": np.arange(len(customers)),
        "perceived_sameness": customers["perceived_sameness"],
        "idle": (customers["activity"] == Activity.IDLE),
        "direct": customers["channel"] == 0,
        "seat": relations["salesperson"][:, 0].astype(np.int64),
    }
    columns |= {f"access_{v}": relations["access"][:, v] for v in range(relations.shape[1])}
    return pl.DataFrame({name: np.ascontiguousarray(column) for name, column in columns.items()})


def groups_of(market: Any, week: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Buying groups, and the deals of each with what is known when it chooses."""
    purchases = market.purchases[: int(market.totals["n_purchases"][0])]
    purchases = purchases[(purchases["won"] < 0) & (purchases["n_working"] + purchases["n_ready"] > 0)]
    customers = market.customers[purchases["customer"]]
    names = ("customer", "opened_week", "offers_week", "n_working", "n_ready", "conviction", "threshold")
    groups = {name: purchases[name] for name in names} | {name: customers[name] for name in ("complexity", "competence")}
    at, owner = deals_of(purchases)
    deals, buyers = market.deals[at], customers[owner]
    relations = market.relations[purchases["customer"][owner], deals["vendor"]]
    columns = {name: deals[name] for name in ("customer", "vendor", "subscription", "incumbent")}
    columns |= {name: deals[name] for name in ("depth", "breadth", "presentation_hours", "promise")}
    columns |= {name: buyers[name] for name in ("complexity", "competence", "perceived_sameness")}
    columns |= {"trust": plain(trust_in)(relations), "access": relations["access"]} | asked(market, week, at)
    columns |= {"lead": market.vendors["lead"][deals["vendor"]], "ready": deals["stage"] == Stage.READY}
    return numbered({"group": np.arange(len(purchases))} | groups, 1), numbered({"row": at, "group": owner} | columns, 2)


def deals_of(purchases: Any) -> tuple[Any, Any]:
    """Rows of the purchases' deals, and the place of the purchase of each."""
    counts = purchases["n_deals"].astype(np.int64)
    owner = np.repeat(np.arange(len(purchases)), counts)
    return np.arange(len(owner)) + (purchases["first_deal"] - np.cumsum(counts) + counts)[owner], owner


def asked(market: Any, week: int, at: Any) -> dict[str, Any]:
    """What sellers ask in the deals with these rows, and how their buyers see prices; 0 for those without an offer."""
    tables = tables_of(market, week)
    i, k = np.nonzero(np.arange(tables.offers.shape[1]) < tables.sizes[:, None])
    offers, columns = tables.offers[i, k], {}
    values = {name: offers[name] for name in ("cost", "floor")}
    values |= {"reference": tables.references[i, k], "slope": tables.slopes[i], "scale": tables.scales[i]}
    for name, column in values.items():
        by_deal = np.zeros(len(market.deals))
        by_deal[offers["deal"]] = column
        columns[name] = by_deal[at]
    return columns


def numbered(columns: dict[str, Any], kind: int) -> pl.DataFrame:
    """A frame with an id for every row; ids of mesa-frames are unique over all kinds."""
    found = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    return pl.DataFrame({"unique_id": np.arange(len(next(iter(found.values())))) + kind * 2**40} | found)
