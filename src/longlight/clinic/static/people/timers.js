// On the lock screen: the clocks of the page that was locked go on, without a name. The server is asked for one thing,
// how much waits: a count, never whose.
const list = document.querySelector("[data-timers]");
const CALLING = "chip is-missing";
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

function addTo(lines) {
  const line = document.createElement("li");
  lines.append(line);
  return line.appendChild(document.createElement("span"));
}

function show() {
  for (const [place, timer] of timers.entries()) {
    const words = list.children[place]?.firstChild ?? addTo(list);
    words.textContent = said(timer);
    words.className = timer.is_alarm || timer.until < Date.now() ? CALLING : "";
  }
  list.hidden = !timers.length;
}

show();
setInterval(show, 1000);

const COUNT_MS = 30_000;
const counts = document.querySelector("[data-counts]");

async function count() {
  try {
    const told = await fetch(counts.dataset.counts, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!told.ok || !told.headers.get("Content-Type")?.startsWith("application/json")) return;
    const { lines } = await told.json();
    const said = lines.join();
    if (said === counts.dataset.said) return;
    counts.dataset.said = said;
    counts.replaceChildren();
    for (const words of lines) Object.assign(addTo(counts), { textContent: words, className: CALLING });
    counts.hidden = !lines.length;
  } catch { /* no connection: what stands is from before, and says no name */ }
}

if (counts) {
  count();
  setInterval(count, COUNT_MS);
}
