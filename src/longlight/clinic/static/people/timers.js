// On the lock screen: the clocks of the page that was locked go on, without a name. Nothing is asked of the server.
const list = document.querySelector("[data-timers]");
let timers = [];
try { timers = JSON.parse(sessionStorage.getItem("longlight.timers")) ?? []; } catch { /* none was kept */ }

function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function said({ title, word, late, from, until }) {
  if (title !== undefined) return title;
  if (from) return `${span(Date.now() - from)} ${word}`;
  if (until) return `${Date.now() > until ? late : word} ${span(until - Date.now())}`;
  return word;
}

function show() {
  for (const [place, timer] of timers.entries()) {
    const line = list.children[place] ?? list.appendChild(document.createElement("li"));
    line.textContent = said(timer);
    line.className = timer.is_alarm || timer.until < Date.now() ? "chip is-missing" : "";
  }
  list.hidden = !timers.length;
}

show();
setInterval(show, 1000);
