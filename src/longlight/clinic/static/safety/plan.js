// Keeps the safety plan on this phone when its owner asks for it, and takes it away again. The service worker shows it
// where the page cannot be reached. A newer version replaces the one that is kept; another person's is removed.
const CACHE = "plan-kept"; // sw.js reads it under this name
const part = document.querySelector("[data-plan]");
const { owner, version, keptUrl } = part.dataset;
const said = part.querySelector("[data-said]");
const mark = `/safety-plan/kept-for/${owner}`;

async function store() {
  const answer = await fetch(keptUrl, { redirect: "error" });
  if (!answer.ok) throw new Error("not kept");
  const cache = await caches.open(CACHE);
  await cache.put(keptUrl, answer);
  await cache.put(mark, new Response(version));
}

async function show() {
  const kept = (await caches.has(CACHE)) && (await (await caches.open(CACHE)).match(mark));
  part.querySelector("[data-when=away]").hidden = Boolean(kept);
  part.querySelector("[data-when=kept]").hidden = !kept;
  part.querySelector("[data-keep]").hidden = Boolean(kept);
  part.querySelector("[data-remove]").hidden = !kept;
  return kept;
}

async function act(what) {
  said.textContent = "";
  try { await what(); } catch { said.textContent = said.dataset.failed; }
  await show();
}

if ("serviceWorker" in navigator && "caches" in window) {
  part.hidden = false;
  part.querySelector("[data-keep]").addEventListener("click", () => act(store));
  part.querySelector("[data-remove]").addEventListener("click", () => act(() => caches.delete(CACHE)));
  const kept = await show();
  if (kept && await kept.text() !== version) await act(store);
  if (!kept && await caches.has(CACHE)) await caches.delete(CACHE); // somebody else's
}
