"use strict";
/* What the three screens share: elements without HTML text, figures, the clock, and a socket that comes back by itself. */
const Screen = (() => {
  let texts = {};
  const main = document.getElementById("main"), status = document.getElementById("status");
  const say = (key, parts = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");

  /* An element with attributes and children; texts become text nodes, so that nothing that comes is ever read as HTML. */
  function make(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value != null) made.setAttribute(key, value);
    made.append(...inside.flat().filter((each) => each != null && each !== false));
    return made;
  }

  const units = {
    percent: (value) => Drawing.percent(value),
    points: (value) => new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(100 * value),
    count: (value) => `${value}`,
  };

  /* A figure as `figures.py` describes it. */
  function figure(what) {
    const drawn = make("div", { class: "drawn" });
    const whole = make("div", { class: `figure ${what.kind}` }, what.title && make("h2", {}, what.title), drawn, what.note && make("p", { class: "quiet" }, what.note), what.source && make("p", { class: "source" }, what.source));
    if (what.kind === "told") drawn.append(...what.lines.map((line) => make("p", {}, line)));
    if (what.kind === "table") {
      drawn.className = "scroll";
      drawn.tabIndex = 0;
      drawn.setAttribute("role", "region");
      drawn.setAttribute("aria-label", what.title);
      drawn.append(make("table", {},
        make("thead", {}, make("tr", {}, what.head.map((cell) => make("th", { scope: "col" }, cell)))),
        make("tbody", {}, what.rows.map((row) => make("tr", {}, row.map((cell) => make("td", {}, cell)))))));
    }
    return { whole, draw(height = 250) {
      if (what.kind === "lines") Drawing.lineChart(drawn, { height, ...what });
      if (what.kind === "bars") Drawing.barChart(drawn, { row: Math.max(27, Math.min(44, 300 / what.bars.length)), ...what, format: units[what.unit] });
    } };
  }

  /* Replaces what is shown, draws the figures once they have a width, and keeps the focus where it was. */
  function show(parts, figures = []) {
    const focused = document.activeElement?.id;
    main.replaceChildren(...parts.flat().filter(Boolean));
    figures.forEach((each) => each.draw());
    if (focused) document.getElementById(focused)?.focus();
  }

  let ticking = null;
  /* The time that is left, and for what, which counts down by itself. */
  function clock({ left, paused, timer }) {
    const time = make("strong", {}), shown = make("span", { class: "clock" }, left != null && `${timer} `, time), until = performance.now() + 1000 * (left ?? 0);
    clearInterval(ticking);
    if (left == null) return shown;
    const count = () => {
      const seconds = Math.max(0, Math.round(paused ? left : (until - performance.now()) / 1000));
      time.textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : say("time_up");
    };
    count();
    ticking = setInterval(count, 1000);
    return shown;
  }

  /* Shows how much time is left now, if the rest of the screen is as it was. */
  function tick(now) {
    document.querySelector(".clock")?.replaceWith(clock(now));
  }

  /* A socket that opens again after any loss. `hello()` is the first message; `got(message)` gets every other one. */
  function connect(hello, got) {
    let socket, number = 0, wait = 300;
    const waiting = new Map();
    const link = {
      /* Sends a message until it is confirmed; resolves to the reply. A lost connection sends it again. */
      send(message) {
        number += 1;
        const entry = { message: { ...message, n: number } };
        const reply = new Promise((resolve) => { entry.resolve = resolve; });
        waiting.set(number, entry);
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(entry.message));
        return reply;
      },
      again() { socket.close(); },
    };
    function open() {
      socket = new WebSocket(`ws://${location.host}/socket`);
      socket.onopen = () => {
        wait = 300;
        status.textContent = "";
        const first = hello();
        if (!first) return;
        socket.send(JSON.stringify(first));
        for (const { message } of waiting.values()) socket.send(JSON.stringify(message));
      };
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        const replied = message.n ?? message.done;
        waiting.get(replied)?.resolve(message);
        waiting.delete(replied);
        got(message, link);
      };
      socket.onclose = () => {
        status.textContent = say("offline");
        setTimeout(open, wait * (0.5 + Math.random()));
        wait = Math.min(5000, wait * 1.6);
      };
    }
    open();
    return link;
  }

  /* Reads the texts, then starts. */
  async function start(role, run) {
    const answer = await (await fetch("/texts")).json();
    texts = answer.texts;
    document.documentElement.lang = answer.language;
    document.title = `salesim: ${say(role)}`;
    for (const word of ["year", "numbers", "from", "to", "mean"]) Drawing.words[word] = say(word);
    run();
  }
  return { say, make, figure, show, clock, tick, connect, start, status };
})();
