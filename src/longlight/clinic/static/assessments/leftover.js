// On every page: sends what still waits on this device from an earlier check-in, for whoever may open that check-in
// here. On its own pages the check-in does so itself.
const AGAIN_MS = 60_000;

async function look() {
  // Most devices hold nothing: asked without loading more than this.
  const known = await indexedDB.databases?.().catch(() => null);
  if (known && !known.some((each) => each.name === "longlight-outbox")) return;
  const { sendEverything } = await import("./sending.js");
  const { left, said } = await sendEverything();
  if (said) tell(said);
  if (left) setTimeout(look, AGAIN_MS);
}

// What became of an answer that was not kept as one of its check-in's is said on whichever page is open.
function tell(words) {
  const notice = document.createElement("div");
  notice.className = "notice is-plain";
  notice.setAttribute("role", "status");
  const line = document.createElement("p");
  line.textContent = words;
  notice.append(line);
  document.querySelector("main")?.prepend(notice);
}

if ("indexedDB" in window && crypto.subtle && !document.querySelector("[data-answers], [data-waiting]")) {
  addEventListener("online", look);
  look();
}
