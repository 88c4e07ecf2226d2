"use strict";
/* Charts as SVG, drawn without a library: lines with bands, bars, a histogram, and a curve that a person draws.

   Every function draws into `host`, an empty block element, and may be called again with other options: it replaces what it drew.
   Values are numbers; `format` turns one into text (percent if not given). Each chart carries its text alternative: a sentence
   for screen readers and, with `table: true`, a table that can be unfolded. Replace `Drawing.words` for another language. */
const Drawing = (() => {
  const COLOURS = ["#0b62a4", "#b34700", "#00735c", "#8a3a7a", "#4d4d4d", "#7a5c00"]; // 4.5 to 1 or more on white
  const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 4"];
  const words = { year: "Year", numbers: "The numbers", from: "from", to: "to", mean: "mean" };
  const percent = (value) => new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent" }).format(value);
  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* An element of SVG or HTML with attributes; `inside` is a text or a list of elements. */
  function make(name, attributes = {}, inside = "", space = "http://www.w3.org/2000/svg") {
    const made = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes))
      if (key === "style") made.style.cssText = value; // which a content security policy permits
      else made.setAttribute(key, value);
    made.append(...(Array.isArray(inside) ? inside : [inside]));
    return made;
  }
  const html = (name, attributes, inside) => make(name, attributes, inside, "http://www.w3.org/1999/xhtml");
  const text = (x, y, label, more = {}) => make("text", { x, y, fill: "currentColor", "font-size": 13, ...more }, label);
  const rule = (x1, y1, x2, y2, more = {}) => make("line", { x1, y1, x2, y2, stroke: "currentColor", ...more });

  /* About `n` round values from low to high. */
  function ticks(low, high, n = 5) {
    const raw = (high - low) / n, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].find((each) => each * power >= raw) * power;
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  }

  /* Puts a figure into its host: legend, drawing, numbers. It is drawn again when the width of the host changes. */
  function show(host, options, draw) {
    if (!host.shown) {
      host.shown = { width: 0, unfolded: false };
      new ResizeObserver(() => host.clientWidth && host.clientWidth !== host.shown.width && host.shown.again()).observe(host);
    }
    host.shown.again = () => {
      const width = (host.shown.width = host.clientWidth || 640);
      const svg = draw(width), height = svg.getAttribute("height");
      for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img" }))
        svg.setAttribute(key, value);
      svg.setAttribute("aria-label", `${options.title}. ${options.said}`);
      host.replaceChildren(...[options.legend, svg, options.table && unfolding(host, options)].filter(Boolean));
    };
    host.shown.again();
  }

  /* The numbers of a chart as a table that stays unfolded while the chart is drawn again. */
  function unfolding(host, { title, rows }) {
    const [head, ...body] = rows.map((row, place) =>
      html("tr", {}, row.map((cell, column) => html(place && column ? "td" : "th", place ? (column ? {} : { scope: "row" }) : { scope: "col" }, cell))));
    const table = html("table", {}, [html("caption", {}, title), html("thead", {}, [head]), html("tbody", {}, body)]);
    const details = html("details", host.shown.unfolded ? { open: "" } : {}, [html("summary", {}, words.numbers), table]);
    details.addEventListener("toggle", () => { host.shown.unfolded = details.open; });
    return details;
  }

  /* The look of series `place`, each with a colour and a dash of its own. */
  const look = (each, place) => ({
    stroke: each.colour || COLOURS[place % COLOURS.length], "stroke-dasharray": each.dash ?? DASHES[place % DASHES.length],
    "stroke-width": each.width || 2.5, fill: "none", "stroke-linejoin": "round",
  });

  function legendOf(series) {
    const items = series.map((each, place) => html("li", { style: "display:inline-block;margin-right:1em" }, [
      make("svg", { width: 30, height: 12, "aria-hidden": "true" }, [rule(0, 6, 30, 6, look(each, place))]), ` ${each.name}`]));
    return html("ul", { style: "list-style:none;margin:0;padding:0" }, items);
  }

  /* Axes of years and values: the group to draw on, and the place of a year (from 0) and of a value. */
  function axes(width, { n, low, high, format, height = 260, first = 1 }) {
    const left = 46, right = 14, top = 10, bottom = 34;
    const x = (year) => left + ((width - left - right) * year) / Math.max(1, n - 1);
    const y = (value) => top + (height - top - bottom) * (1 - (value - low) / (high - low));
    const svg = make("svg", { height });
    for (const value of ticks(low, high))
      svg.append(rule(left, y(value), width - right, y(value), { opacity: Math.abs(value) < 1e-12 ? 0.7 : 0.18 }),
        text(left - 6, y(value) + 4, format(value), { "text-anchor": "end" }));
    for (let year = 0; year < n; year += 1)
      svg.append(text(x(year), height - bottom + 17, year + first, { "text-anchor": "middle" }));
    svg.append(text((left + width - right) / 2, height - 3, words.year, { "text-anchor": "middle" }));
    return { svg, x, y };
  }

  const line = (values, x, y) => values.map((value, year) => `${year ? "L" : "M"}${x(year).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  function band(lows, highs, x, y) {
    const back = lows.map((value, year) => `L${x(year).toFixed(1)} ${y(value).toFixed(1)}`).reverse().join("");
    return `${line(highs, x, y)}${back}Z`;
  }

  /* Lines over years. options: title, low, high (of the axis), series: [{name, mean: [...], low?: [...], high?: [...], colour?,
     dash?, width?}], until? (years shown so far; the newest year is drawn with a movement), table?, legend?: false, format?. */
  function lineChart(host, options) {
    const { title, low, high, series, until = Infinity, format = percent } = options;
    const n = Math.max(...series.map((each) => each.mean.length));
    const seen = series.map((each) => ({ ...each, mean: each.mean.slice(0, until), low: each.low?.slice(0, until), high: each.high?.slice(0, until) }));
    const said = seen.filter((each) => each.mean.length).map(({ name, mean }) =>
      `${name}: ${words.year} 1 ${format(mean[0])}, ${words.year} ${mean.length} ${format(mean.at(-1))}.`).join(" ");
    const ends = (each, year) => (each.low ? ` (${format(each.low[year])} ${words.to} ${format(each.high[year])})` : "");
    const rows = [[words.year, ...seen.map((each) => each.name)], ...Array.from({ length: Math.min(n, until) }, (_, year) =>
      [`${year + 1}`, ...seen.map((each) => (year < each.mean.length ? format(each.mean[year]) + ends(each, year) : ""))])];
    const legend = options.legend === false ? null : legendOf(series);
    show(host, { title, said, rows, legend, table: options.table }, (width) => {
      const { svg, x, y } = axes(width, { ...options, n, low, high, format });
      seen.forEach((each, place) => {
        const { stroke } = look(each, place);
        if (each.low) svg.append(make("path", { d: band(each.low, each.high, x, y), fill: stroke, opacity: 0.16 }));
      });
      seen.forEach((each, place) => {
        const path = make("path", { d: line(each.mean, x, y), ...look(each, place) });
        svg.append(path);
        if (each.mean.length === 1) svg.append(make("circle", { cx: x(0), cy: y(each.mean[0]), r: 4, fill: look(each, place).stroke }));
        if (until <= n && !still()) path.animate?.([{ opacity: 0.2 }, { opacity: 1 }], 400);
      });
      options.onaxes?.(svg, x, y);
      return svg;
    });
  }

  /* Bars from left to right under their labels. options: title, bars: [{label, value, low?, high?, told?, strong?}], low?, high?,
     row? (height of each), table?, format?. `low` and `high` of a bar are its interval; `told` says more beside its label, and why a bar is strong, which
     has another colour. */
  function barChart(host, options) {
    const { title, bars, format = percent, row = 44 } = options, below = Math.max(15, row / 2.2), tall = row * 0.86 - below;
    const values = bars.flatMap((bar) => [bar.value, bar.low ?? 0, bar.high ?? 0]);
    const low = options.low ?? Math.min(0, ...values), high = options.high ?? (Math.max(0, ...values) || 1);
    const interval = (bar) => (bar.low === undefined ? "" : ` (${format(bar.low)} ${words.to} ${format(bar.high)})`);
    const named = (bar) => bar.label + (bar.told ? ` (${bar.told})` : "");
    const said = bars.map((bar) => `${named(bar)}: ${format(bar.value)}${interval(bar)}.`).join(" ");
    const rows = [["", words.mean], ...bars.map((bar) => [named(bar), format(bar.value) + interval(bar)])];
    show(host, { title, said, rows, table: options.table }, (width) => {
      const room = 62, x = (value) => 4 + ((width - room - 8) * (value - low)) / (high - low);
      const svg = make("svg", { height: bars.length * row + 4 });
      bars.forEach((bar, place) => {
        const top = place * row, middle = top + below + tall / 2, left = Math.min(x(0), x(bar.value));
        svg.append(text(4, top + below - 4, named(bar), bar.strong ? { "font-weight": "bold" } : {}),
          make("rect", { x: left, y: top + below, width: Math.abs(x(bar.value) - x(0)), height: tall, fill: COLOURS[bar.strong ? 1 : 0] }));
        svg.append(rule(x(0), top + below - 2, x(0), top + below + tall + 2));
        if (bar.low !== undefined) svg.append(rule(x(bar.low), middle, x(bar.high), middle, { "stroke-width": 2 }));
        svg.append(text(Math.max(x(bar.value), x(bar.high ?? bar.value), x(0)) + 6, middle + 4, format(bar.value)));
      });
      return svg;
    });
  }

  /* Upright counts over classes. options: title, bins: [{label, count, strong?}], table?. Every other label is left out where
     there is no room for it; the strong one has another colour and a star, which the page has to explain. */
  function histogram(host, { title, bins, table, height = 220 }) {
    const said = bins.filter((bin) => bin.count).map((bin) => `${bin.label}: ${bin.count}.`).join(" ");
    const rows = [["", "n"], ...bins.map((bin) => [bin.label, `${bin.count}`])];
    show(host, { title, said, rows, table }, (width) => {
      const bottom = height - 22, most = Math.max(1, ...bins.map((bin) => bin.count)), step = width / bins.length;
      const longest = Math.max(...bins.map((bin) => bin.label.length)) * 7.5 + 6, every = Math.ceil(longest / step);
      const svg = make("svg", { height });
      bins.forEach((bin, place) => {
        const tall = ((bottom - 22) * bin.count) / most, middle = (place + 0.5) * step, centred = { "text-anchor": "middle" };
        svg.append(make("rect", { x: place * step + 2, y: bottom - tall, width: Math.max(1, step - 4), height: tall, fill: COLOURS[bin.strong ? 1 : 0] }));
        if (bin.count) svg.append(text(middle, bottom - tall - 5, (bin.strong ? "★ " : "") + bin.count, centred));
        if (place % every === 0) svg.append(text(middle, height - 5, bin.label, centred));
      });
      svg.append(rule(0, bottom, width, bottom));
      return svg;
    });
  }

  /* A curve that a person draws, by pointer (drag over the years) or by keyboard (Tab to a year, arrows, Page Up, Home).
     options: title, name, values, low, high, step?, series? (other lines behind it), onchange?(values), format?.
     Returns the values, which change as the person draws. Every year is a range input, which screen readers and phones know. */
  function marginCurve(host, options) {
    const { name, low, high, step = 0.01, format = percent, onchange = () => {} } = options;
    const values = options.values.slice(), chart = html("div", { style: "touch-action:none;user-select:none;-webkit-user-select:none;cursor:crosshair" });
    let place = null, focused = -1;
    const inputs = values.map((value, year) => {
      const input = html("input", { type: "range", min: low, max: high, step, "aria-label": `${name}, ${words.year} ${year + 1}`,
        style: "position:absolute;opacity:0;pointer-events:none;width:32px;height:32px;margin:0;bottom:0" });
      input.value = value;
      input.addEventListener("input", () => change(year, Number(input.value)));
      input.addEventListener("focus", () => { focused = year; draw(); });
      input.addEventListener("blur", () => { focused = -1; draw(); });
      return input;
    });
    function change(year, value) {
      values[year] = Math.min(high, Math.max(low, Math.round(value / step) * step));
      inputs[year].value = values[year];
      draw();
      onchange(values);
    }
    function draw() {
      lineChart(chart, { ...options, series: [{ name, mean: values, dash: "" }, ...(options.series || [])], onaxes });
    }
    function onaxes(svg, x, y) {
      place = { svg, x, y };
      values.forEach((value, year) => {
        inputs[year].setAttribute("aria-valuetext", format(value));
        inputs[year].style.left = `${x(year) - 16}px`;
        svg.append(make("circle", { cx: x(year), cy: y(value), r: year === focused ? 11 : 7, fill: COLOURS[0], stroke: "currentColor", "stroke-width": year === focused ? 4 : 1 }));
        if (year === focused) svg.append(text(x(year), y(value) - 16, format(value), { "text-anchor": "middle", "font-weight": "bold" }));
      });
    }
    function point(event) {
      const { svg, x, y } = place, box = svg.getBoundingClientRect(), across = event.clientX - box.left, down = event.clientY - box.top;
      const year = Math.round(((across - x(0)) / (x(1) - x(0))));
      const value = low + ((high - low) * (y(low) - down)) / (y(low) - y(high));
      change(Math.min(values.length - 1, Math.max(0, year)), value);
    }
    chart.addEventListener("pointerdown", (event) => { chart.setPointerCapture(event.pointerId); point(event); });
    chart.addEventListener("pointermove", (event) => { if (event.buttons) point(event); });
    const group = html("div", { role: "group", "aria-label": options.title, style: "position:relative" }, [chart, ...inputs]);
    host.replaceChildren(group);
    draw();
    return values;
  }

  return { words, percent, lineChart, barChart, histogram, marginCurve };
})();
