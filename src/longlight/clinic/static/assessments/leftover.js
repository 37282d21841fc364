// On every page: sends what still waits on this device from an earlier check-in, for whoever may open that check-in
// here. On its own pages the check-in does so itself.
const AGAIN_MS = 60_000;

async function look() {
  // Most devices hold nothing: asked without loading more than this.
  const known = await indexedDB.databases?.().catch(() => null);
  if (known && !known.some((each) => each.name === "longlight-outbox")) return;
  const { sendEverything } = await import("./sending.js");
  if (await sendEverything()) setTimeout(look, AGAIN_MS);
}

if ("indexedDB" in window && crypto.subtle && !document.querySelector("[data-answers], [data-waiting]")) {
  addEventListener("online", look);
  look();
}
