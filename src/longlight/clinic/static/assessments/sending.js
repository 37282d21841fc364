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
    if (told.ok) return { is: "kept" };
    if (told.status >= 500) return { is: "again" };
    return { is: "refused", sentence: (await told.json()).sentence };
  } catch { return { is: "again" }; }
}

// Sends all that waits for a check-in; tells which addresses it reached, and the last refusal.
export async function sendAll(base, token) {
  const done = { addresses: [], refused: "" };
  await flush(base, async (entry) => {
    const told = await send(entry, token);
    if (told.is !== "again") done.addresses.push(entry.address);
    if (told.is === "refused") done.refused = told.sentence;
    return told.is;
  });
  return done;
}

const CHECK_IN = /^\/(q|check-ins)\//; // other pages keep what is theirs in the same outbox

// A page of that check-in gives the token that its answers are sent with; none where it does not open (signed out, or
// come by another link): then they go on waiting.
async function tokenFor(base) {
  try {
    const told = await fetch(base, { redirect: "error" });
    const page = told.ok ? await told.text() : "";
    return /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)?.[1];
  } catch { return undefined; }
}

// Sends all that waits on this device, whichever page is open; tells how much still waits. Also runs in the service
// worker (see /sw.js), without a page.
export async function sendEverything() {
  let left = 0;
  for (const base of (await bases()).filter((each) => CHECK_IN.test(each))) {
    const token = await tokenFor(base);
    if (token) await sendAll(base, token);
    left += await waiting(base);
  }
  return left;
}
