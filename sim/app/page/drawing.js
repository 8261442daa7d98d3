// Class: a curve that is drawn before the worlds are run, over today's, and set beside what came.

import { BOTTOM, HIGH, LEFT, RIGHT, TOP, WIDE, frame, lineAndBand } from "./charts.js";
import { draw, fill, given, make, words } from "./elements.js";

const STEP = 0.005; // of a share, by an arrow key
const percent = new Intl.NumberFormat(given.language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const ticked = new Intl.NumberFormat(given.language, { style: "percent" });
const points = new Intl.NumberFormat(given.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

// An axis of shares that holds two values, with ticks at round ones.
function axisOf(least, most) {
  const low = Math.max(least, 0), high = Math.min(most, 1);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((one) => (high - low) / one <= 6);
  const first = Math.floor(low / step), end = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: end - first + 1 }, (_, k) => (first + k) * step);
  return { low: ticks[0], high: ticks.at(-1), ticks: ticks.map((tick) => [tick, ticked.format(tick)]) };
}

// A figure that is a share, to be drawn on; `reveal` shows what came.
export function drawing(card, picture) {
  const { until, today, y } = card.curve;
  const drawn = until.map(() => null);
  const line = draw("polyline", { class: "line drawn" });
  const told = make("p", { class: "told", "aria-live": "polite" });
  const figure = make("div", { class: "chart" });
  let place = 0, last = null, axis, svg, x, v;
  const plot = (low, high) => {
    axis = axisOf(low, high);
    [svg, x, v] = frame(card.label, [0, picture.periods], picture.years, words.years, axis);
    lineAndBand(svg, "today", until, today, x, v);
    svg.append(line);
    svg.id = "drawn";
    figure.replaceChildren(svg, told);
  };
  plot(y.low - 2 * (y.high - y.low), y.high + (y.high - y.low));
  for (const [name, value] of Object.entries({ role: "slider", "aria-valuemin": axis.low, "aria-valuemax": axis.high, "aria-describedby": "draw-how" }))
    svg.setAttribute(name, value);

  const show = () => {
    const known = until.map((_, i) => i).filter((i) => drawn[i] !== null);
    line.setAttribute("points", known.map((i) => `${x(until[i]).toFixed(1)},${v(drawn[i]).toFixed(1)}`).join(" "));
    const value = drawn[place] ?? today[0][place];
    const text = `${fill(words.at, { n: until[place] })}: ${percent.format(value)}`;
    svg.setAttribute("aria-valuenow", value);
    svg.setAttribute("aria-valuetext", text);
    told.textContent = known.length ? text : "";
  };
  // From where the line was to a place, straight.
  const to = (i, value) => {
    const from = last ?? i, before = drawn[from] ?? value;
    const steps = Math.abs(i - from);
    for (let k = 0; k <= steps; k++) drawn[from + Math.sign(i - from) * k] = steps ? before + ((value - before) * k) / steps : value;
    place = last = i;
    show();
  };
  const held = (value) => Math.min(Math.max(value, axis.low), axis.high);
  const point = (event) => {
    const box = svg.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * WIDE, down = ((event.clientY - box.top) / box.height) * HIGH;
    const period = ((across - LEFT) / (WIDE - LEFT - RIGHT)) * picture.periods;
    const found = until.findIndex((one) => one >= period);
    to(found < 0 ? until.length - 1 : found, held(axis.low + ((HIGH - BOTTOM - down) / (HIGH - TOP - BOTTOM)) * (axis.high - axis.low)));
  };
  svg.addEventListener("pointerdown", (event) => {
    last = null;
    svg.setPointerCapture(event.pointerId);
    point(event);
  });
  svg.addEventListener("pointermove", (event) => event.buttons && point(event));
  svg.addEventListener("keydown", (event) => {
    const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key], up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!along && !up) return;
    event.preventDefault();
    const value = drawn[place] ?? today[0][place];
    if (up) return to(last === null ? place : last, held(value + up * STEP));
    to(Math.min(Math.max(place + along, 0), until.length - 1), value);
  });
  show();
  return {
    figure,
    reveal(curve) {
      const known = until.map((_, i) => i).filter((i) => drawn[i] !== null && curve.what_if[0][i] !== null);
      if (!known.length) return;
      const all = [drawn, today[0], ...curve.what_if].flat().filter((one) => one !== null);
      plot(Math.min(...all), Math.max(...all));
      lineAndBand(svg, "what_if", until, curve.what_if, x, v);
      show();
      const off = (line) => points.format((100 * known.reduce((sum, i) => sum + Math.abs(line[i] - curve.what_if[0][i]), 0)) / known.length);
      told.textContent = fill(words.drawn, { n: off(drawn), today: off(curve.today[0]) });
    },
  };
}
