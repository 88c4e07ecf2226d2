"use strict";
/* The instructor: what the class sees, notes, who is absent or silent by number, and the buttons that lead the lesson. */
Screen.start("instructor", () => {
  const { say, make, figure, show, clock, tick, connect, status } = Screen;
  let link = null, shown = "", entered = {}, key = "";
  const act = async (what, value) => {
    const reply = await link.send({ do: what, value });
    status.textContent = "refused" in reply ? reply.text : "";
  };
  const button = (id, value, label, more = {}) => make("button", { id, type: "button", class: "plain", ...more, onclick: () => act(id, value) }, label);
  const numbers = (list) => (list.length ? list.slice(0, 60).join(", ") + (list.length > 60 ? " …" : "") : say("nobody"));

  function controls(now) {
    const end = () => window.confirm(say("end_sure")) && act("end");
    return make("div", { class: "controls" },
      make("p", { class: "bar" }, make("strong", {}, now.at), clock(now), make("span", { class: "quiet" }, now.then)),
      make("div", { class: "bar", role: "group", "aria-label": say("instructor") },
        button("next", null, say("next"), { class: "next", disabled: now.is_last || now.busy }),
        button("back", null, say("back"), { disabled: now.place === 0 || now.busy }),
        button("skip", null, say("skip"), { disabled: now.is_last || now.busy }),
        !now.replay && [
          button("pause", !now.paused, say(now.paused ? "resume" : "pause")),
          button("timer", 60, say("minute_more")),
          button("lock", !now.locked, say(now.locked ? "unlock" : "lock")),
          make("button", { id: "end", type: "button", class: "plain", onclick: end, disabled: now.over }, say("end"))],
        now.busy && make("span", { role: "status" }, say("working"))));
  }

  function hands(now) {
    if (!now.hands.length || !now.open) return null;
    if (key !== now.key) { key = now.key; entered = { ...now.counts }; }
    const rows = now.hands.map((option) => make("label", {}, option.label, make("input", { type: "number", id: `hands-${option.id}`, min: 0, max: 1000,
      value: entered[option.id] ?? 0, oninput: (event) => { entered[option.id] = Math.max(0, Math.floor(Number(event.target.value) || 0)); } })));
    return make("form", { class: "hands", onsubmit: (event) => { event.preventDefault(); act("counts", entered); } },
      make("h2", {}, say("hands")), rows, make("button", { id: "counts" }, say("hands_send")));
  }

  function state(now) {
    const { left, ...rest } = now, id = JSON.stringify(rest);
    if (id === shown) return tick(now);
    shown = id;
    const drawn = now.figures.map(figure);
    const counted = now.answered == null ? "" : `${now.answered} / ${now.people} ${say("answered")}, `;
    const people = now.replay ? null : make("div", {},
      make("p", {}, `${counted}${now.connected} ${say("connected")}. ${say("room_code")} `, make("span", { class: "code" }, now.code)),
      now.silent.length > 0 && make("p", {}, `${say("silent")}: ${numbers(now.silent)}`),
      make("p", {}, `${say("absent")}: ${numbers(now.absent)}`));
    show([
      controls(now),
      make("section", { "aria-label": say("projector") }, make("h1", {}, now.title), now.text.map((line) => make("p", {}, line)), drawn.map((each) => each.whole)),
      make("section", { "aria-label": say("notes") }, now.over && make("p", { role: "alert" }, say("over")), now.replay && make("p", {}, say("replayed")),
        make("div", { class: "notes" }, make("h2", {}, say("notes")), make("p", {}, now.notes)), people, hands(now)),
    ], drawn);
  }
  link = connect(() => ({ role: "instructor", secret: location.hash.slice(1) }), (message) => {
    if (message.state) state(message.state);
    else if ("refused" in message && !shown) show([make("p", { role: "alert" }, message.text)]);
  });
});
