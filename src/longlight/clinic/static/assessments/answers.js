// Sends each answer as it is chosen. What the server has not acknowledged waits in the outbox (outbox.js) and goes out
// by itself, in order, when there is a connection; meanwhile the next question is shown from what was fetched ahead.
import { alone, fetchAhead, isAsked } from "./ahead.js";
import { isInMemory, put, waiting } from "./outbox.js";
import { sendAll } from "./sending.js";

const form = document.querySelector("form[data-answers]");
const state = document.querySelector("[data-state]");
const main = document.querySelector("main");
const { base, after } = form.dataset;
const AGAIN_MS = 3000;
const answers = new Map(); // by question, as chosen on this page
let ahead = null;
let said = ""; // of an answer that was refused, or came late
let goOnBy = null; // the button that was pressed while something waited: once all is sent, the page goes on
let isGoing = false;
let isAtEnd = false;
let isHelped = false;

function tell(words, isDone = false) {
  const said = document.createElement("span");
  said.textContent = words;
  if (isDone) said.className = "chip is-done";
  state.replaceChildren(said);
}

async function show() {
  const count = await waiting(base);
  if (count) tell(`${state.dataset.waiting} (${count}). ${state.dataset.offline}`);
  else if (said) tell(said);
  else tell(state.dataset.kept, true);
  return count;
}

async function sendWaiting() {
  const done = await sendAll(base, form.elements.csrfmiddlewaretoken.value);
  said = done.said || said;
  const count = await show();
  if (count) askToSend();
  if (!count && !said && navigator.onLine) {
    if (isAtEnd) location.assign(`${base}check/`);
    else if (goOnBy) goOn();
  }
  return { count, addresses: done.addresses };
}

// Where the browser can, the service worker sends what waits when there is a connection, although no page is open.
function askToSend() {
  navigator.serviceWorker?.ready.then((ready) => ready.sync?.register("longlight-outbox")).catch(() => {});
}

function goOn() {
  isGoing = true;
  form.requestSubmit(goOnBy);
}

async function keep(question, answer) {
  said = "";
  goOnBy = null;
  answers.set(question.dataset.id, answer);
  question.querySelector("p.error")?.remove();
  await put(base, { address: question.dataset.address, key: crypto.randomUUID(), answer, at: Date.now() });
  // From here on the answer is this script's to send: going on sends no second one.
  question.querySelector("input[name$=shown]").value = answer;
}

async function chosen(field) {
  tell(state.dataset.sending);
  const answer = field.type === "number" ? String(Number(field.value)) : field.value;
  await keep(field.closest("fieldset"), answer);
  await sendWaiting();
}

const isAnswer = (field) => field.name?.endsWith("answer") && field.value !== "" && field.checkValidity();
let last = Promise.resolve(); // choices are taken in the order in which they were made
const take = (field) => { if (isAnswer(field)) last = last.then(() => chosen(field)); };
form.addEventListener("change", (event) => take(event.target));
// On a slow connection a question is answered before this script has come: that answer too is sent when it is chosen.
for (const field of form.elements) {
  if (field.type === "radio" ? field.checked && !field.defaultChecked : field.value !== field.defaultValue) take(field);
}

// One question at a time, without a connection.

const here = () => form.querySelector("fieldset");

function answerHere() {
  const shown = here().querySelector("input[name=shown]").value;
  return here().querySelector("input:checked")?.value ?? shown;
}

function complain() {
  const said = document.createElement("p");
  said.className = "error";
  said.setAttribute("role", "alert");
  said.textContent = state.dataset.choose;
  here().querySelector("p.error")?.remove();
  here().querySelector("legend").after(said);
}

function place(question) {
  const made = alone(question);
  const chosenHere = answers.get(made.dataset.id);
  if (chosenHere !== undefined) {
    made.querySelector("input[name=shown]").value = chosenHere;
    for (const field of made.querySelectorAll("input[name=answer]")) {
      if (field.type === "radio") field.checked = field.value === chosenHere;
      else field.value = chosenHere;
    }
  }
  here().replaceWith(made);
  form.action = made.dataset.address;
  const [count, words] = [ahead.questions.length, document.querySelector("[data-place]")];
  words.textContent = words.dataset.place.replace("{n}", made.dataset.number).replace("{of}", count);
  document.querySelector(".errors")?.remove();
  history.replaceState(null, "", made.dataset.address);
  made.querySelector("h1").focus();
}

function instead(html) {
  for (const part of main.children) part.hidden = true;
  const section = document.createElement("section");
  section.innerHTML = html;
  main.append(section);
  section.querySelector("h1")?.setAttribute("tabindex", "-1");
  section.querySelector("h1")?.focus();
  return section;
}

function backFrom(section) {
  section.remove();
  for (const part of main.children) part.hidden = false;
}

function sayWaiting(name) {
  isAtEnd = name === "end";
  const words = document.querySelector(`template[data-${name}]`);
  const section = instead(words.innerHTML);
  const stood = state.parentElement;
  section.append(state);
  section.querySelector("button").addEventListener("click", () => {
    isAtEnd = false;
    stood.append(state);
    backFrom(section);
  });
}

function next(step) {
  const number = Number(here().dataset.number);
  const asked = ahead.questions.filter((each) => isAsked(each, answers));
  const to = step > 0
    ? asked.find((each) => Number(each.dataset.number) > number)
    : asked.filter((each) => Number(each.dataset.number) < number).pop();
  if (to) place(to);
  else if (step > 0) sayWaiting("end");
}

function goOnAlone(what) {
  const number = here().dataset.number;
  const needsHelp = (here().dataset.help ?? "").split(" ").includes(answerHere());
  const onwards = () => (what === "stop" ? sayWaiting("stopped") : after === "check" ? sayWaiting("end") : next(1));
  if (!needsHelp || isHelped || !ahead.help.has(number)) { onwards(); return; }
  isHelped = true;
  const section = instead(ahead.help.get(number));
  // What is only true once the server has the answer is not said.
  section.querySelector("[data-connected]").hidden = true;
  section.querySelector("[data-unconnected]").hidden = false;
  for (const link of section.querySelectorAll("a[href^='/q/'], a[href^='/check-ins/']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      backFrom(section);
      if (link.href.endsWith("/stopped/")) sayWaiting("stopped"); else onwards();
    });
  }
}

form.addEventListener("submit", async (event) => {
  if (isGoing) return;
  event.preventDefault();
  const button = event.submitter;
  await last;
  said = "";
  goOnBy = button;
  const { count } = await sendWaiting();
  if (!count && navigator.onLine) return; // the page goes on
  if (!ahead) { tell(count ? `${state.dataset.waiting} (${count}). ${state.dataset.offline}` : state.dataset.unreachable); return; }
  goOnBy = null;
  if (button.value === "skip") await keep(here(), "");
  else if (button.value === "continue" && !answerHere()) { complain(); return; }
  await show();
  goOnAlone(button.value);
});

document.querySelector("[data-back]")?.addEventListener("click", (event) => {
  if (navigator.onLine || !ahead) return;
  event.preventDefault();
  next(-1);
});

// A page that comes back from the browser's memory may show what no longer holds.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("beforeunload", (event) => { if (!isGoing && isInMemory()) event.preventDefault(); });
addEventListener("online", () => sendWaiting());
setInterval(async () => { if (await waiting(base)) await sendWaiting(); }, AGAIN_MS);
if (await waiting(base)) {
  const { addresses } = await sendWaiting();
  if (addresses.includes(form.getAttribute("action"))) location.reload();
}
if (form.dataset.ahead) ahead = await fetchAhead(base).catch(() => null);
