// On the pages of a check-in that ask nothing: sends what still waits on this device, then shows what holds now.
import { waiting } from "./outbox.js";
import { sendAll } from "./sending.js";

const place = document.querySelector("[data-waiting]");

async function sendWaiting() {
  if (!await waiting(place.dataset.base)) return;
  const { addresses } = await sendAll(place.dataset.base, place.querySelector("input").value);
  if (addresses.length) location.reload();
}

addEventListener("online", sendWaiting);
await sendWaiting();
