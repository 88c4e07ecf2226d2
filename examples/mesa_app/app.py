"""The market in Mesa's browser interface: let the weeks run, move a slider, reset, and compare.

pip install salesim 'mesa[viz]' 'ipyvuetify<2'
solara run examples/mesa_app/app.py

Without a network connection, install 'solara[assets]' too. Mesa 3 needs the older ipyvuetify.
"""

from mesa.visualization import Slider, SolaraViz, make_plot_component

from salesim import SalesMarket


def over_a_year(part, whole=None):
    """A reporter: the sum of a weekly figure over the last 52 weeks, or its share of another such sum in per cent."""

    def reported(market):
        weeks = market.datacollector.model_vars
        total = sum(weeks[part][-52:])
        return total if whole is None else 100 * total / (sum(weeks[whole][-52:]) or float("nan"))

    return reported


settings = {
    "rng": "42",
    "weeks": 520,
    "contest": "alone",
    "model_reporters": {
        "gross margin of the last 52 weeks (%)": over_a_year("gross_margin_k", "revenue_k"),
        "operating profit of the last 52 weeks (k$)": over_a_year("operating_profit_k"),
        "deals won in the last 52 weeks": over_a_year("won"),
    },
}
model_params = settings | {
    "rng": {"type": "InputText", "value": "42", "label": "seed"},
    "market": {"type": "Select", "value": "teaching", "values": ["teaching", "reference"], "label": "market"},
    "strategy": {
        "type": "Select",
        "value": "pitch",
        "values": ["pitch", "packaged", "diagnostic", "rainmaking"],
        "label": "strategy of vendor 0; its rivals pitch",
    },
    "market.customers.count": Slider("customers", 150, 50, 400, 50),
    "market.commoditization.pressure_per_week": Slider("pressure a week", 0.002, 0.0, 0.006, 0.001),
}
components = [make_plot_component(name) for name in settings["model_reporters"]]
components.append(make_plot_component({"trust": "tab:blue", "perceived_sameness": "tab:orange"}))

market = SalesMarket(**settings, market="teaching", strategy="pitch", **{"market.customers.count": 150})
page = SolaraViz(
    market,
    components=components,
    model_params=model_params,
    name="A market under commoditization",
    play_interval=1,
    render_interval=13,
)
page  # noqa: B018 (what Solara shows)
