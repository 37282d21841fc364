// Notices that nobody is there, and locks before the server has to: so that what was typed goes along.
// Without this file the server locks by its own clock, and keeps what is sent to it meanwhile.

const place = document.getElementById("idle");
const afterMs = Number(place.dataset.afterS) * 1000;
const warnMs = Number(place.dataset.warnS) * 1000;
const KEY = "longlight.active-at"; // shared by the tabs of one browser: who is in one of them is there
const TELL_MS = 60_000;
const warning = document.getElementById("idle-warning");
let toldAt = Date.now();

function activeAt() {
  try { return Number(localStorage.getItem(KEY)) || 0; } catch { return memory; }
}
let memory = Date.now();
function noteActive() {
  memory = Date.now();
  try { localStorage.setItem(KEY, String(memory)); } catch { /* private window: this tab alone */ }
}

function token() {
  return place.querySelector("input[name=csrfmiddlewaretoken]").value;
}

// Typing alone asks the server nothing; tell it now and then that somebody is there.
function tell() {
  toldAt = Date.now();
  return fetch(place.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token() } });
}

function isChanged(field) {
  if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function typedForm() {
  return [...document.forms].find((form) => form.method === "post" && [...form.elements].some(isChanged));
}

function add(form, name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}

let isLocking = false;
function lock() {
  if (isLocking) return;
  isLocking = true;
  // A page with clocks that must go on says here which: the lock screen shows them.
  try { sessionStorage.removeItem("longlight.timers"); } catch { /* there is none */ }
  document.dispatchEvent(new Event("longlight:locking"));
  const form = place.querySelector("form");
  add(form, "draft-page", location.pathname + location.search);
  const typed = typedForm();
  if (typed) {
    add(form, "draft-action", new URL(typed.action, location.href).pathname);
    for (const [name, value] of new FormData(typed)) {
      if (typeof value === "string") add(form, `draft.${name}`, value);
    }
  }
  form.submit();
}

function look() {
  const idleMs = Date.now() - Math.max(activeAt(), memory);
  if (idleMs >= afterMs) lock();
  else if (warning && idleMs >= afterMs - warnMs && !warning.open) warning.showModal();
  else if (memory > toldAt && Date.now() - toldAt >= TELL_MS) tell();
}

for (const kind of ["keydown", "pointerdown", "input"]) {
  addEventListener(kind, () => { if (!warning || !warning.open) noteActive(); }, { capture: true, passive: true });
}
warning?.addEventListener("close", () => { noteActive(); tell(); });
document.addEventListener("longlight:locked", lock);
// A page's own button to lock takes what was typed along, too.
addEventListener("submit", (event) => {
  if (event.target.action === place.querySelector("form").action && !isLocking) {
    event.preventDefault();
    lock();
  }
});
noteActive();
setInterval(look, 1000);
