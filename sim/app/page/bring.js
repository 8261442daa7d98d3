// A table of the user's own: sent to the server of this page, and shown as it is understood.

import { ask, Refused } from "./ask.js";
import { at, fill, make, words } from "./elements.js";
import { hand } from "./keep.js";

const FIELDS = ["kind", "unit", "dates", "scale", "exported", "further"];
const MOST = 9 * 1024 * 1024; // bytes that the server takes

let fit = null;
let columns = {}; // of a proposal that was taken, for this file
let latest = 0;

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

async function bring(asked) {
  const mine = ++latest;
  const file = at("table").files[0];
  for (const id of ["understood", "proposals"]) at(id).replaceChildren();
  for (const id of ["table-problem", "fitted"]) at(id).textContent = "";
  at("fit").hidden = true;
  if (!file) return;
  if (file.size > MOST) return (at("table-problem").textContent = fill(words.too_large, { file: file.name }));
  try {
    const said = Object.fromEntries(FIELDS.map((id) => [id, at(id).value.trim()]));
    const found = await ask("/table", { ...asked(), ...said, columns, file: file.name, data: await base64(file) });
    if (mine !== latest) return; // another table, or the same one otherwise, is asked for by now
    at("understood").replaceChildren(...found.lines.flatMap(([label, text]) => [make("dt", {}, label), make("dd", {}, text)]));
    fit = found.fit;
    at("fit").hidden = !fit;
  } catch (error) {
    if (mine !== latest) return;
    if (!(error instanceof Refused)) return (at("table-problem").textContent = words.lost);
    at("table-problem").textContent = error.message;
    at("reading").open = true;
    at("proposals").replaceChildren(...error.proposals.map((one) => make("button", { type: "button", onclick: () => take(one, asked) }, one.text)));
  }
}

function take(proposal, asked) {
  at("kind").value = proposal.kind;
  columns = proposal.columns;
  at("kind").focus(); // the button goes
  bring(asked);
}

export function bringing(asked) {
  at("table").addEventListener("change", () => {
    columns = {};
    bring(asked);
  });
  for (const id of FIELDS) at(id).addEventListener("change", () => bring(asked));
  at("fit").addEventListener("click", () => {
    hand(fit.file, fit.text);
    at("fitted").textContent = fill(words.fitted, { file: fit.file, table: at("table").files[0].name });
  });
}
