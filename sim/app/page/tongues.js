// The page in another language: what was moved goes along, kept by the browser until the other page has taken it.

import { at, given } from "./elements.js";

const KEPT = "carried";

export function carry(state) {
  for (const link of at("tongues").querySelectorAll("a"))
    link.addEventListener("click", () => sessionStorage.setItem(KEPT, JSON.stringify({ ...state(), language: link.dataset.language })));
}

// What the page before this one left for it, once; null where it left nothing, or for another start.
export function carried() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  return kept?.start === given.start && kept.language === given.language ? kept : null;
}
