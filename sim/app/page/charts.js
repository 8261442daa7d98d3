// Curves as SVG: two lines with bands, an upright cursor, values under the pointer and by arrow keys.

import { draw, fill, make, words } from "./elements.js";

export const WIDE = 320, HIGH = 150, LEFT = 58, RIGHT = 10, TOP = 10, BOTTOM = 26;

function scales(x0, x1, y0, y1) {
  return [
    (x) => LEFT + ((x - x0) / (x1 - x0 || 1)) * (WIDE - LEFT - RIGHT),
    (y) => HIGH - BOTTOM - ((y - y0) / (y1 - y0 || 1)) * (HIGH - TOP - BOTTOM),
  ];
}

export function frame(title, xs, xTicks, xLabel, y) {
  const [x, v] = scales(xs[0], xs[1], y.low, y.high);
  const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": title, tabindex: "0" });
  for (const [value, label] of y.ticks) {
    svg.append(draw("line", { class: "grid", x1: LEFT, x2: WIDE - RIGHT, y1: v(value), y2: v(value) }));
    svg.append(draw("text", { class: "tick", x: LEFT - 6, y: v(value) + 3.5, "text-anchor": "end" }, label));
  }
  for (const [value, label] of xTicks) {
    svg.append(draw("text", { class: "tick", x: x(value), y: HIGH - 12, "text-anchor": "middle" }, label));
  }
  svg.append(draw("text", { class: "tick", x: (LEFT + WIDE - RIGHT) / 2, y: HIGH - 1, "text-anchor": "middle" }, xLabel));
  return [svg, x, v];
}

export function lineAndBand(svg, name, xs, [mean, low, high], x, v) {
  const known = xs.map((_, i) => i).filter((i) => mean[i] !== null);
  const banded = known.filter((i) => low[i] !== null && high[i] !== null);
  if (banded.length > 1) {
    const upper = banded.map((i) => `${x(xs[i]).toFixed(1)},${v(high[i]).toFixed(1)}`);
    const lower = banded.map((i) => `${x(xs[i]).toFixed(1)},${v(low[i]).toFixed(1)}`).reverse();
    svg.append(draw("polygon", { class: `band ${name}`, points: [...upper, ...lower].join(" ") }));
  }
  const points = known.map((i) => `${x(xs[i]).toFixed(1)},${v(mean[i]).toFixed(1)}`).join(" ");
  svg.append(draw("polyline", { class: `line ${name}`, points }));
}

// A chart over time; calls onPeriod(n) where somebody points at or steps to a period.
export function overTime(card, picture, onPeriod) {
  const curve = card.curve;
  const title = fill(words.chart, { title: curve.title, today: card.today, what_if: card.what_if });
  const [svg, x, v] = frame(title, [0, picture.periods], picture.years, words.years, curve.y);
  for (const name of ["today", "what_if"]) lineAndBand(svg, name, curve.until, curve[name], x, v);
  const upright = draw("line", { class: "cursor", y1: TOP, y2: HIGH - BOTTOM });
  svg.append(upright);
  const told = make("p", { class: "told" });
  let place = curve.until.length - 1;
  const nearest = (period) => {
    const found = curve.until.findIndex((until) => until >= period);
    return found < 0 ? curve.until.length - 1 : found;
  };
  const show = (period) => {
    place = nearest(period);
    upright.setAttribute("x1", x(period));
    upright.setAttribute("x2", x(period));
    told.textContent =
      `${fill(words.at, { n: curve.until[place] })}: ${words.today} ${curve.texts.today[place]}, ` +
      `${words.what_if} ${curve.texts.what_if[place]}`;
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * WIDE - LEFT) / (WIDE - LEFT - RIGHT);
    if (share >= 0 && share <= 1) onPeriod(Math.round(share * picture.periods));
  });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    onPeriod(curve.until[Math.min(Math.max(place + step, 0), curve.until.length - 1)]);
  });
  return { figure: make("div", { class: "chart" }, make("p", { class: "small" }, curve.title), svg, told), show };
}

// A chart of what one lever does over its range: difference to today, with today's value upright.
export function overRange(curve, range) {
  const xs = range.values;
  const ticks = [0, (xs.length - 1) >> 1, xs.length - 1].map((i) => [xs[i], range.texts[i]]);
  const [svg, x, v] = frame(curve.title, [xs[0], xs[xs.length - 1]], ticks, range.unit, curve.y);
  svg.append(draw("line", { class: "zero", x1: LEFT, x2: WIDE - RIGHT, y1: v(0), y2: v(0) }));
  if (range.today >= xs[0] && range.today <= xs[xs.length - 1]) {
    svg.append(draw("line", { class: "cursor", x1: x(range.today), x2: x(range.today), y1: TOP, y2: HIGH - BOTTOM }));
  }
  lineAndBand(svg, "what_if", xs, curve.line, x, v);
  const told = make("p", { class: "told" });
  xs.forEach((value, i) => {
    if (curve.line[0][i] === null) return;
    const dot = draw("circle", { class: "dot", cx: x(value), cy: v(curve.line[0][i]), r: 3.5 });
    dot.append(draw("title", {}, `${range.texts[i]}: ${curve.texts[i]}`));
    svg.append(dot);
  });
  let place = 0;
  const show = () => (told.textContent = `${range.texts[place]}: ${curve.texts[place]}`);
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    place = Math.min(Math.max(place + step, 0), xs.length - 1);
    show();
  });
  place = range.best;
  show();
  return make("div", { class: "chart" }, make("p", { class: "small" }, curve.title, curve.unit ? ` (${curve.unit})` : ""), svg, told);
}
