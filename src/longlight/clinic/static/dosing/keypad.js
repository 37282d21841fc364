// The keypad beside the values: digits go into the box that is current, a complete value moves on, Enter saves.
// A value is complete when it is plausible and no further digit could keep it so; the limits come with the page.

const form = document.querySelector("[data-entry]");
const pad = document.querySelector("[data-keypad]");
const likely = new Map(
  [...document.querySelectorAll("[data-likely]")].map((each) =>
    [each.dataset.likely, { low: Number(each.dataset.low), high: Number(each.dataset.high) }]),
);
let current;

function boxes() {
  return [...form.querySelectorAll(".entry input, .entry select")];
}

function isComplete(box) {
  const limit = likely.get(box.name);
  if (!limit || !/^\d+$/.test(box.value)) return false;
  const value = Number(box.value);
  return value >= limit.low && value <= limit.high && value * 10 > limit.high;
}

function select(box) {
  current = box;
  for (const each of boxes()) each.parentElement.classList.toggle("is-now", each === box);
}

function next() {
  const all = boxes();
  const after = all[all.indexOf(current) + 1];
  if (after) after.focus();
  else form.requestSubmit();
}

function typed(box) {
  if (box.tagName === "INPUT" && isComplete(box)) {
    const all = boxes();
    all[all.indexOf(box) + 1]?.focus();
  }
}

function press(value) {
  current ??= boxes()[0];
  if (value === "next") { next(); return; }
  if (value === "clear") current.value = "";
  else if (current.tagName === "SELECT") {
    if ([...current.options].some((option) => option.value === value)) { current.value = value; next(); }
    return;
  } else current.value += value;
  current.focus();
  typed(current);
}

export function clearEntry() { select(boxes()[0]); }

export function startKeypad() {
  if (!form || !pad) return;
  pad.hidden = false;
  for (const box of boxes()) box.addEventListener("focus", () => select(box));
  form.addEventListener("input", (event) => typed(event.target));
  // The keypad must not take the focus from the box that it types into.
  pad.addEventListener("pointerdown", (event) => event.preventDefault());
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key) press(key.value);
  });
  select(boxes()[0]);
}
