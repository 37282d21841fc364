// Answers that the server has not acknowledged, encrypted on this device with a key that no script can read out.
// An answer is put here before it is sent and taken out when the server has answered: it is neither lost nor doubled,
// for the server knows a repeated key. Where a browser keeps nothing (a private window), they wait in this page.
const NAME = "longlight-outbox";
const memory = [];
let opened;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("waiting", { autoIncrement: true });
  };
  const database = await done(request);
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Of two tabs that come first at once, one key stays: `add` refuses the second.
  await done(database.transaction("keys", "readwrite").objectStore("keys").add(fresh, "outbox")).catch(() => {});
  const key = await done(database.transaction("keys").objectStore("keys").get("outbox"));
  return { database, key };
}

function store() {
  opened ??= open().catch(() => null);
  return opened;
}

function table({ database }, mode) {
  return database.transaction("waiting", mode, { durability: "strict" }).objectStore("waiting");
}

// `base` stays readable: it tells which check-in's pages may send an entry, and says nothing of the answer.
export async function put(base, entry) {
  const here = await store();
  if (!here) { memory.push({ base, entry }); return; }
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(entry));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, here.key, plain);
  await done(table(here, "readwrite").add({ base, iv, sealed }));
}

async function rows(here, base) {
  const objects = table(here, "readonly");
  const [ids, kept] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
  return ids.map((id, place) => ({ id, ...kept[place] })).filter((row) => row.base === base);
}

export async function waiting(base) {
  const here = await store();
  return here ? (await rows(here, base)).length : memory.filter((row) => row.base === base).length;
}

// For what something waits on this device. Where nothing was ever put here, nothing is made.
export async function bases() {
  const known = await indexedDB.databases?.().catch(() => null);
  if (known && !known.some((each) => each.name === NAME)) return [];
  const here = await store();
  const found = here ? await done(table(here, "readonly").getAll()) : memory;
  return [...new Set(found.map((row) => row.base))];
}

// Sends what waits for one check-in, oldest first, one tab at a time; stops at the first that got no answer.
export function flush(base, send) {
  const sendAll = () => sendInOrder(base, send);
  return navigator.locks ? navigator.locks.request(NAME, sendAll) : sendAll();
}

async function sendInOrder(base, send) {
  for (const { id, entry } of await kept(base)) {
    if (await send(entry) === "again") return;
    await drop(id);
  }
}

// What is kept for one base, opened, oldest first; `id` is what `drop` takes.
export async function kept(base) {
  const here = await store();
  if (!here) return memory.filter((row) => row.base === base).map((row) => ({ id: row, entry: row.entry }));
  const found = (await rows(here, base)).map(async ({ id, iv, sealed }) => {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, here.key, sealed);
    return { id, entry: JSON.parse(new TextDecoder().decode(plain)) };
  });
  return Promise.all(found);
}

export async function drop(id) {
  const here = await store();
  if (here) await done(table(here, "readwrite").delete(id));
  else memory.splice(memory.indexOf(id) >>> 0, 1);
}

// Whether something waits that this page alone holds, and that closing it would lose.
export const isInMemory = () => memory.length > 0;
