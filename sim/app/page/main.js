// The page: levers on the left, the two worlds on the right, one cursor through everything.

import { Refused, get, spoken, stream } from "./ask.js";
import { overRange, overTime } from "./charts.js";
import { at, fill, given, make, words } from "./elements.js";
import { bringing } from "./bring.js";
import { clear, hand, keep, told } from "./keep.js";
import { Levers } from "./levers.js";
import { People } from "./people.js";
import { forget, sharing } from "./shares.js";
import { Prediction } from "./predict.js";
import { carried, carry } from "./tongues.js";

const PAUSE = 60; // milliseconds: moves that follow each other faster are put together; one by itself waits for nothing

const people = new People();
const prediction = new Prediction(() => run());
const opened = new Set();
let levers, picture, charts = [], period = Infinity, timer, last = -PAUSE, playing, tried, pictures = 0;

const asked = () => {
  const seed = at("seed").value.trim();
  return { start: given.start, changes: levers.changes, seed: seed === "" ? null : Number(seed) };
};

const named = () => ({ name: at("name").value.trim(), question: at("question").value.trim() });

function moved() {
  told(Object.keys(levers.changes).length ? words.unsaved : "");
  forget(prediction.on ? {} : levers.changes);
  at("text").hidden = true; // it says what was saved, and not what is shown now
  if (prediction.on) return prediction.reset();
  at("state").textContent = words.live; // what is shown is of before, from this moment on
  clearTimeout(timer);
  timer = setTimeout(run, performance.now() - last < PAUSE ? PAUSE : 0);
  last = performance.now();
}

function run() {
  at("seed-problem").textContent = at("problem").textContent = "";
  at("state").textContent = words.live;
  const question = { ...asked(), ...prediction.told() };
  follow("/play", question, {
    picture: (found) => show(found, question.changes),
    people: (found) => {
      people.take(found);
      go(period);
    },
    stopped: () => (at("state").textContent = words.stopped),
    problem: ({ text }) => (at("problem").textContent = text),
    end: () => prediction.judge(picture.cards),
  });
}

async function follow(address, question, on, problems = "problem") {
  try {
    await stream(address, question, on);
  } catch (error) {
    if (address === "/play") at(picture ? "state" : "sentence").textContent = error instanceof Refused ? words.refused : "";
    if (!(error instanceof Refused)) return (at(problems).textContent = words.lost);
    const rest = levers.tell(error.problems).filter(({ key, text }) => {
      const beside = ["seed", "name", "question"].includes(key);
      if (beside) at(`${key}-problem`).textContent = text;
      return !beside;
    });
    at(problems).textContent = rest.map(({ key, text }) => (key ? `${key}: ${text}` : text)).join(" ");
  }
}

function show(found, changes) {
  picture = found;
  levers.tell(Object.entries(found.doubts).map(([key, text]) => ({ key, text })));
  prediction.offer(found.cards, found);
  // Read aloud once all runs are done, and not ten times.
  at("sentence").setAttribute("aria-busy", found.runs < found.of);
  const verdict = found.runs > 1 && found.sentences.length > 2 ? 1 : -1;
  at("sentence").replaceChildren(...found.sentences.flatMap((text, i) => [i ? " " : "", i === verdict ? make("strong", {}, text) : text]));
  at("progress").max = found.of;
  at("progress").value = found.runs;
  at("state").textContent = fill(found.runs < found.of ? words.running : words.done, { n: found.runs, of: found.of });
  at("notes").replaceChildren(...found.notes.map((note) => make("li", {}, note)));
  const focused = document.activeElement?.closest(".card")?.dataset.name;
  const inside = document.activeElement?.tagName;
  charts = [];
  at("cards").replaceChildren(...found.cards.map(card));
  if (focused) document.querySelector(`.card[data-name="${focused}"] ${inside === "svg" ? "svg" : "summary"}`)?.focus();
  at("cursor").max = found.periods;
  go(Math.min(period, found.periods));
  // For whoever measures: how many pictures there have been, and of which changes this one is.
  at("worlds").dataset.changes = JSON.stringify(changes);
  at("worlds").dataset.run = ++pictures;
}

function card(shown) {
  const chart = overTime(shown, picture, go);
  charts.push(chart);
  const head = [words.figure, words.today, words.what_if, words.difference, words.interval];
  const body = shown.rows.map((row) =>
    make("tr", {}, make("th", { scope: "row", title: row.meaning }, row.label),
      ...[row.today, row.what_if, row.change, row.interval].map((text) => make("td", {}, text))),
  );
  const details = make("details", { open: opened.has(shown.name) },
    make("summary", {}, words.values),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": shown.title },
      make("table", {}, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...body))),
  );
  details.addEventListener("toggle", () => (details.open ? opened.add(shown.name) : opened.delete(shown.name)));
  return make("article", { class: `card ${shown.sure}`, "data-name": shown.name },
    make("h3", {}, shown.title),
    make("p", { class: "small" }, shown.label, " · ", make("a", { href: spoken(`/rules/${shown.name}`), target: "_blank" }, words.rules)),
    make("p", { class: "values" }, make("span", { class: "value today" }, shown.today), " → ", make("span", { class: "value what-if" }, shown.what_if)),
    difference(shown),
    ...(shown.also ? [make("p", { class: "small also", title: shown.also.meaning }, shown.also.label), difference(shown.also)] : []),
    chart.figure, details);
}

