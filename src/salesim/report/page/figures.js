// Draws the figures of the page: panels side by side on a screen or paper, under each other on a phone.
const figures = [], phone = matchMedia("(max-width: 640px)");
// Pixels that a figure has on a sheet of A4 or Letter: alone at most, and beside another one below the answer.
const SHEET = { width: 690, height: 740, half: 335, lower: 84 };

function draw(name, traces, layout, stacked) {
  figures.push({ place: document.getElementById(name), traces, layout, stacked });
}

// Only then is a figure as wide as it stays, beside another one or alone.
addEventListener("DOMContentLoaded", () => figures.forEach((figure) => show(figure)));

function show({ place, traces, layout, stacked }, paper) {
  const chosen = phone.matches && !paper ? { ...layout, ...stacked } : { ...layout };
  if (paper) {
    const half = place.closest(".pair"), height = Math.min(layout.height, SHEET.height);
    Object.assign(chosen, half ? { width: SHEET.half, height: height - SHEET.lower } : { width: SHEET.width, height });
  }
  place.style.height = `${chosen.height}px`;
  // A finger moves the page over a figure; a mouse draws a rectangle to zoom, and a double click goes back.
  chosen.dragmode = matchMedia("(pointer: coarse)").matches || phone.matches ? false : "zoom";
  Plotly.react(place, traces, chosen, { displayModeBar: false, responsive: true });
}

phone.addEventListener("change", () => figures.forEach((figure) => show(figure)));
addEventListener("beforeprint", () => figures.forEach((figure) => show(figure, true)));
addEventListener("afterprint", () => figures.forEach((figure) => show(figure)));
// What was folded away had no width when it was drawn.
document.addEventListener("toggle", (event) => {
  figures.filter(({ place }) => event.target.contains(place)).forEach(({ place }) => Plotly.Plots.resize(place));
}, true);
