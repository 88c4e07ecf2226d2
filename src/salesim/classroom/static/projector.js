"use strict";
/* The projector: what the class sees together, and nothing that tells who. */
Screen.start("projector", () => {
  const { say, make, figure, show, clock, tick, connect } = Screen;
  const root = document.documentElement;
  let shown = "", last = null;

  /* Makes charts lower, and if that is not enough everything smaller, until it fits into the window. */
  function fit(drawn) {
    root.style.setProperty("--zoom", Math.min(window.innerWidth / 800, window.innerHeight / 450));
    for (let scale = 1; scale > 0.5; scale -= 0.04) {
      root.style.setProperty("--fit", scale);
      for (const height of [250, 220, 190, 160]) {
        drawn.forEach((each) => each.draw(height));
        if (root.scrollHeight <= window.innerHeight) return;
      }
    }
  }

  function state(now) {
    const counts = make("span", { id: "counts" }, now.answered == null ? `${now.connected} ${say("connected")}` : `${now.answered} / ${now.people} ${say("answered")}`);
    const { left, connected, people, answered, ...rest } = now, id = JSON.stringify(rest);
    if (id === shown) { // the figures stay as they are
      tick(now);
      return document.getElementById("counts").replaceWith(counts);
    }
    shown = id;
    last = now;
    const drawn = now.figures.map(figure);
    const entry = now.place === 0 && !now.replay && !now.hands && make("div", { class: "entry" },
      now.address ? make("img", { src: "/code.svg", alt: `${now.address}/#${now.code}` }) : "",
      make("div", {}, make("p", {}, say(now.address ? "open_here" : "no_network")), now.address && make("p", { class: "address" }, now.address),
        make("p", {}, `${say("room_code")} `, make("span", { class: "code" }, now.code))));
    show([
      make("div", { class: "bar" }, counts, now.replay && make("span", {}, say("replayed")), clock(now)),
      make("h1", {}, now.title),
      make("div", { class: drawn.length ? "" : "asked" }, now.text.map((line) => make("p", {}, line)),
        now.options.length > 0 && [make("p", {}, say("raise_hands")), make("ul", {}, now.options.map((option) => make("li", {}, option)))]),
      now.busy && make("p", { role: "status" }, say("working")),
      now.paused && make("p", { role: "alert" }, say("paused")),
      entry,
      make("div", { class: "figures" }, drawn.map((each) => each.whole)),
    ]);
    fit(drawn);
  }
  window.addEventListener("resize", () => { shown = ""; if (last) state(last); });
  connect(() => ({ role: "projector", secret: location.hash.slice(1) }), (message) => {
    if (message.state) state(message.state);
    else if ("refused" in message) show([make("p", { role: "alert" }, message.text)]);
  });
});
