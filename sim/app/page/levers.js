// Levers: slider and number, unit, practical range, a mark at today's value, source, back to today; search over all.

import { at, fill, make, words } from "./elements.js";

const MOST = 24;

export class Levers {
  constructor(all, { changed, tried }) {
    this.all = all;
    this.byPath = new Map(all.map((lever) => [lever.path, lever]));
    this.changes = {};
    this.changed = changed;
    this.tried = tried;
    this.rows = new Map();
    this.setters = new Map();
    for (const lever of all) lever.haystack = `${lever.path} ${lever.group.join(" ")} ${lever.name} ${lever.meaning} ${lever.called.join(" ")}`.toLowerCase();
    at("search").addEventListener("input", () => this.show());
    at("all-back").addEventListener("click", () => this.back());
    this.show();
  }

  back() {
    this.changes = {};
    this.rows.clear();
    this.show();
    this.changed();
  }

  // Levers as they stood on another page, such as this one in another language.
  take(changes) {
    for (const [path, value] of Object.entries(changes)) {
      const lever = this.byPath.get(path);
      if (!lever) continue;
      this.row(lever);
      this.setters.get(path)(value);
    }
    this.show();
  }

  show() {
    const asked = at("search").value.trim().toLowerCase();
    let found = this.all.filter((lever) => lever.first !== null || lever.path in this.changes);
    found.sort((a, b) => (a.first ?? 99) - (b.first ?? 99));
    if (asked) {
      const parts = asked.split(/\s+/);
      found = this.all.filter((lever) => parts.every((part) => lever.haystack.includes(part)));
      const inLabel = (lever) => (parts.every((part) => lever.label.toLowerCase().includes(part)) ? 0 : 1);
      found.sort((a, b) => inLabel(a) - inLabel(b));
    }
    const shown = found.slice(0, MOST);
    at("found").textContent = !asked
      ? fill(words.found, { n: shown.length, of: this.all.length })
      : found.length === 0
        ? words.none
        : found.length > MOST
          ? fill(words.more, { n: found.length - MOST })
          : fill(words.found, { n: found.length, of: this.all.length });
    at("list").replaceChildren(...shown.map((lever) => this.row(lever)));
  }

  row(lever) {
    if (!this.rows.has(lever.path)) this.rows.set(lever.path, this.made(lever));
    return this.rows.get(lever.path);
  }

  made(lever) {
    const { name } = lever;
    const id = `lever-${lever.path}`;
    const problem = make("p", { class: "problem", id: `${id}-problem`, role: "alert" });
    const reset = make("button", { type: "button", class: "plain", hidden: true, onclick: () => set(lever.value) }, words.reset);
    const inputs = [];
    const set = (value, from = null) => {
      const same = value === lever.value;
      if (same) delete this.changes[lever.path];
      else this.changes[lever.path] = value;
      reset.hidden = same;
      row.classList.toggle("moved", !same);
      problem.textContent = "";
      for (const input of inputs) {
        if (input === from) continue;
        if (input.type === "checkbox") input.checked = value;
        else if (input.type === "text") input.value = String(value).replace(".", words.decimal);
        else input.value = value;
      }
      this.changed();
    };
    this.setters.set(lever.path, set);
    const row = make("div", { class: "lever", "data-path": lever.path });
    row.append(make("div", { class: "lever-head" }, make("span", { class: "lever-name" }, name), reset));
    const common = { "aria-describedby": `${id}-problem` };
    if (lever.kind === "number") this.slider(lever, name, row, inputs, set, common);
    else if (lever.kind === "switch") {
      const input = make("input", { type: "checkbox", "aria-label": name, ...common, onchange: () => set(input.checked, input) });
      input.checked = lever.value;
      inputs.push(input);
      row.append(input);
    } else {
      const input = make("select", { "aria-label": name, ...common, onchange: () => set(input.value, input) });
      for (const choice of lever.choices) input.append(make("option", { value: choice }, choice));
      if (lever.value === null) input.prepend(make("option", { value: "" }, "-"));
      input.value = lever.value ?? "";
      inputs.push(input);
      row.append(input);
    }
    row.append(problem, this.about(lever));
    return row;
  }

  slider(lever, name, row, inputs, set, common) {
    const slider = make("input", {
      type: "range", min: lever.low, max: lever.high, step: "any", "aria-label": fill(words.slider, { lever: name }),
    });
    const number = make("input", {
      type: "text", inputmode: "decimal", "aria-label": fill(words.number, { lever: name }), ...common,
    });
    slider.value = lever.value;
    const written = (value) => String(value).replace(".", words.decimal);
    number.value = written(lever.value);
    const rounded = (value) => Number((Math.round(value / lever.step) * lever.step).toPrecision(8));
    const near = (value) => (Math.abs(value - lever.value) < lever.step / 2 ? lever.value : rounded(value));
    slider.addEventListener("input", () => {
      const value = near(Number(slider.value));
      number.value = written(value);
      set(value, slider);
    });
    // A slider without steps still moves by one with the arrow keys.
    slider.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (!way) return;
      event.preventDefault();
      const value = near(Math.min(Math.max(Number(slider.value) + way * lever.step, lever.low), lever.high));
      slider.value = value;
      number.value = written(value);
      set(value, slider);
    });
    number.addEventListener("change", () => {
      const value = read(number.value.trim(), lever);
      if (typeof value === "number") slider.value = value;
      set(value, number);
    });
    inputs.push(slider, number);
    const share = (lever.value - lever.low) / (lever.high - lever.low || 1);
    const mark = make("span", { class: "ghost", title: fill(words.today_is, lever.shown), "aria-hidden": "true" });
    mark.style.setProperty("--share", share);
    row.append(
      make("div", { class: "lever-line" }, make("span", { class: "track" }, slider, mark), number),
      make("p", { class: "small unit" }, `${lever.unit} · ${fill(words.allowed, lever.shown)}`),
    );
  }

  about(lever) {
    const details = make("details", { class: "small" },
      make("summary", {}, fill(words.about, { lever: lever.label })),
      make("p", {}, lever.meaning),
      make("p", {}, lever.source),
    );
    if (lever.kind === "number") {
      details.append(make("p", {}, fill(words.today_is, lever.shown)));
      details.append(make("button", { type: "button", onclick: () => this.tried(lever) }, words.try));
    }
    details.append(make("p", {}, make("code", {}, lever.path)));
    return details;
  }

  // Put each problem beside its field, of several that do not go together beside the one moved last; returns those
  // that belong to none that is seen, by the names of levers.
  tell(problems) {
    for (const row of this.rows.values()) row.querySelector(".problem").textContent = "";
    const rest = [];
    for (const { key, text } of problems) {
      const moved = Object.keys(this.changes).findLast((path) => path.startsWith(`${key}.`));
      const lever = this.byPath.get(key) ?? this.byPath.get(moved);
      if (lever) this.row(lever).querySelector(".problem").textContent = text;
      if (!lever || !this.row(lever).isConnected) rest.push({ key: lever ? lever.name : key, text });
    }
    return rest;
  }
}

// What was typed as a number, as the reader's language writes it and shares in per cent too; else as it was typed.
function read(typed, lever) {
  const percent = lever.percent && typed.endsWith("%");
  const digits = (percent ? typed.slice(0, -1).trim() : typed).replace("\u2212", "-").replace(words.decimal, ".");
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits) ? Number(digits) : NaN;
  if (!Number.isFinite(value)) return typed;
  return percent ? Number((value / 100).toPrecision(12)) : value;
}
