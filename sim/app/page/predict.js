// Class: whoever moves a lever says first what it will do; only then the worlds are run, and the two are set side by side.

import { drawing } from "./drawing.js";
import { at, fill, make, words } from "./elements.js";

const DRAWN = "retention";
const ASKED = ["retention", "satisfaction", "margin"];
const WAYS = ["up", "open", "down"];

export class Prediction {
  constructor(run) {
    this.guesses = {};
    this.asked = false;
    at("class").addEventListener("change", () => {
      at("prediction").hidden = !this.on;
      this.reset();
    });
    at("run").addEventListener("click", () => {
      if (ASKED.some((name) => !this.guesses[name])) {
        at("verdict").replaceChildren(make("p", { class: "problem" }, words.predict));
        return;
      }
      this.asked = true;
      run();
    });
  }

  get on() {
    return at("class").checked;
  }

  // What a question to the server says of it, for a teacher to see.
  told() {
    return this.on && this.asked ? { guesses: this.guesses } : {};
  }

  // The labels of the figures come with the first picture, today's curve to draw over with each.
  offer(cards, picture) {
    this.latest = [cards.find((card) => card.name === DRAWN), picture];
    if (!this.on) this.begin();
    if (at("guesses").childElementCount) return;
    for (const name of ASKED) {
      const label = cards.find((card) => card.name === name).label;
      const group = make("fieldset", {}, make("legend", {}, label));
      for (const way of WAYS) {
        const input = make("input", { type: "radio", name: `guess-${name}`, value: way, onchange: () => (this.guesses[name] = way) });
        group.append(make("label", { class: "check" }, input, ` ${words[way]}`));
      }
      at("guesses").append(group);
    }
  }

  // A curve to draw anew.
  begin() {
    if (!this.latest) return;
    this.drawing = drawing(...this.latest);
    at("draw-how").textContent = fill(words.draw, { figure: this.latest[0].label });
    at("drawing").replaceChildren(this.drawing.figure);
  }

  reset() {
    this.begin();
    this.asked = false;
    this.guesses = {};
    for (const input of document.querySelectorAll("#guesses input")) input.checked = false;
    at("verdict").replaceChildren();
  }

  judge(cards) {
    if (!this.on || !this.asked) return;
    this.drawing.reveal(cards.find((card) => card.name === DRAWN).curve);
    let right = 0;
    const lines = ASKED.map((name) => {
      const card = cards.find((one) => one.name === name);
      const hit = card.sure === this.guesses[name];
      right += hit;
      return make("li", {}, fill(hit ? words.right : words.wrong, {
        figure: card.label, guess: words[this.guesses[name]], result: words[card.sure],
      }));
    });
    at("verdict").replaceChildren(make("p", {}, make("strong", {}, fill(words.score, { n: right, of: ASKED.length }))), make("ul", {}, ...lines));
  }
}
