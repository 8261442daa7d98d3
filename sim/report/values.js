// Values of a figure under the pointer and by arrow keys. Places stand in data-places, the values in the table below it.
"use strict";
for (const figure of document.querySelectorAll("figure[data-values]")) {
  const rows = [...figure.querySelectorAll(".values tbody tr")].map(row => [...row.cells].map(cell => cell.textContent));
  const said = figure.querySelector(".said");
  let at = -1;
  const shown = () => [...figure.querySelectorAll("[data-places]")].find(form => form.offsetParent !== null);
  const places = form => form.dataset.places.split(" ").map(place => place === "-" ? null : place.split(",").map(Number));
  const hide = () => { figure.querySelectorAll(".mark").forEach(mark => mark.remove()); said.textContent = ""; };
  const show = (form, number) => {
    hide();
    const place = places(form)[number];
    if (!place || !rows[number]) return;
    at = number;
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.style.left = `${place[0] / 10}%`;
    mark.style.top = `${place[1] / 10}%`;
    form.append(mark);
    said.textContent = rows[number].filter(text => text).join(" · ");
  };
  figure.addEventListener("pointermove", event => {
    const form = shown();
    if (!form || !form.contains(event.target)) return;
    const box = form.getBoundingClientRect();
    const far = place => place ? Math.hypot(box.left + place[0] * box.width / 1000 - event.clientX, box.top + place[1] * box.height / 1000 - event.clientY) : Infinity;
    const all = places(form).map(far);
    show(form, all.indexOf(Math.min(...all)));
  });
  figure.addEventListener("pointerleave", hide);
  for (const form of figure.querySelectorAll("[data-places]")) {
    form.tabIndex = 0;
    form.addEventListener("blur", hide);
    form.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const shownHere = places(form).flatMap((place, number) => place ? [number] : []);
      const last = shownHere.length - 1;
      const here = shownHere.indexOf(at);
      if (event.key === "Escape") hide();
      const next = event.key === "Home" ? 0 : event.key === "End" ? last : step ? (here + step + last + 1) % (last + 1) : -1;
      if (next < 0) return;
      event.preventDefault();
      show(form, shownHere[here < 0 && step < 0 ? last : next]);
    });
  }
}
