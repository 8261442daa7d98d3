// A table of the user's own: sent to the server of this page, and shown as it is understood.

import { ask, Refused } from "./ask.js";
import { at, make } from "./elements.js";
import { hand } from "./keep.js";

let fit = null;

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

async function bring(asked) {
  const file = at("table").files[0];
  at("understood").replaceChildren();
  at("table-problem").textContent = "";
  at("fit").hidden = true;
  if (!file) return;
  try {
    const found = await ask("/table", { ...asked(), file: file.name, unit: at("unit").value, data: await base64(file) });
    at("understood").replaceChildren(...found.lines.flatMap(([label, text]) => [make("dt", {}, label), make("dd", {}, text)]));
    fit = found.fit;
    at("fit").hidden = !fit;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    at("table-problem").textContent = error.message;
  }
}

export function bringing(asked) {
  at("table").addEventListener("change", () => bring(asked));
  at("unit").addEventListener("change", () => bring(asked));
  at("fit").addEventListener("click", () => hand(fit.file, fit.text));
}