const difference = ({ told, how_sure }) =>
  make("p", { class: "change" }, told, ...(how_sure ? [" ", make("span", { class: "small" }, `(${how_sure})`)] : []));

// Put the cursor of everything to the end of a period; 0 is the start.
function go(to) {
  if (!picture) return;
  period = Math.min(Math.max(to, 0), picture.periods);
  for (const chart of charts) chart.show(period);
  people.show(period);
  at("cursor").value = period;
  const place = period === 0 ? words.start : fill(words.of_period, { n: period, of: picture.periods });
  at("cursor").setAttribute("aria-valuetext", place);
  at("period").textContent = people.differing === undefined || !people.people?.same
    ? place : `${place} · ${fill(words.differ, { n: people.differing, of: people.people.today.states[0].length })}`;
}

function play(on) {
  clearInterval(playing);
  playing = null;
  at("play").textContent = on ? words.pause : words.play;
  if (!on) return;
  if (period >= picture.periods) go(0);
  playing = setInterval(() => (period >= picture.periods ? play(false) : go(period + 1)), Number(at("speed").value));
}

function tryRange(lever) {
  tried = { path: lever.path, low: lever.low, high: lever.high };
  const { low, high } = lever.shown;
  const name = { lever: lever.name, low, high };
  at("range").hidden = false;
  at("range-title").textContent = fill(words.range_title, name);
  at("range-state").textContent = fill(words.trying, name);
  at("range-curves").replaceChildren();
  at("range-said").textContent = "";
  at("range").scrollIntoView({ block: "start" });
  follow("/range", { ...asked(), ...tried }, {
    point: ({ text }) => (at("range-state").textContent = text),
    range: (found) => {
      const others = Object.keys(levers.changes).some((path) => path !== lever.path);
      at("range-state").textContent = others ? `${words.range_note} ${words.range_others}` : words.range_note;
      at("range-said").textContent = found.said;
      at("range-title").textContent = fill(words.range_title, { lever: found.label, low: found.texts[0], high: found.texts.at(-1) });
      at("range-curves").replaceChildren(...found.curves.map((curve) => overRange(curve, { ...found, unit: lever.unit })));
    },
    problem: ({ text }) => (at("range-state").textContent = text),
  });
}

at("seed").addEventListener("change", moved);
at("another").addEventListener("click", () => {
  at("seed").value = Number(at("seed").value || 0) + 1;
  moved();
});
at("class").addEventListener("change", () => (prediction.on ? forget({}) : moved()));
at("play").addEventListener("click", () => play(!playing));
at("speed").addEventListener("change", () => playing && play(true));
at("step").addEventListener("click", () => go(period + 1));
at("back").addEventListener("click", () => go(period - 1));
at("cursor").addEventListener("input", () => go(Number(at("cursor").value)));
at("save").addEventListener("click", () =>
  keep("/save", { ...asked(), ...named() }, "name-problem"),
);
at("report").addEventListener("click", () => {
  clear();
  follow("/report", { ...asked(), ...named() }, {
    progress: ({ text }) => (at("kept").textContent = text),
    report: ({ file, text }) => {
      hand(file, text, "text/html");
      at("kept").textContent = fill(words.saved, { file });
      if (picture.runs < picture.of) run(); // which the report stopped
    },
    stopped: () => (at("kept").textContent = words.stopped),
    problem: ({ text }) => (at("name-problem").textContent = text),
  });
});
at("share-out").addEventListener("click", () => {
  forget(levers.changes);
  follow("/shares", asked(), sharing(() => picture.runs < picture.of && run()), "shares-problem");
});
bringing(asked);
at("experiment").addEventListener("click", () => keep("/experiment", { ...asked(), ...tried }, "experiment-problem"));

levers = new Levers(await get(`/levers/${encodeURIComponent(given.start)}`), { changed: moved, tried: tryRange });
run();
carry(() => ({ ...asked(), ...named(), period, predicted: at("class").checked }));
const before = carried();
if (before) {
  for (const id of ["seed", "name", "question"]) at(id).value = before[id] ?? "";
  if (before.predicted) at("class").click();
  period = before.period ?? Infinity;
  levers.take(before.changes);
  moved();
}
