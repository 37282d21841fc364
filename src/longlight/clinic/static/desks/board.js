// Keeps the board fresh without moving anything under the pointer: rows stay in their order and what would move waits
// behind "Show". Pausing stops the asking; hiding names blurs them for whoever stands by. Without this, reload.

const board = document.getElementById("board");
const words = board.dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const [stale, waitingLine, show, checked] = ["stale-line", "waiting", "show", "checked"].map(find);
const POLL_MS = 15_000;
const HIDDEN_MS = 60_000;
const STALE_MS = 25_000; // one poll that got no answer
const NAMES = "longlight.names-hidden";
let tag = words.tag;
let answeredAt = Date.now();
let isPaused = false;
let kept = null; // a newer board that waits to be shown
let nextPoll;

function clockOf(ms) { return new Date(ms).toLocaleTimeString("en-GB", { timeZone: words.zone }); }

function rowsOf(place) { return [...place.querySelectorAll("tr[data-row]")]; }

async function poll() {
  clearTimeout(nextPoll);
  if (!isPaused) await ask();
  nextPoll = setTimeout(poll, document.hidden ? HIDDEN_MS : POLL_MS);
}

async function ask() {
  try {
    const told = await fetch(`${words.url}?tag=${tag}`, { headers: { "HX-Request": "true" }, redirect: "error" });
    const isBoard = told.status === 204 || (told.ok && told.headers.has("X-Tag"));
    if (!isBoard) return;
    answeredAt = Date.now();
    checked.textContent = clockOf(answeredAt);
    if (told.status !== 204) take(await told.text(), told.headers.get("X-Tag"));
  } catch { /* said by the line that greys the board */ } finally { showStale(); }
}

function take(html, newTag) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const [now, then] = [rowsOf(board), rowsOf(fresh)].map((rows) => rows.map((row) => row.dataset.row));
  tag = newTag;
  if (now.join() === then.join() && !board.contains(document.activeElement)) {
    board.replaceChildren(...fresh.childNodes);
    offer(null, 0);
    return;
  }
  // Rows that stand are freshened where they are; whatever comes, goes or moves waits.
  for (const row of rowsOf(board)) {
    const newer = fresh.querySelector(`tr[data-row="${row.dataset.row}"]`);
    if (newer && !row.contains(document.activeElement)) { row.className = newer.className; row.innerHTML = newer.innerHTML; }
  }
  const moved = then.filter((id, place) => now[place] !== id).length + now.filter((id) => !then.includes(id)).length;
  offer(html, moved);
}

function offer(html, changes) {
  kept = html;
  for (const each of [waitingLine, show]) each.hidden = !changes;
  waitingLine.textContent = changes === 1 ? words.change : words.changes.replace("{n}", changes);
}

show.addEventListener("click", () => { if (kept) { board.innerHTML = kept; offer(null, 0); } });

function showStale() {
  const isStale = !isPaused && Date.now() - answeredAt > STALE_MS && !document.hidden;
  stale.hidden = !isStale;
  board.classList.toggle("is-old", isStale);
  if (isStale) stale.textContent = words.stale.replace("{since}", clockOf(answeredAt));
}

function press(button, isOn) { button.setAttribute("aria-pressed", String(isOn)); }

const [tools, pause, hide] = ["board-tools", "pause", "hide"].map(find);
tools.hidden = false;
pause.addEventListener("click", () => { isPaused = !isPaused; press(pause, isPaused); if (!isPaused) poll(); });

function hideNames(isHidden) {
  document.documentElement.classList.toggle("names-hidden", isHidden);
  press(hide, isHidden);
  try { sessionStorage.setItem(NAMES, String(isHidden)); } catch { /* this page alone */ }
}
hide.addEventListener("click", () => hideNames(!document.documentElement.classList.contains("names-hidden")));
try { if (sessionStorage.getItem(NAMES) === "true") hideNames(true); } catch { /* a private window */ }

// Single keys only while the list has the focus: j and k go from row to row, b blurs the names.
document.addEventListener("keydown", (event) => {
  const inside = board.contains(document.activeElement);
  if (!inside || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "b") hideNames(!document.documentElement.classList.contains("names-hidden"));
  if (event.key !== "j" && event.key !== "k") return;
  const links = rowsOf(board).map((row) => row.querySelector("a, button")).filter(Boolean);
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  links[Math.min(links.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)))]?.focus();
});

setInterval(showStale, 1000);
addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
nextPoll = setTimeout(poll, POLL_MS);
