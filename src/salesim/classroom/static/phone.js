"use strict";
/* The phone: one question at a time. What is not sent yet survives a lost connection and a reload. */
Screen.start("phone", () => {
  const { say, make, show, clock, tick, connect, status } = Screen;
  const keep = (() => { try { return window.localStorage; } catch { return null; } })();
  const code = () => (location.hash.slice(1) || keep?.getItem("salesim-code") || "").toUpperCase();
  const name = () => `salesim-token-${code()}`;
  let last = null, mine = null, draft = {}, shown = "", link = null, token = keep?.getItem(name());

  function entry(problem) {
    shown = "entry";
    const field = make("input", { type: "text", id: "code", autocomplete: "off", autocapitalize: "characters", maxlength: 8, value: code() });
    const form = make("form", { onsubmit: (event) => {
      event.preventDefault();
      location.hash = field.value.trim().toUpperCase();
      token = keep?.getItem(name());
      link.again();
    } }, make("p", {}, make("label", { for: "code" }, say("enter_code"))), make("p", { class: "bar" }, field, make("button", {}, say("join"))));
    show([make("h1", {}, "salesim"), problem && make("p", { role: "alert" }, problem), form]);
  }

  function curveForm(ask) {
    const start = draft.years || mine.answer?.years || mine.before?.years || ask.start;
    draft.years = start.slice();
    const host = make("div", {}), before = mine.before ? [{ name: say("curve_before"), mean: mine.before.years }] : [];
    const sure = draft.confidence ?? mine.answer?.confidence ?? mine.before?.confidence;
    draft.confidence = sure;
    const drawn = () => draft.drawn || mine.answer != null || mine.before != null; // who drew before may keep the curve
    const scale = make("fieldset", {}, make("legend", {}, say("how_sure")), make("div", { class: "scale" },
      make("span", { class: "ends" }, make("span", {}, say("not_sure")), make("span", {}, say("very_sure"))),
      ask.confidences.map((each) => make("label", {}, `${each}`, make("input", { type: "radio", name: "sure", value: each,
        checked: each === sure, onchange: () => { draft.confidence = each; changed(); } })))));
    const draw = () => Drawing.marginCurve(host, { title: say("margin"), name: say("your_curve"), values: draft.years, low: ask.low, high: ask.high,
      series: before, legend: before.length > 0, onchange: (values) => { draft.years = values.slice(); draft.drawn = true; changed(); } });
    return { parts: [make("p", { class: "quiet" }, say("draw_help")), host, scale], draw, value: () => drawn() && draft.confidence && { years: draft.years, confidence: draft.confidence },
      missing: () => [!drawn() && say("draw_first"), !draft.confidence && say("sure_first")].filter(Boolean).join(" ") };
  }

  function optionForm(ask) {
    const given = mine.answer == null ? [] : [].concat(mine.answer);
    draft.chosen = draft.chosen || given.slice();
    const boxes = ask.options.map((option) => {
      const box = make("input", { type: ask.pick > 1 ? "checkbox" : "radio", name: "option", value: option.id, checked: draft.chosen.includes(option.id),
        onchange: () => {
          draft.chosen = ask.pick > 1 ? boxes.filter((each) => each.box.checked).map((each) => each.box.value) : [option.id];
          const tooMany = draft.chosen.length > ask.pick;
          if (tooMany) {
            box.checked = false;
            draft.chosen = draft.chosen.filter((each) => each !== option.id);
          }
          changed();
          if (tooMany) told.textContent = say("two_chosen");
        } });
      return { box, row: make("label", { class: "option" }, box, make("span", {}, option.label, option.about && make("small", {}, option.about))) };
    });
    const rows = make("fieldset", {}, make("legend", {}, say(ask.pick > 1 ? "choose_two" : "choose_one")), boxes.map((each) => each.row));
    return { parts: [rows], draw() {}, missing: () => "", value: () => draft.chosen.length === ask.pick && (ask.as_list ? draft.chosen : draft.chosen[0]) };
  }

  let form = null, button = null, told = null;
  function changed() {
    if (!button) return;
    button.disabled = !form.value();
    button.textContent = say(mine.answer == null ? "send" : "send_again");
    told.textContent = form.missing();
  }

  async function submit(event) {
    event.preventDefault();
    const key = last.key, value = form.value();
    if (!value) return;
    told.textContent = say("sending");
    const reply = await link.send({ key, value });
    if (!last || last.key !== key) return;
    if ("refused" in reply) {
      told.textContent = reply.text;
    } else {
      mine.answer = value;
      told.textContent = say("sent");
      button.textContent = say("send_again");
    }
  }

  function state(now, own) {
    const id = `${now.place}/${now.open}/${now.paused}/${now.over}`;
    if (last?.key !== now.key) draft = {};
    last = now;
    mine = own;
    if (id === shown) return tick(now); // nothing else that this phone shows has changed, and a finger may be drawing
    shown = id;
    form = button = told = null;
    const head = [make("p", { class: "bar quiet" }, say("you_are", { number: own.number }), clock(now))];
    if (now.over) return show([make("h1", {}, say("over"))]);
    const parts = [...head, make("h1", {}, now.title), now.text.map((line) => make("p", {}, line))];
    const figures = own.figures.map(Screen.figure);
    if (own.lines.length) parts.push(make("div", { class: "mine" }, own.lines.map((line) => make("p", {}, line))));
    parts.push(figures.map((each) => each.whole));
    if (now.paused) parts.push(make("p", { role: "alert" }, say("paused")));
    else if (now.open) {
      form = now.ask.form === "curve" ? curveForm(now.ask) : optionForm(now.ask);
      button = make("button", { id: "send", class: "wide" }, say("send"));
      told = make("p", { role: "status", id: "told" });
      parts.push(make("form", { onsubmit: submit }, form.parts, button, told));
      figures.push({ draw: form.draw });
    } else parts.push(make("p", { class: "quiet" }, say("wait")));
    show(parts, figures);
    changed();
    if (own.answer != null && told) { told.textContent = say("sent"); }
    window.scrollTo(0, 0);
  }

  link = connect(() => {
    if (!token && !code()) { entry(""); return null; }
    return { role: "phone", code: code(), token };
  }, (message) => {
    if (message.token) {
      token = message.token;
      keep?.setItem("salesim-code", code());
      keep?.setItem(name(), token);
      status.textContent = "";
    } else if (message.state) state(message.state, message.mine);
    else if ("refused" in message && !last) {
      entry(message.text);
      if (message.refused === "too_fast") setTimeout(link.again, 2000 + 3000 * Math.random());
    }
  });
});
