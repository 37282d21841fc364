// What is typed or tapped on a dosing day waits in the device's encrypted queue until the server has it: neither lost
// nor doubled. What the server refuses, or asks about, is kept there too with what it said, until somebody mends it,
// says that it is right, or throws it away: nobody types it twice.
import { drop, flush, isInMemory, kept, put, waiting } from "../assessments/outbox.js";

const words = document.querySelector("[data-base]").dataset;
const REFUSED = `${words.base}-refused`;
const TYPED_AT = `longlight.typed-at.${location.pathname}`; // survives the lock screen, as what was typed does
const AGAIN_MS = 3000;
const [stateLine, refusedPlace] = ["[data-state]", "[data-refused]"].map((name) => document.querySelector(name));
const entry = document.querySelector("[data-entry]");
let skewMs = Date.parse(words.now) - Date.now(); // the server's clock minus this device's
let startedTypingAt = null; // the time of a set of signs is its first keystroke
let mending = null; // the refused row whose values stand in the boxes
let shown = ""; // which refused rows stand on the page
let isLeaving = false;
let hasNews = false; // the server took a row that the page does not show yet
let hooks = { cleared: () => {}, sent: () => {} };

export function serverNow() { return Date.now() + skewMs; }

// How far this device's clock is off, in ms.
export function heardServerTime(text) { skewMs = Date.parse(text) - Date.now(); return Math.abs(skewMs); }

export function clockOf(ms) { return new Date(ms).toLocaleTimeString("en-GB", { timeZone: words.zone }); }

// Nothing is lost by leaving: what waits lies on the device, unless the browser keeps nothing.
export function reload() { isLeaving = !isInMemory(); location.reload(); }

function csrf() { return document.querySelector("input[name=csrfmiddlewaretoken]").value; }

async function send({ address, fields }) {
  try {
    const told = await fetch(address, {
      method: "POST", redirect: "error", headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() }),
    });
    if (told.status >= 500 || !told.headers.get("Content-Type")?.startsWith("application/json")) return "again";
    if (told.ok) { hasNews = true; return "kept"; }
    const { sentence, questions, sure } = await told.json();
    await put(REFUSED, { address, fields, said: questions ?? [sentence], sure });
    return "refused";
  } catch { return "again"; }
}

async function sendWaiting() {
  await flush(words.base, send);
  await showState();
  if (hasNews) { hasNews = false; await hooks.sent(); }
}

async function showState() {
  const [waits, refused] = [await waiting(words.base), await kept(REFUSED)];
  showRefused(refused);
  const count = waits + refused.length;
  stateLine.className = count ? "chip is-missing" : "chip is-done";
  stateLine.textContent = count ? `${words.waiting} (${count})` : `${words.saved} ${clockOf(serverNow())}`;
}

export function fieldsOf(form, submitter) {
  const data = new FormData(form, submitter ?? undefined);
  data.delete("csrfmiddlewaretoken");
  return { ...Object.fromEntries(data), observed_at: new Date(serverNow()).toISOString() };
}

export async function keep(address, fields) {
  await put(words.base, { address, fields });
  await showState();
  await sendWaiting();
}

// ---- refused, or asked about

function button(word, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn is-second is-small", textContent: word });
  made.addEventListener("click", act);
  return made;
}

function line(text, className = "") { return Object.assign(document.createElement("p"), { textContent: text, className }); }

function boxes() { return [...entry.querySelectorAll("input:not([type=hidden]), select")]; }

function isTyped() { return boxes().some((box) => box.value); }

// The row in the words it was typed or tapped with: 10:04 · Systolic 300 · Pulse 71.
function told({ observed_at: at, kind, ...fields }) {
  const typed = (entry ? boxes() : []).filter((box) => fields[box.name]);
  const values = typed.map((box) => `${box.labels[0].firstChild.textContent.trim()} ${fields[box.name]}`);
  const tapped = kind && document.querySelector(`button[value="${kind}"]`)?.textContent;
  return [at && clockOf(Date.parse(at)).slice(0, 5), tapped, ...values].filter(Boolean).join(" · ");
}

function idsOf(rows) { return rows.map(({ id, entry: row }) => (Number.isInteger(id) ? id : row.fields.key)).join(); }

function showRefused(rows) {
  if (idsOf(rows) === shown) return;
  shown = idsOf(rows);
  refusedPlace.replaceChildren(...rows.map(noticeOf));
  refusedPlace.hidden = !rows.length;
  if (rows.length && !(entry?.contains(document.activeElement) && isTyped())) refusedPlace.querySelector("button").focus();
}

function noticeOf({ id, entry: row }) {
  const notice = Object.assign(document.createElement("div"), { className: "notice" });
  const isReading = entry && row.address === entry.action;
  notice.append(...row.said.map((sentence) => line(sentence)), line(told(row.fields), "muted s"));
  if (row.sure !== undefined) notice.append(button(words.keep, () => again(id, row)));
  if (isReading) notice.append(button(row.sure === undefined ? words.mend : words.again, () => mend(id, row.fields)));
  notice.append(button(words.drop, async () => { await drop(id); await showState(); }));
  return notice;
}

// It is right: what is true is kept as it is.
async function again(id, { address, fields, sure }) {
  await put(words.base, { address, fields: { ...fields, sure } });
  await drop(id);
  await sendWaiting();
}

function mend(id, fields) {
  if (isTyped()) { boxes().find((box) => box.value).focus(); stateLine.textContent = words.first; return; }
  for (const box of boxes()) box.value = fields[box.name] ?? "";
  mending = id;
  noteTyping(Date.parse(fields.observed_at));
  boxes()[0].focus();
}

// ---- typing and tapping

function noteTyping(at) {
  startedTypingAt = at;
  try { at ? sessionStorage.setItem(TYPED_AT, at) : sessionStorage.removeItem(TYPED_AT); } catch { /* this page alone knows */ }
}

async function saveTyped() {
  const fields = fieldsOf(entry);
  if (startedTypingAt) fields.observed_at = new Date(startedTypingAt).toISOString();
  const mended = mending;
  noteTyping(mending = null);
  for (const box of boxes()) box.value = "";
  entry.elements.sure.value = "";
  entry.elements.key.value = crypto.randomUUID();
  hooks.cleared();
  await put(words.base, { address: entry.action, fields });
  if (mended !== null) await drop(mended);
  await showState();
  await sendWaiting();
}

export function startRows(given) {
  hooks = { ...hooks, ...given };
  entry?.addEventListener("input", () => { if (!startedTypingAt) noteTyping(serverNow()); });
  entry?.addEventListener("submit", (event) => { event.preventDefault(); saveTyped(); });
  try { if (entry && isTyped()) startedTypingAt = Number(sessionStorage.getItem(TYPED_AT)) || null; } catch { /* as above */ }
  addEventListener("beforeunload", (event) => { if (!isLeaving && stateLine.classList.contains("is-missing")) event.preventDefault(); });
  addEventListener("online", () => sendWaiting());
  setInterval(async () => {
    if (await waiting(words.base)) await sendWaiting();
    else if (idsOf(await kept(REFUSED)) !== shown) await showState(); // another tab mended one
  }, AGAIN_MS);
  return sendWaiting();
}
