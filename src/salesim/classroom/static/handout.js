"use strict";
/* The hand-out: reads the numbers, and draws what the reader chooses. `Handout.check()` tests the page itself. */
const Handout = (() => {
  const facts = JSON.parse(document.getElementById("numbers").textContent);
  const { years, seeds, loops, levers, cards, rounds } = facts;
  const place = (id) => document.getElementById(id);
  const say = (id, words) => { if (place(id).textContent !== words) place(id).textContent = words; };
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const standardError = (values) => Math.sqrt(mean(values.map((each) => (each - mean(values)) ** 2)) / (values.length - 1)); // the standard error of their mean
  const number = (value) => value.toFixed(1).replace(/^-0\.0$/, "0.0").replace("-", "−");
  const percent = (value) => `${number(100 * value)} %`;
  const points = (value) => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)} points`;
  const millions = (value) => number(value / 1000), million = (value) => `${millions(value)} M$`;
  const between = (values, format) => `${format(Math.min(...values))} to ${format(Math.max(...values))}`;

  /* The whole numbers of a block, and the values that they stand for. */
  function bytes(text) {
    const raw = atob(text);
    return Uint8Array.from({ length: raw.length }, (_, i) => raw.charCodeAt(i));
  }
  function whole({ text, bytes: size }) {
    const read = bytes(text);
    return size === 1 ? Array.from(read) : range(read.length / 2).map((i) => read[2 * i] + 256 * read[2 * i + 1]);
  }
  const values = (block) => whole(block).map((each) => block.low + each * block.step);
  const blocks = Object.fromEntries(Object.entries(facts.blocks).map(([kind, parts]) =>
    [kind, Object.fromEntries(Object.entries(parts).map(([name, block]) => [name, values(block)]))]));
  const digests = Object.fromEntries(Object.entries(facts.digests).map(([kind, text]) =>
    [kind, bytes(text).reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "").match(/.{8}/g)]));

  const row = (kind, name, at, width) => blocks[kind][name].slice(at * width, (at + 1) * width);
  const series = (kind, at, name, look = {}) => ({ name, ...look,
    mean: row(kind, "mean", at, years), low: row(kind, "low", at, years), high: row(kind, "high", at, years) });
  const margins = Object.values(facts.blocks).flatMap((parts) => [parts.low.low, parts.high.low + 255 * parts.high.step]);
  const axis = { low: Math.min(0, ...margins), high: Math.ceil(10 * Math.max(...margins)) / 10 };

  /* What is shown: bit i of `cut` is 1 where feedback i is cut; the place of each lever's value; the card of each round. */
  const state = { cut: 0, levers: levers.map((lever) => lever.now), path: range(rounds).map(() => 0), compared: false };
  const leverPoint = () => levers.reduce((at, lever, i) => at * lever.values.length + state.levers[i], 0);
  const pathPlace = () => state.path.reduce((at, card) => at * cards.length + card, 0);

  /* The command that repeats the runs of a choice, and their digest. */
  function command(kind) {
    const start = `salesim run experiment=null ${facts.words} weeks=${rounds * facts.weeks_per_round}`;
    if (kind === "loops")
      return [start, "contest=everyone", `strategy=${cards[0].key}`,
        ...loops.filter((_, i) => (state.cut >> i) & 1).map(({ key }) => `market.loops.${key}=0`)].join(" ");
    if (kind === "levers")
      return [start, "contest=alone", `strategy=${cards[0].key}`, ...levers.map(({ key, values: all }, i) => `${key}=${all[state.levers[i]]}`)].join(" ");
    const plans = state.path.flatMap((card, n) => card === (n ? state.path[n - 1] : 0) ? [] :
      [`{week: ${n * facts.weeks_per_round}, strategy: ${cards[card].key}, training_hours: ${facts.training_hours}}`]);
    return [start, "contest=alone", `strategy=${cards[0].key}`, ...(plans.length ? [`'initiatives=[${plans.join(", ")}]'`] : [])].join(" ");
  }
  function source(kind, at, more = "") {
    const words = `Means of ${seeds.length} runs (seeds ${facts.seeds_in_words}); bands and thin lines go from the lowest to the highest of them. Settings ${digests[kind][at]}. The runs again: `;
    const code = document.createElement("code");
    code.textContent = command(kind);
    place(`${kind}-source`).replaceChildren(words, code, more);
  }

  const late = (cut) => row("loops", "late", cut, seeds.length);
  const gains = (cut) => late(cut).map((each, seed) => each - late(0)[seed]);

  function drawGuess() {
    const market = state.compared ? [series("loops", 0, "the market", { colour: "#b34700" })] : [];
    const values = Drawing.marginCurve(place("guess-chart"), { ...axis, title: "Your prediction of the gross margin", name: "your prediction",
      values: state.guess || Array(years).fill(Math.round(100 * blocks.loops.mean[0]) / 100), series: market, onchange: (drawn) => { state.guess = drawn.slice(); } });
    state.guess = values.slice();
  }
  /* Shows what would have given the prediction away, and draws it, as only now it has a width. */
  function open() {
    document.body.classList.add("compared");
    for (const draw of [drawLoops, drawSingles, drawLevers, drawPaths]) draw();
  }
  function compare() {
    open();
    const error = mean(state.guess.map((value, year) => Math.abs(value - blocks.loops.mean[year])));
    state.compared = true;
    drawGuess();
    say("guess-answer", `On average your prediction is ${number(100 * error)} points away from the market, whose margin falls from ${percent(blocks.loops.mean[0])} in year 1 to ${percent(blocks.loops.mean[years - 1])} in year ${years}.`);
  }

  function drawLoops() {
    const cut = state.cut, names = loops.filter((_, i) => (cut >> i) & 1).map(({ name }) => name);
    const base = series("loops", 0, "all feedbacks at work", { colour: "#4d4d4d", dash: "7 4" });
    const shown = cut ? [base, series("loops", cut, names.length === 1 ? `without: ${names[0]}` : `without ${names.length} feedbacks`, { colour: "#0b62a4", dash: "" })] : [base];
    Drawing.lineChart(place("loops-chart"), { ...axis, title: "Gross margin of all vendors by year", series: shown, table: true });
    const gain = gains(cut), better = gain.filter((each) => each > 0).length;
    say("loops-answer", cut
      ? `${names.length === 1 ? "One feedback is" : `${names.length} feedbacks are`} cut. The margin of the last two years is ${percent(mean(late(cut)))}, ${points(mean(gain))} against all at work (${between(gain, points)}); it is higher in ${better} of ${seeds.length} runs.`
      : `All feedbacks are at work. The margin falls from ${percent(base.mean[0])} in year 1 to ${percent(base.mean[years - 1])} in year ${years}.`);
    source("loops", cut);
  }
  function drawSingles() {
    const bars = loops.map(({ name }, i) => ({ label: name, value: mean(gains(1 << i)), low: Math.min(...gains(1 << i)), high: Math.max(...gains(1 << i)) }));
    bars.sort((a, b) => b.value - a.value);
    Drawing.barChart(place("singles-chart"), { title: "Margin of the last two years that comes back when one feedback is cut", bars, format: (value) => number(100 * value) });
  }

  function drawLevers() {
    const at = leverPoint(), profits = cards.map((_, card) => row("levers", "profit", at * cards.length + card, seeds.length));
    const best = profits.map(mean).reduce((top, value, card, all) => (value > all[top] ? card : top), 0);
    const gap = profits[best].map((value, seed) => value - profits[0][seed]);
    const all = facts.blocks.levers.profit, ends = { low: Math.min(0, all.low), high: all.low + 65535 * all.step };
    Drawing.barChart(place("profit-chart"), { ...ends, title: "Profit of our vendor by way of selling", table: true, format: millions,
      bars: cards.map(({ name }, card) => ({ label: name, value: mean(profits[card]), low: Math.min(...profits[card]), high: Math.max(...profits[card]), ...(card === best && { strong: true, told: "earns most" }) })) });
    Drawing.lineChart(place("levers-chart"), { ...axis, title: "Gross margin of all vendors by year while everybody pitches", legend: false, table: true, series: [series("levers", at, "everybody pitches")] });
    say("levers-answer", best ? `${cards[best].name} earns most: ${million(mean(gap))} a year more than ${cards[0].name}, and more in ${gap.filter((each) => each > 0).length} of ${seeds.length} runs.` : `${cards[0].name} earns most here.`);
    source("levers", at * cards.length, ` (with strategy=${cards.slice(1).map(({ key }) => key).join(" or ")} for the others)`);
  }

  const profitOf = (path) => row("paths", "profit", path, seeds.length);
  function drawPaths() {
    const at = pathPlace(), own = profitOf(at), n = cards.length ** rounds;
    const means = range(n).map((path) => mean(profitOf(path))), rank = means.filter((each) => each > means[at]).length + 1;
    const gapTo = (path) => own.map((each, seed) => each - profitOf(path)[seed]);
    const alike = range(n).filter((path) => path !== at && Math.abs(mean(gapTo(path))) <= standardError(gapTo(path))).length;
    const gap = gapTo(0), of = { colour: "#4d4d4d", dash: "7 4" }, yours = { colour: "#0b62a4", dash: "" };
    const both = (draw) => [draw(0, `always ${cards[0].name}`, of), ...(at ? [draw(at, "your path", yours)] : [])];
    Drawing.lineChart(place("paths-chart"), { ...axis, title: "Gross margin of our vendor by year", table: true, series: both((path, name, look) => series("paths", path, name, look)) });
    const all = facts.blocks.paths.yearly, ends = { low: Math.min(0, all.low), high: all.low + 65535 * all.step };
    Drawing.lineChart(place("yearly-chart"), { ...ends, title: "Profit of our vendor by year, M$", table: true, format: millions,
      series: both((path, name, look) => ({ name, ...look, mean: row("paths", "yearly", path, years) })) });
    drawAll(means, at);
    const against = at ? ` That is ${million(Math.abs(mean(gap)))} ${mean(gap) < 0 ? "less" : "more"} than always ${cards[0].name}; it is more in ${gap.filter((each) => each > 0).length} of ${seeds.length} runs.` : "";
    say("paths-answer", `Profit: ${million(means[at])} a year (${between(own, million)}), place ${rank} of ${n} paths, from ${alike} of which it differs by no more than a standard error.${against}`);
    source("paths", at);
  }
  function drawAll(means, at) {
    const low = Math.min(...means), step = (Math.max(...means) - low) / 12 || 1, of = (value) => Math.min(11, Math.floor((value - low) / step));
    Drawing.histogram(place("all-paths"), { title: "Number of paths by profit, M$ a year", table: true,
      bins: range(12).map((bin) => ({ label: millions(low + bin * step), count: means.filter((value) => of(value) === bin).length, strong: of(means[at]) === bin })) });
  }

  function label(kind, inner) {
    const made = document.createElement("label");
    made.className = kind;
    made.append(...inner);
    return made;
  }
  function choice(title, kind, names, chosen, change) {
    const select = document.createElement("select");
    names.forEach((name, i) => select.add(new Option(name, i, i === chosen, i === chosen)));
    select.addEventListener("change", () => change(select.selectedIndex));
    return label(kind, [title, select]);
  }
  const boxes = loops.map(({ name }, i) => {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", checked: true });
    box.addEventListener("change", () => { toggle(i); });
    place("switches").append(label("loop", [box, name]));
    return box;
  });
  function cutAll(cut) {
    state.cut = cut;
    boxes.forEach((box, i) => { box.checked = !((cut >> i) & 1); });
    drawLoops();
  }
  const toggle = (i) => cutAll(state.cut ^ (1 << i));
  levers.forEach(({ title, names }, i) => place("lever-choices").append(
    choice(title, "lever", names, state.levers[i], (chosen) => { state.levers[i] = chosen; drawLevers(); })));
  range(rounds).forEach((n) => place("rounds").append(choice(
    `Years ${(n * years) / rounds + 1} to ${((n + 1) * years) / rounds}`, "round", cards.map(({ name }) => name), 0, (card) => { state.path[n] = card; drawPaths(); })));
  place("cards").append(...cards.map(({ name, about }) => Object.assign(document.createElement("li"), { textContent: `${name}: ${about}` })));
  place("all-on").addEventListener("click", () => cutAll(0));
  place("all-off").addEventListener("click", () => cutAll(2 ** loops.length - 1));
  place("compare").addEventListener("click", compare);
  place("skip").addEventListener("click", open);
  place("check").addEventListener("click", check);

  say("honest", `${facts.market === "teaching" ? "The market was chosen because it shows the spiral well. It is no evidence about real companies. " : `The market is “${facts.market}”. `}What you see follows from the rules and numbers of a model.`);
  place("facts").append(...[["The whole page again", facts.command], ["Seeds", `${seeds.length}: ${facts.seeds_in_words}`], ["Program", `salesim ${facts.version}, version ${facts.model} of the model`],
    ["Runs", `${Object.values(digests).flat().length.toLocaleString("en")} settings, ${seeds.length} runs of each; equal ones were run once`],
    ["Settings", "The eight digits under a chart are a digest of all settings and of the model's version. The same digits mean the same runs, number by number."],
    ["Gross margin", "The share of the net price that is left after the cost of the product, over the deals closed in a year."],
    ["Rounding", "Margins are exact to 0.01 points, their bands to 0.2 points, and no band is narrower than it was."]].flatMap(([term, text]) => {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = term;
    dd.textContent = text;
    return [dt, dd];
  }));

  /* The tests of the page: name and whether it holds. They leave the page as it was. */
  function* tests() {
    for (const [kind, parts] of Object.entries(facts.blocks))
      for (const [name, block] of Object.entries(parts)) {
        const read = whole(block), size = block.shape.reduce((product, each) => product * each, 1);
        yield [`${kind}, ${name}: ${size} numbers, with the sum that was written`, read.length === size && read.reduce((sum, each) => sum + each, 0) === block.sum];
      }
    yield ["there is a number for every choice", blocks.loops.mean.length === years * 2 ** loops.length && blocks.paths.mean.length === years * cards.length ** rounds &&
      blocks.levers.mean.length === years * levers.reduce((n, lever) => n * lever.values.length, 1)];
    for (const [kind, { mean: middle, low, high }] of Object.entries(blocks))
      yield [`${kind}: every mean is inside its band, and every band on the axis`, middle.every((value, i) =>
        low[i] <= value + 1e-4 && value <= high[i] + 1e-4 && axis.low <= low[i] + 1e-9 && high[i] <= axis.high + 1e-9)];
    yield ["every cut has settings of its own", new Set(digests.loops).size === 2 ** loops.length];
    const slack = facts.blocks.paths.yearly.step + facts.blocks.paths.profit.step;
    yield ["the profits of the years are those of each path", range(cards.length ** rounds).every((path) => Math.abs(mean(row("paths", "yearly", path, years)) - mean(profitOf(path))) <= slack)];
    const lateYears = (cut) => range(2).map((i) => [row("loops", "low", cut, years)[years - 1 - i], row("loops", "high", cut, years)[years - 1 - i]]).flat();
    yield ["the margin of the last two years lies between those of the years", range(2 ** loops.length).every((cut) =>
      late(cut).every((value) => Math.min(...lateYears(cut)) <= value + 1e-4 && value <= Math.max(...lateYears(cut)) + 1e-4))];
    const before = { cut: state.cut, answer: place("loops-answer").textContent, drawn: drawn() };
    let changed = true;
    for (const i of [...range(loops.length), ...range(loops.length)]) {
      const was = command("loops");
      toggle(i);
      changed &&= command("loops") !== was && boxes[i].checked === !((state.cut >> i) & 1);
    }
    yield ["switching every feedback changes the command, and switching all back changes nothing", changed && state.cut === before.cut &&
      place("loops-answer").textContent === before.answer && drawn() === before.drawn];
    yield ["every line is drawn inside its chart", [...document.querySelectorAll("main svg[role=img]")].every((svg) => {
      const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      return [...svg.querySelectorAll("path")].every((path) => path.getAttribute("d").match(/-?[\d.]+ -?[\d.]+/g).every((pair) => {
        const [x, y] = pair.split(" ").map(Number);
        return x >= 0 && x <= width && y >= 0 && y <= height;
      }));
    })];
  }
  const drawn = () => [...place("loops-chart").querySelectorAll("path")].map((path) => path.getAttribute("d")).join();

  function check() {
    const results = [...tests()], list = document.createElement("ul"), good = results.filter(([, holds]) => holds).length;
    list.append(...results.map(([name, holds]) => Object.assign(document.createElement("li"), { textContent: `${holds ? "passed" : "FAILED"}: ${name}`, className: holds ? "passed" : "failed" })));
    place("checked").replaceChildren(`${good} of ${results.length} checks passed.`, list);
    return results;
  }

  drawGuess();
  for (const draw of [drawLoops, drawSingles, drawLevers, drawPaths]) draw(); // hidden, but printed
  if (location.hash.length > 1) open(); // somebody asks for a section, or for the tests
  if (location.hash === "#selftest") check();
  return { check, toggle, state };
})();
