// Sends what waits in the outbox to the address its question is sent to without script. One at a time, in order.
import { bases, flush, waiting } from "./outbox.js";

// What became of one answer: "kept", "refused" with a sentence, or "again" when nobody knows. Not when it was chosen
// is said but how long ago: a phone's clock may be wrong.
async function send({ address, key, answer, at }, token) {
  const waited = String(Math.max(0, Date.now() - at) || 0);
  const body = new URLSearchParams({ key, answer, waited_ms: waited, csrfmiddlewaretoken: token });
  try {
    const told = await fetch(address, {
      method: "POST", body, redirect: "error", headers: { Accept: "application/json" },
    });
    if (!told.headers.get("Content-Type")?.startsWith("application/json")) return { is: "again" };
    if (told.status >= 500) return { is: "again" };
    // One that came too late to count is kept too, and says so.
    return { is: told.ok ? "kept" : "refused", sentence: (await told.json()).sentence ?? "" };
  } catch { return { is: "again" }; }
}

// Sends all that waits for a check-in; tells which addresses it reached, and what was last said of an answer that was
// refused or came late.
export async function sendAll(base, token) {
  const done = { addresses: [], said: "" };
  await flush(base, async (entry) => {
    const told = await send(entry, token);
    if (told.is !== "again") done.addresses.push(entry.address);
    if (told.is !== "again" && told.sentence) done.said = told.sentence;
    return told.is;
  });
  return done;
}

const CHECK_IN = /^\/(q|check-ins)\//; // other pages keep what is theirs in the same outbox

// That check-in gives the token that its answers are sent with, closed or not; none where it is not for this browser
// (signed out, or come by another link): then they go on waiting.
async function tokenFor(base) {
  try {
    const told = await fetch(base, { redirect: "error", headers: { Accept: "application/json" } });
    return told.ok ? (await told.json()).token : undefined;
  } catch { return undefined; }
}

// Sends all that waits on this device, whichever page is open; tells how much still waits, and what was last said of
// one that was refused or came late. Also runs in the service worker (see /sw.js), without a page.
export async function sendEverything() {
  const done = { left: 0, said: "" };
  for (const base of (await bases()).filter((each) => CHECK_IN.test(each))) {
    const token = await tokenFor(base);
    if (token) done.said = (await sendAll(base, token)).said || done.said;
    done.left += await waiting(base);
  }
  return done;
}
