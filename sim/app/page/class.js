// The teacher's view of a class: it is asked for again every few seconds, and changed where it has changed.

const EVERY = 3000;

async function renew() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("asked");
    const shown = document.getElementById("asked");
    if (found && found.innerHTML !== shown.innerHTML) shown.replaceWith(found);
  } catch {
    // sim app has ended: what was shown stays
  }
}

setInterval(renew, EVERY);
