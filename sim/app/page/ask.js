// Questions to the server: JSON in, JSON or server-sent events out. A later question of the page stops the one before.

import { given } from "./elements.js";

// Each address says in which language the page is to be answered.
export const spoken = (address) => `${address}?language=${encodeURIComponent(given.language)}`;

const session = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16)).join("");

export class Refused extends Error {
  constructor({ problems, proposals = [] }) {
    super(problems.map((problem) => problem.text).join("\n"));
    this.problems = problems;
    this.proposals = proposals;
  }
}

async function post(address, asked, signal) {
  const answer = await fetch(spoken(address), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ session, ...asked }),
    signal,
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({ problems: [{ key: "", text: answer.statusText }] }));
    throw new Refused(told);
  }
  return answer;
}

export async function ask(address, asked) {
  return (await post(address, asked)).json();
}

export async function get(address) {
  return (await fetch(spoken(address))).json();
}

let current = null;

// Calls on[name](data) for each event; resolves when the stream ends, also when a later question took its place.
export async function stream(address, asked, on) {
  if (current) current.abort();
  const mine = (current = new AbortController());
  try {
    const answer = await post(address, asked, mine.signal);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let kept = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      kept += value;
      const parts = kept.split("\n\n");
      kept = parts.pop();
      for (const part of parts) {
        const [name, data] = part.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
        if (mine === current && on[name]) on[name](JSON.parse(data));
      }
    }
  } catch (error) {
    if (error.name !== "AbortError" && mine === current) throw error;
  }
}
