// Sends each answer as it is chosen, to the address its question is sent to without script. What the server has not
// acknowledged waits in the outbox (outbox.js) and goes out by itself, in order, when there is a connection.
import { flush, put, waiting } from "./outbox.js";

const form = document.querySelector("form[data-answers]");
const state = document.querySelector("[data-state]");
const base = form.dataset.base;
const AGAIN_MS = 3000;
let refused = "";
let goOnBy = null; // the button that was pressed while something waited: once all is sent, the page goes on
let isGoing = false;

function tell(words, isDone = false) {
  const said = document.createElement("span");
  said.textContent = words;
  if (isDone) said.className = "chip is-done";
  state.replaceChildren(said);
}

async function show() {
  const count = await waiting(base);
  if (count) tell(`${state.dataset.waiting} (${count}). ${state.dataset.offline}`);
  else if (refused) tell(refused);
  else tell(state.dataset.kept, true);
  return count;
}

// What became of one answer: "kept", "refused" with a sentence, or "again" when nobody knows.
async function send({ address, key, answer }) {
  const body = new URLSearchParams({
    key, answer, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  try {
    const told = await fetch(address, {
      method: "POST", body, redirect: "error", headers: { Accept: "application/json" },
    });
    if (!told.headers.get("Content-Type")?.startsWith("application/json")) return "again";
    if (told.ok) return "kept";
    refused = (await told.json()).sentence;
    return "refused";
  } catch { return "again"; }
}

async function sendWaiting() {
  await flush(base, send);
  const count = await show();
  if (goOnBy && !count && !refused && navigator.onLine) goOn();
  return count;
}

function goOn() {
  isGoing = true;
  form.requestSubmit(goOnBy);
}

async function chosen(radio) {
  const question = radio.closest("fieldset");
  const entry = { address: question.dataset.address, key: crypto.randomUUID(), answer: radio.value };
  refused = "";
  goOnBy = null;
  tell(state.dataset.sending);
  await put(base, entry);
  // From here on the answer is this script's to send: going on sends no second one.
  question.querySelector("input[name$=shown]").value = radio.value;
  await sendWaiting();
}

let last = Promise.resolve(); // choices are taken in the order in which they were made
form.addEventListener("change", (event) => {
  if (event.target.type === "radio") last = last.then(() => chosen(event.target));
});

form.addEventListener("submit", async (event) => {
  if (isGoing) return;
  event.preventDefault();
  await last;
  goOnBy = event.submitter;
  refused = "";
  if (await sendWaiting() || navigator.onLine) return;
  goOnBy = null;
  tell(state.dataset.unreachable);
});

// A page that comes back from the browser's memory may show what no longer holds.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("online", () => sendWaiting());
setInterval(async () => { if (await waiting(base)) await sendWaiting(); }, AGAIN_MS);
if (await waiting(base)) await sendWaiting();
