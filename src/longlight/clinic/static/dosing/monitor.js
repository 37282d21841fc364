// The live monitor. Asks every three seconds what changed, swaps only the parts that did, and never the entry row.
// What is typed or tapped waits in the device's encrypted queue until the server has it: neither lost nor doubled.
import { clearEntry, startKeypad } from "./keypad.js";
import { drawPlots, moveNow } from "./plots.js";
import { clockOf, fieldsOf, heardServerTime, keep, reload, serverNow, startRows } from "./rows.js";

const words = document.getElementById("monitor").dataset;
const [staleLine, clockLine] = ["[data-stale-line]", "[data-clock-line]"].map((name) => document.querySelector(name));
const POLL_MS = 3000;
const HIDDEN_MS = 60_000;
const STALE_MS = 10_000;
const UNDO_MS = 10_000;
const SKEW_MS = 30_000;
let tag = "";
let answeredAt = Date.now();
let isAsking = false;
let nextPoll;

// ---- what the server says

async function poll() {
  if (isAsking) return;
  isAsking = true;
  try {
    const told = await fetch(`${words.liveUrl}?tag=${encodeURIComponent(tag)}`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (told.headers.get("HX-Trigger") === "longlight:locked") lockHere();
    else if (told.status === 204) heard(told.headers.get("X-Server-Now"));
    else if (told.ok && told.headers.get("Content-Type")?.startsWith("application/json")) take(await told.json());
  } catch { /* said by the line that greys the values */ } finally { isAsking = false; }
  showStale();
  clearTimeout(nextPoll);
  nextPoll = setTimeout(poll, document.hidden ? HIDDEN_MS : POLL_MS);
}

function heard(serverTime) {
  answeredAt = Date.now();
  const offMs = heardServerTime(serverTime);
  clockLine.hidden = offMs <= SKEW_MS;
  if (offMs > SKEW_MS) clockLine.textContent = words.clock.replace("{n}", Math.round(offMs / 1000));
}

function take(told) {
  if (told.over) { reload(); return; }
  heard(told.now);
  tag = told.tag;
  for (const [name, html] of Object.entries(told.regions)) swap(name, html);
  for (const [name, said] of Object.entries(told.last)) {
    const beside = document.querySelector(`[data-last="${name}"]`);
    if (beside) beside.textContent = said;
  }
  drawPlots(told.plot, serverNow());
  tick();
}

// A part that someone is in the middle of stays as it is until the next change.
function swap(name, html) {
  const region = document.querySelector(`[data-live="${name}"]`);
  if (!region || (region.contains(document.activeElement) && document.activeElement !== region)) { tag = ""; return; }
  if (region.querySelector("details[open]")) { tag = ""; return; }
  region.innerHTML = html;
}

function showStale() {
  const isStale = Date.now() - answeredAt > STALE_MS;
  staleLine.hidden = !isStale;
  document.querySelector(".vals")?.classList.toggle("is-stale", isStale);
  document.querySelector(".next")?.classList.toggle("is-stale", isStale);
  if (isStale) staleLine.textContent = words.stale.replace("{since}", clockOf(answeredAt));
}

// ---- clocks

function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function tick() {
  const now = serverNow();
  const elapsed = document.querySelector("[data-since]");
  if (elapsed) elapsed.textContent = span(now - Date.parse(elapsed.dataset.since));
  const due = document.querySelector("[data-due]");
  if (due) {
    const leftMs = Date.parse(due.dataset.due) - now;
    due.textContent = `${leftMs < 0 ? due.dataset.late : due.dataset.in} ${span(Math.abs(leftMs))}`;
    due.closest(".next").classList.toggle("is-late", leftMs < 0);
  }
}

// The clocks go on while the screen is locked: the lock screen shows them, with the chair and without a name.
function lockHere() { document.dispatchEvent(new Event("longlight:locked")); }

function noteTimers() {
  const onThisClock = (text) => Date.parse(text) - serverNow() + Date.now();
  const [elapsed, due, alarm] = ["[data-since]", "[data-due]", "[data-live=alarm] .pri"].map((name) => document.querySelector(name));
  const timers = [{ title: words.chair }];
  if (elapsed) timers.push({ word: words.sinceWord, from: onThisClock(elapsed.dataset.since) });
  if (due) timers.push({ word: due.dataset.in, late: due.dataset.late, until: onThisClock(due.dataset.due) });
  if (alarm) timers.push({ word: words.alarmed.replace("{what}", alarm.textContent), is_alarm: true });
  try { sessionStorage.setItem("longlight.timers", JSON.stringify(timers)); } catch { /* not shown then */ }
}

// ---- taps

addEventListener("submit", (event) => {
  const form = event.target;
  if (!("tap" in form.dataset)) return;
  event.preventDefault();
  const fields = { ...fieldsOf(form, event.submitter), key: crypto.randomUUID() };
  form.closest("details")?.removeAttribute("open");
  document.activeElement?.blur();
  keep(form.action, fields);
  if (form.dataset.tap !== "quiet") offerUndo(form.action, fields.key, event.submitter?.textContent ?? "");
});

let undoEnds;
function offerUndo(address, key, what) {
  const line = document.querySelector("[data-undo-line]");
  if (!line) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn is-second is-small", textContent: words.undo });
  line.replaceChildren(Object.assign(document.createElement("span"), { textContent: words.noted.replace("{what}", what.trim()) }), button);
  line.hidden = false;
  clearTimeout(undoEnds);
  undoEnds = setTimeout(() => { line.hidden = true; }, UNDO_MS);
  button.addEventListener("click", () => { line.hidden = true; keep(`${address}/${key}/undo`, {}); });
}

// ---- on and on

addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
startKeypad();
document.addEventListener("longlight:locking", noteTimers);
setInterval(tick, 1000);
setInterval(showStale, 1000);
setInterval(() => moveNow(serverNow()), 20_000);
tick();
poll();
await startRows({ cleared: clearEntry, sent: poll });
