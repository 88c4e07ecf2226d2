"""Charts on a slide, which PowerPoint can edit: curves over years, and differences with their intervals."""

import math
from typing import Any

from salesim.report.summary.axis import ticks
from salesim.report.summary.contents import Bar, Contrast, OverTime
from salesim.report.summary.letters import LINE, POINTS
from salesim.report.summary.slide_parts import SMALLEST, Box, Line, inches, points, rgb, write
from salesim.report.text.amounts import contest_title, spaced
from salesim.report.theme import FAINT, INK, Theme, typeset

LEAST_CURVES, AROUND_BARS = 2.3, 0.8  # inches: of a chart of curves, and of title and axis of a chart of bars
YEARS = 12  # on an axis with each of them
ERROR_BARS = (
    '<c:errBars xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:errBarType val="both"/><c:errValType val="cust"/>'
    '<c:noEndCap val="0"/><c:plus>{plus}</c:plus><c:minus>{minus}</c:minus><c:spPr><a:ln w="15875"><a:solidFill>'
    '<a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
)


def curves(slide: Any, box: Box, chart: OverTime, theme: Theme) -> None:
    """Curves over years as a chart of points."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    data = XyChartData()
    for curve in chart.curves:
        series = data.add_series(spaced(curve.arm))
        for year, value in zip(curve.years, curve.values, strict=True):
            series.add_data_point(year, value)
    kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
    drawn = _chart(slide, box, kind, data, f"{chart.title}, {chart.unit}")
    drawn.has_legend, drawn.legend.include_in_layout = True, False
    drawn.legend.position = XL_LEGEND_POSITION.RIGHT
    for curve, series in zip(chart.curves, drawn.plots[0].series, strict=True):
        series.format.line.color.rgb, series.format.line.width = rgb(theme.colour(curve.arm)), points(2)
        series.smooth = False
    last = max(1, math.ceil(max(year for curve in chart.curves for year in curve.years)))
    _axis(drawn.category_axis, "0", (0, last, 1 if last <= YEARS else 5), lines=False)
    drawn.category_axis.has_title = True
    write(drawn.category_axis.axis_title.text_frame, [Line("years from the start", colour=FAINT)])
    marks = ticks((value for curve in chart.curves for value in curve.values), most=4)
    _axis(drawn.value_axis, "#,##0", (marks[0], marks[-1], marks[1] - marks[0]))


def bars_height(chart: Contrast) -> float:
    """Inches that a chart of bars needs for the names of all of them."""
    return AROUND_BARS + sum(_name(bar, chart).count("\n") + 1.05 for bar in chart.bars) * LINE * SMALLEST / POINTS


def bars(slide: Any, box: Box, chart: Contrast, theme: Theme) -> None:
    """Differences as bars with a line for each interval; the names of bars have what the tables print of them."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    shown = list(reversed(chart.bars))  # the first one on top
    data = CategoryChartData()
    data.categories = [_name(bar, chart) for bar in shown]
    data.add_series(chart.title, [bar.value for bar in shown])
    drawn = _chart(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, data, f"{chart.title}, {chart.unit} [interval: thin line]")
    drawn.has_legend, drawn.plots[0].gap_width = False, 60
    series = drawn.plots[0].series[0]
    series.invert_if_negative = False
    for number, bar in enumerate(shown):
        point = series.points[number]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(theme.colour(bar.arm))
    _add_intervals(series, shown)
    marks = ticks((end for bar in shown for end in (bar.value, bar.low, bar.high)), most=4)
    form = "#,##0" if marks[1] - marks[0] >= 1 else "General"
    _axis(drawn.value_axis, form, (marks[0], marks[-1], marks[1] - marks[0]))
    _axis(drawn.category_axis, "", None, lines=False)
    _every_name(drawn.category_axis)


def _name(bar: Bar, chart: Contrast) -> str:
    """What stands beside a bar: its difference with the interval, and its contest below where there are several."""
    several = len({each.contest for each in chart.bars}) > 1
    return typeset(f"{bar.label}: {bar.text}" + (f"\n{contest_title(bar.contest).lower()}" if several else ""))


def _add_intervals(series: Any, shown: list[Bar]) -> None:
    """Lines from the low to the high end of each bar's interval, which python-pptx has no name for; none of a single seed."""
    from pptx.oxml import parse_xml

    if not all(math.isfinite(end) for bar in shown for end in (bar.low, bar.high)):
        return
    plus, minus = (_numbers(sizes) for sizes in zip(*((b.high - b.value, b.value - b.low) for b in shown), strict=True))
    xml = ERROR_BARS.format(plus=plus, minus=minus, colour=INK.removeprefix("#"))
    series._element.find("{*}cat").addprevious(parse_xml(xml))


def _numbers(values: tuple[float, ...]) -> str:
    inner = "".join(f'<c:pt idx="{number}"><c:v>{value!r}</c:v></c:pt>' for number, value in enumerate(values))
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{inner}</c:numLit>'


def _chart(slide: Any, box: Box, kind: Any, data: Any, title: str) -> Any:
    """A chart with a small title."""
    chart = slide.shapes.add_chart(kind, *inches(box), data).chart
    chart.font.size = points(SMALLEST)
    chart.has_title = True
    write(chart.chart_title.text_frame, [Line(title, bold=True)])
    chart.chart_title.include_in_layout = False
    return chart


def _axis(axis: Any, form: str, marks: tuple[float, float, float] | None, *, lines: bool = True) -> None:
    """An axis whose numbers are beside the chart; `marks` are its ends and its step."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    if marks:
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = marks
    axis.has_title, axis.has_major_gridlines = False, lines
    if lines:
        axis.major_gridlines.format.line.color.rgb = rgb("#e3e5e8")
    axis.format.line.color.rgb = rgb(FAINT)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = points(SMALLEST)
    if form:
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False


def _every_name(axis: Any) -> None:
    """No name is left out where they are many."""
    from pptx.oxml import parse_xml

    xml = '<c:tickLblSkip xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" val="1"/>'
    axis._element.find("{*}noMultiLvlLbl").addprevious(parse_xml(xml))
