// Files of what the page shows: shown, and handed to the browser to be saved.

import { ask, Refused } from "./ask.js";
import { at, fill, make, words } from "./elements.js";

export function hand(file, text, type = "text/yaml") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: address, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Whether what is shown is kept: beside the buttons, and in the head of the page.
export function told(text) {
  at("kept").textContent = at("is-kept").textContent = text;
}

export function clear() {
  for (const id of ["name-problem", "question-problem", "experiment-problem"]) at(id).textContent = "";
}

// Asks for a file; problems go beside the field that they name, or to the one given.
export async function keep(address, asked, fallback) {
  clear();
  try {
    const { file, text } = await ask(address, asked);
    at("text").hidden = false;
    at("text").textContent = text;
    if (address === "/save") told(fill(words.saved, { file }));
    else at("kept").textContent = fill(words.saved, { file });
    hand(file, text);
  } catch (error) {
    if (!(error instanceof Refused)) return (at(fallback).textContent = words.lost);
    for (const { key, text } of error.problems) {
      const beside = { name: "name-problem", question: "question-problem" }[key] ?? fallback;
      at(beside).textContent = [at(beside).textContent, key && beside === fallback ? `${key}: ${text}` : text].filter(Boolean).join(" ");
    }
  }
}
