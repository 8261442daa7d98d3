// Which of several levers does it: asked for, and gone with the next move.

import { at, make, words } from "./elements.js";

export function forget(changes) {
  at("shares").hidden = Object.keys(changes).length < 2;
  at("shares-state").textContent = at("shares-problem").textContent = "";
  at("shared").replaceChildren();
}

// What to do with the answer to /shares; `after` is called once it is there.
export function sharing(after) {
  return {
    progress: ({ text }) => (at("shares-state").textContent = text),
    shares: ({ of, lines, said }) => {
      at("shares-state").textContent = "";
      at("shared").replaceChildren(table(of, lines), ...said.map((text) => make("p", {}, text)));
      after();
    },
    stopped: () => (at("shares-state").textContent = words.stopped),
    problem: ({ text }) => {
      at("shares-state").textContent = "";
      at("shares-problem").textContent = text;
    },
  };
}

function table(of, lines) {
  const head = [words.lever, words.today, words.what_if, words.share, words.orders];
  const body = lines.map(({ label, cells }) =>
    make("tr", {}, make("th", { scope: "row" }, label),
      ...cells.map(({ text, interval }) => make("td", {}, text, interval ? make("span", { class: "small" }, ` (${interval})`) : ""))),
  );
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": of },
    make("table", {}, make("caption", {}, of),
      make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...body)));
}
