"""The market as a Mesa model: initialization, the ten phases of a week, and the records."""

import math
from typing import Any

import mesa
import numpy as np
from scipy.special import betaincinv, ndtri

from salesim.model.enums import Activity
from salesim.model.parameters import Scenario
from salesim.model.records import DEAL, WEEK, Records
from salesim.model.rng import Purpose, uniforms
from tests.reference_model.customers import Customer
from tests.reference_model.deals import Deal
from tests.reference_model.relations import Relation
from tests.reference_model.vendors import Vendor


def play(scenario: Scenario, seed: int) -> Records:
    """The records of a whole run."""
    market = PlainMarket(scenario, seed)
    for _ in range(scenario.weeks):
        market.step()
    return market.records()


class PlainMarket(mesa.Model):
    """The market of a scenario; `step()` plays a week."""

    def __init__(self, scenario: Scenario, seed: int = 0):
        super().__init__(rng=seed)
        self.scenario, self.settings, self.seed = scenario, scenario.market, seed
        self.week = 0
        self.cost_growth = 1.0
        self.deals: list[Deal] = []
        self.rows: list[dict[str, float]] = []
        self.vendors = [Vendor(self, row, vendor) for row, vendor in enumerate(scenario.vendors)]
        self.customers = self.born_customers()
        self.people = [person for vendor in self.vendors for person in vendor.salespeople]
        self.executives = [executive for vendor in self.vendors for executive in vendor.executives]
        self.partners = [partner for vendor in self.vendors for partner in vendor.partners]
        self.introduce()
        self.divide_territories()
        self.install()
        for vendor in self.vendors:
            vendor.assign_sponsors()

    # Birth

    def uniforms(self, purpose: Purpose, occasion: int = 0) -> np.ndarray[Any, Any]:
        """A draw for every customer."""
        return uniforms(self.seed, purpose, np.arange(self.settings.customers.count), occasion)

    def born_customers(self) -> list[Customer]:
        """Customers with their traits."""
        settings = self.settings.customers

        def beta(purpose: Purpose, a: float, b: float) -> np.ndarray[Any, Any]:
            return betaincinv(a, b, self.uniforms(purpose))

        def log_normal(purpose: Purpose, median: float, sigma: float) -> np.ndarray[Any, Any]:
            return median * np.exp(sigma * ndtri(np.clip(self.uniforms(purpose), 1e-12, 1.0 - 1e-12)))

        value_k = log_normal(Purpose.VALUE, settings.value_median_k, settings.value_sigma)
        traits = {
            "complexity": beta(Purpose.COMPLEXITY, settings.complexity_a, settings.complexity_b),
            "competence": beta(Purpose.COMPETENCE, settings.competence_a, settings.competence_b),
            "readiness": beta(Purpose.READINESS, settings.readiness_a, settings.readiness_b),
            "value_k": value_k,
            "list_price_k": settings.list_share * value_k,
            "price_weight": log_normal(Purpose.PRICE_WEIGHT, settings.price_weight, settings.price_weight_sigma),
            "seniority": self.uniforms(Purpose.SENIORITY),
            "channel": self.uniforms(Purpose.ROUTE) < settings.channel_share,
        }
        columns = {name: column.tolist() for name, column in traits.items()}
        return [Customer(self, row, {name: columns[name][row] for name in columns}) for row in range(settings.count)]

    def introduce(self) -> None:
        """Acquaintances: a ring with shortcuts."""
        settings, n = self.settings.customers, self.settings.customers.count
        for place in range(settings.neighbours):
            step = place // 2 + 1 if place % 2 == 0 else -(place // 2 + 1)
            keys = 64 * np.arange(n) + place
            far = uniforms(self.seed, Purpose.ACQUAINTANCE, keys, 0).tolist()
            where = uniforms(self.seed, Purpose.ACQUAINTANCE, keys, 1).tolist()
            for c, customer in enumerate(self.customers):
                other = c + 1 + math.floor(where[c] * max(1, n - 1)) if far[c] < settings.rewiring else c + step
                customer.acquaintances.append(self.customers[other % n])

    def divide_territories(self) -> None:
        """A customer belongs to the seat and the partner with the highest draw."""

        def owners(count: int, start: int) -> list[int]:
            columns = np.array([self.uniforms(Purpose.TERRITORY, start + place) for place in range(count)])
            return np.argmax(columns, axis=0).tolist()

        seats, partners = owners(self.settings.selling.salespeople, 0), owners(self.settings.partners.count, 512)
        for c, customer in enumerate(self.customers):
            for vendor in self.vendors:
                partner = vendor.partners[partners[c]] if customer.channel else None
                person = vendor.salespeople[seats[c]]
                customer.relations.append(Relation(vendor, person, partner, self.settings.trust.initial))
                if partner is None:
                    person.accounts.append(customer)

    def install(self) -> None:
        """Some customers have bought before."""
        share = self.settings.customers.installed_share
        for customer, uniform in zip(self.customers, self.uniforms(Purpose.INSTALLED).tolist(), strict=True):
            if uniform < share:
                customer.has_bought_from(self.vendors[math.floor(uniform / share * len(self.vendors))])

    # A week

    def step(self) -> None:
        """Play a week."""
        for vendor in self.vendors:
            vendor.start_initiative()
        if self.week % 52 == 0:
            self.begin_year()
        self.commoditize()
        for customer, uniform in zip(self.customers, self.uniforms(Purpose.NEED, self.week).tolist(), strict=True):
            customer.feel_need(uniform)
        self.share_hours()
        for deal in self.active_deals():
            deal.go_on()
        for customer in sorted(self.those_who_are(Activity.BUYING), key=lambda customer: customer.opened_week):
            customer.decide()
        for customer in self.those_who_are(Activity.DELIVERY):
            customer.receive()
        for customer in self.customers:
            customer.renew()
        for vendor in self.vendors:
            vendor.manage_people()
        self.write_week()
        self.week += 1

    def begin_year(self) -> None:
        """Rivals may copy the vendor that earned the most in the year before; headcounts and partners follow the year."""
        best = max(self.vendors, key=lambda vendor: vendor.year_profit_k)
        if self.week > 0:
            for vendor in self.vendors[1:]:
                vendor.copy(best)
            for vendor in self.vendors:
                vendor.adjust_headcount(self.rows[vendor.row - 52 * len(self.vendors) :: len(self.vendors)])
            for partner in self.partners:
                partner.end_year()
        for vendor in self.vendors:
            vendor.year_profit_k = 0.0

    def those_who_are(self, activity: Activity) -> list[Customer]:
        """Customers who are doing something."""
        return [customer for customer in self.customers if customer.activity == activity]

    def active_deals(self) -> list[Deal]:
        """Deals of all customers who buy or wait for delivery."""
        return [deal for customer in self.customers for deal in customer.deals]

    def commoditize(self) -> None:
        """Leads are imitated and grow old; customers see less difference."""
        settings, years = self.settings.commoditization, self.week / 52.0
        mean = sum(vendor.lead for vendor in self.vendors) / len(self.vendors)
        for vendor in self.vendors:
            vendor.lead += settings.imitation_per_week * (mean - vendor.lead)
            vendor.lead *= 1.0 - settings.obsolescence_per_week
        self.cost_growth = (1.0 + settings.cost_growth_per_year) ** years
        growth = (1.0 + settings.complexity_growth_per_year) ** years
        for customer in self.customers:
            customer.drift(growth)

    def share_hours(self) -> None:
        """Hours are divided before any are used."""
        for seller in (*self.people, *self.partners):
            seller.working = 0
        for executive in self.executives:
            executive.demand = 0.0
        for deal in self.active_deals():
            deal.count_work()
        for agent in (*self.people, *self.partners, *self.executives):
            agent.share_hours()

    # The records

    def write_week(self) -> None:
        """The week's rows."""
        sameness = sum([customer.perceived_sameness for customer in self.customers]) / len(self.customers)
        reference = sum([customer.reference for customer in self.customers]) / len(self.customers)
        self.rows += [vendor.close_week(sameness, reference) for vendor in self.vendors]

    def records(self) -> Records:
        """What the run leaves behind so far."""
        for deal in self.deals:
            deal.sum_fees(self.week)
        deals, weeks = np.zeros(len(self.deals), DEAL), np.zeros(len(self.rows), WEEK)
        for name in DEAL.names or ():
            deals[name] = [getattr(deal, name) for deal in self.deals]
        for name in WEEK.names or ():
            weeks[name] = [row[name] for row in self.rows]
        return Records(deals.view(np.recarray), weeks.view(np.recarray), self.week, len(self.vendors))
