// Sound and vibration on the nurse's own device, after a tap: no browser makes a sound before one. It repeats what the
// page shows, never instead of it: the sign stands there whether anybody hears it or not. No file is played.
import { serverNow } from "./rows.js";

const button = document.querySelector("[data-sound]");
const WISH = "longlight.sound"; // whether this device was asked to sound
const LOOK_MS = 1000;
// By what stands on the page, gravest first: tones in Hz, and after how long it sounds again while it stands.
const CALLS = {
  high: { tones: [880, 880, 880], againMs: 10_000 },
  stale: { tones: [440, 440], againMs: 30_000 },
  medium: { tones: [660, 660], againMs: 30_000 },
  due: { tones: [523], againMs: 60_000 },
  low: { tones: [523], againMs: Infinity },
};
const TONE_S = 0.18;
const GAP_S = 0.12;
const LOUDNESS = 0.25;
let player = null;
let isOn = false;
let last = { what: "", at: 0 };

function wish(word) {
  try { return word === undefined ? localStorage.getItem(WISH) : localStorage.setItem(WISH, word); } catch { return null; }
}

function play(tones) {
  let at = player.currentTime + 0.02;
  for (const hertz of tones) {
    const [tone, loudness] = [player.createOscillator(), player.createGain()];
    tone.frequency.value = hertz;
    // A soft beginning and end: no click.
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    loudness.gain.setValueAtTime(LOUDNESS, at + TONE_S - 0.04);
    loudness.gain.linearRampToValueAtTime(0, at + TONE_S);
    tone.connect(loudness).connect(player.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
    at += TONE_S + GAP_S;
  }
  navigator.vibrate?.(tones.flatMap(() => [180, 120]));
}

// What stands on the page and calls for somebody: which call, and its words, so that a new one is told from the old.
function standing() {
  const alarm = document.querySelector("[data-live=alarm] .alarm:has(.pri)");
  const priority = ["high", "medium", "low"].find((each) => alarm?.classList.contains(`is-${each}`));
  if (priority === "high") return ["high", alarm.textContent];
  const stale = document.querySelector("[data-stale-line]:not([hidden])");
  if (stale) return ["stale", ""];
  if (priority === "medium") return ["medium", alarm.textContent];
  const due = document.querySelector("[data-due]");
  if (due && Date.parse(due.dataset.due) <= serverNow()) return ["due", due.dataset.due];
  return priority ? [priority, alarm.textContent] : ["", ""];
}

function look() {
  if (!isOn || player.state !== "running") { tell(); return; }
  const [call, words] = standing();
  const what = call + words;
  if (!call) { last = { what, at: 0 }; return; }
  if (what === last.what && Date.now() - last.at < CALLS[call].againMs) return;
  last = { what, at: Date.now() };
  play(CALLS[call].tones);
  button.dataset.last = call;
}

function tell() {
  const { on, off, waits } = button.dataset;
  button.textContent = !isOn ? off : player.state === "running" ? on : waits;
  button.setAttribute("aria-pressed", String(isOn && player.state === "running"));
}

async function turnOn() {
  player ??= new AudioContext();
  player.onstatechange = tell;
  isOn = true;
  wish("on");
  await player.resume().catch(() => {});
  if (player.state === "running") play([523]); // the sound check
  last = { what: "", at: 0 };
  tell();
}

function turnOff() {
  isOn = false;
  wish("off");
  tell();
}

if ("AudioContext" in window) {
  button.hidden = false;
  button.addEventListener("click", () => { if (isOn && player.state === "running") turnOff(); else turnOn(); });
  if (wish() === "on") {
    // Asked for before the page was loaded again: it sounds from the next tap on, and says so until then.
    player = new AudioContext();
    player.onstatechange = tell;
    isOn = true;
    addEventListener("pointerdown", (event) => { if (isOn && event.target !== button) player.resume().catch(() => {}); });
    addEventListener("keydown", () => { if (isOn) player.resume().catch(() => {}); });
  }
  tell();
  setInterval(look, LOOK_MS);
}
