// 120 people in both worlds: the same person in the same place, colour and shape by state, a ring where fates differ.

import { at, draw, fill, make, words } from "./elements.js";

const ACROSS = 15, SIZE = 20;
const OURS = "hsd";
// Shapes in a box of 12 around the middle: a state can be told without its colour.
const SHAPES = {
  h: "M0-6 1.6-2 5.8-1.8 2.5.9 3.6 5 0 2.7-3.6 5-2.5.9-5.8-1.8-1.6-2Z",
  s: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
  d: "M0-5.5 5.6 4.5H-5.6Z",
  r: "M-4.5-4.5H4.5V4.5H-4.5Z",
  n: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0ZM-3.4 0a3.4 3.4 0 1 1 6.8 0a3.4 3.4 0 1 1-6.8 0Z",
  l: "M-5-3.4-3.4-5 0-1.6 3.4-5 5-3.4 1.6 0 5 3.4 3.4 5 0 1.6-3.4 5-5 3.4-1.6 0Z",
};
const WORLDS = ["today", "what_if"];
const other = (world) => (world === "today" ? "what_if" : "today");

export class People {
  constructor() {
    this.people = null;
    this.chosen = null;
    this.focus = 0;
    this.cells = {};
    at("close-diary").addEventListener("click", () => this.close());
    at("people").addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    at("key").replaceChildren(
      ...Object.entries(words.states).map(([state, text]) => {
        const icon = draw("svg", { viewBox: "-7 -7 14 14", class: "icon", "aria-hidden": "true" }, draw("path", { class: `state-${state}`, d: SHAPES[state] }));
        return make("span", { class: "key-item" }, icon, ` ${text}`);
      }),
    );
  }

  take(people) {
    this.people = people;
    at("fates").textContent = people.sentence;
    for (const world of WORLDS) this.crowd(world, people[world].states[0].length);
  }

  crowd(world, count) {
    if (this.cells[world]?.length === count) return;
    const rows = Math.ceil(count / ACROSS);
    const svg = draw("svg", { viewBox: `0 0 ${ACROSS * SIZE} ${rows * SIZE}`, role: "group", "aria-label": words[world] });
    this.cells[world] = Array.from({ length: count }, (_, i) => {
      const ring = draw("circle", { class: "ring", r: 8.6 });
      const path = draw("path", {});
      const x = (i % ACROSS) * SIZE + SIZE / 2, y = Math.floor(i / ACROSS) * SIZE + SIZE / 2;
      const cell = draw("g", { class: "person", transform: `translate(${x} ${y})`, role: "button", tabindex: i ? "-1" : "0" },
        draw("rect", { class: "room", x: -SIZE / 2, y: -SIZE / 2, width: SIZE, height: SIZE }), ring, path);
      cell.addEventListener("click", () => this.open(i, world));
      cell.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
        if (step !== undefined) {
          const next = this.cells[world][i + step]?.cell;
          event.preventDefault();
          if (!next) return;
          cell.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        } else if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          this.open(i, world);
        }
      });
      svg.append(cell);
      return { cell, path };
    });
    at(`people-${world}`).replaceChildren(svg);
  }

  // Everybody at the end of a period; 0 is the start.
  show(period) {
    if (!this.people) return;
    const states = Object.fromEntries(WORLDS.map((world) => [world, this.people[world].states[period] ?? ""]));
    let differing = 0;
    for (const world of WORLDS) {
      let ours = 0;
      this.cells[world].forEach(({ cell, path }, i) => {
        const state = states[world][i], elsewhere = states[other(world)][i];
        const differs = this.people.same && OURS.includes(state) !== OURS.includes(elsewhere);
        ours += OURS.includes(state);
        differing += differs && world === "today";
        if (path.dataset.state !== state) {
          path.dataset.state = state;
          path.setAttribute("class", `state-${state}`);
          path.setAttribute("d", SHAPES[state]);
        }
        cell.classList.toggle("differs", differs);
        const sentence = differs ? words.person_differs : words.person_state;
        cell.setAttribute("aria-label", fill(sentence, { n: i + 1, state: words.states[state], other: words.states[elsewhere] }));
      });
      at(`count-${world}`).textContent = fill(words.customers, { n: ours, of: states[world].length });
    }
    this.differing = differing;
    if (this.chosen !== null) this.open(this.chosen);
  }

  // Back to whom it was opened from.
  close() {
    if (this.chosen === null) return;
    const { cell } = this.cells[this.from][this.chosen];
    for (const world of WORLDS) this.cells[world][this.chosen].cell.classList.remove("chosen");
    at("diary").hidden = true;
    this.chosen = null;
    cell.focus();
  }

  open(i, from = this.from) {
    this.chosen = i;
    this.from = from;
    at("diary").hidden = false;
    at("diary-title").textContent = fill(words.person, { n: i + 1 });
    for (const world of WORLDS) {
      this.cells[world].forEach(({ cell }, j) => cell.classList.toggle("chosen", i === j));
      const lines = this.people[world].diaries[i].map(([period, event, detail]) =>
        make("li", {}, fill(words.events[event], { n: period + 1, detail })),
      );
      at(`diary-${world}`).replaceChildren(...(lines.length ? lines : [make("li", { class: "none" }, words.nothing)]));
    }
  }
}
