"""What tests do on the page in a real browser."""

from typing import Any

PATIENCE = 120_000
"""Milliseconds to wait for a state of the page, on a machine with other work."""


RECORDER = """
window.moved = new Set(); window.told = new Set();
const controls = "button, input, select, summary, a[href], [role=button], svg[tabindex]";
const key = (one) => one.id || one.name || `${one.tagName} ${one.type ?? ""} in ${one.closest("[id]")?.id}`;
window.all = () => [...document.querySelectorAll(controls)].map(key);
for (const kind of ["click", "input", "change", "keydown"]) addEventListener(kind, (event) => {
  const control = event.target.closest?.(controls);
  if (control) moved.add(key(control));
}, true);
new MutationObserver(() => {
  for (const problem of document.querySelectorAll(".problem[id]")) if (problem.textContent) told.add(problem.id);
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
"""Notes which controls of a page were moved, and beside which fields something was told; of many alike, one."""


def finished(tab: Any) -> None:
    tab.locator("#state", has_text="10 runs of each world").wait_for()


def type_into(tab: Any, lever: str, value: str) -> None:
    field = tab.get_by_label(f"{lever}, number", exact=True)
    field.fill(value)
    field.press("Enter")
