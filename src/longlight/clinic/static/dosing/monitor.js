// The live monitor. Asks every three seconds what changed, swaps only the parts that did, and never the entry row.
// What is typed or tapped waits in the device's encrypted queue until the server has it: neither lost nor doubled.
import { flush, put, waiting } from "../assessments/outbox.js";
import { clearEntry, startKeypad } from "./keypad.js";
import { drawPlots, moveNow } from "./plots.js";

const here = document.getElementById("monitor");
const words = here.dataset;
const [stateLine, staleLine, clockLine, question] = ["[data-state]", "[data-stale-line]", "[data-clock-line]", "[data-question]"]
  .map((name) => document.querySelector(name));
const entry = document.querySelector("[data-entry]");
const POLL_MS = 3000;
const HIDDEN_MS = 60_000;
const STALE_MS = 10_000;
const UNDO_MS = 10_000;
const SKEW_MS = 30_000;
let tag = "";
let skewMs = 0; // the server's clock minus this device's
let answeredAt = Date.now();
let isAsking = false;
let nextPoll;

function serverNow() { return Date.now() + skewMs; }

function csrf() { return document.querySelector("input[name=csrfmiddlewaretoken]").value; }

function clockOf(ms) { return new Date(ms).toLocaleTimeString("en-GB", { timeZone: words.zone }); }

// ---- what the server says

async function poll() {
  if (isAsking) return;
  isAsking = true;
  try {
    const told = await fetch(`${words.liveUrl}?tag=${encodeURIComponent(tag)}`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (told.status === 204) heard(told.headers.get("X-Server-Now"));
    else if (told.ok && told.headers.get("Content-Type")?.startsWith("application/json")) take(await told.json());
  } catch { /* said by the line that greys the values */ } finally { isAsking = false; }
  showStale();
  clearTimeout(nextPoll);
  nextPoll = setTimeout(poll, document.hidden ? HIDDEN_MS : POLL_MS);
}

function heard(serverTime) {
  answeredAt = Date.now();
  if (serverTime) skewMs = Date.parse(serverTime) - answeredAt;
  const off = Math.abs(skewMs) > SKEW_MS;
  clockLine.hidden = !off;
  if (off) clockLine.textContent = words.clock.replace("{n}", Math.round(Math.abs(skewMs) / 1000));
}

function take(told) {
  if (told.over) { location.reload(); return; }
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

// ---- what is typed and tapped

let refused = "";

async function send({ address, fields }) {
  try {
    const told = await fetch(address, {
      method: "POST", redirect: "error", headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() }),
    });
    if (!told.headers.get("Content-Type")?.startsWith("application/json")) return "again";
    if (told.ok) { answeredAt = Date.now(); return "kept"; }
    const said = await told.json();
    if (said.questions) ask({ address, fields }, said);
    else refused = said.sentence;
    return "refused";
  } catch { return "again"; }
}

async function sendWaiting() {
  await flush(words.base, send);
  await showState();
}

async function showState() {
  const count = await waiting(words.base) + (question.hidden ? 0 : 1);
  stateLine.className = count || refused ? "chip is-missing" : "chip is-done";
  if (count) stateLine.textContent = `${words.waiting} (${count})`;
  else stateLine.textContent = refused || `${words.saved} ${clockOf(Date.now())}`;
  return count;
}

function fieldsOf(form, submitter) {
  const data = new FormData(form, submitter ?? undefined);
  data.delete("csrfmiddlewaretoken");
  return { ...Object.fromEntries(data), observed_at: new Date(serverNow()).toISOString() };
}

async function keep(address, fields) {
  refused = "";
  await put(words.base, { address, fields });
  await showState();
  await sendWaiting();
  await poll();
}

// An unlikely value: is a digit missing? What is true is then kept as it is.
function ask({ address, fields }, { questions, sure }) {
  const said = questions.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence }));
  const [yes, no] = [words.keep, words.again].map((word) =>
    Object.assign(document.createElement("button"), { type: "button", className: "btn is-second is-small", textContent: word }));
  const close = () => { question.hidden = true; question.replaceChildren(); showState(); };
  yes.addEventListener("click", () => { close(); keep(address, { ...fields, sure }); });
  no.addEventListener("click", () => {
    close();
    for (const box of entry.querySelectorAll(".entry input, .entry select")) box.value = fields[box.name] ?? "";
    entry.querySelector(".entry input").focus();
  });
  question.replaceChildren(...said, yes, no);
  question.hidden = false;
  yes.focus();
  showState();
}

let startedTypingAt = null; // the time of a set of signs is its first keystroke
entry?.addEventListener("input", () => { startedTypingAt ??= serverNow(); });
entry?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = fieldsOf(entry);
  if (startedTypingAt) fields.observed_at = new Date(startedTypingAt).toISOString();
  startedTypingAt = null;
  clearEntry(crypto.randomUUID());
  keep(entry.action, fields);
});

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

addEventListener("beforeunload", (event) => { if (stateLine.classList.contains("is-missing") && !refused) event.preventDefault(); });
addEventListener("online", () => sendWaiting());
addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
heard(words.now);
startKeypad();
setInterval(tick, 1000);
setInterval(showStale, 1000);
setInterval(() => moveNow(serverNow()), 20_000);
setInterval(async () => { if (await waiting(words.base)) await sendWaiting(); }, POLL_MS);
tick();
poll();
await sendWaiting();
