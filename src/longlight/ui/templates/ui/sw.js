// Keeps the crisis page, and shows it when a page cannot be reached. About a person nothing is kept, but for the
// safety plan when its owner asks for it (safety/plan.js), and until they remove it.
const CACHE = "longlight-{{ version }}";
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

const PLAN = "/safety-plan/";

async function instead(pathname) {
  const plan = pathname.startsWith(PLAN) && await caches.match(`${PLAN}kept/`);
  return plan || caches.match("/crisis/");
}

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("longlight-") && name !== CACHE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => instead(pathname)));
  } else if (KEPT.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  }
});
{% if outbox %}
// Sends what still waits on this device once there is a connection, although no page is open, where browsers can.
const outbox = (() => {
{{ outbox|safe }}
return { sendEverything };
})();

addEventListener("sync", (event) => {
  if (event.tag !== "longlight-outbox") return;
  event.waitUntil(outbox.sendEverything().then(({ left }) => { if (left) throw new Error("some still waits"); }));
});
{% endif %}