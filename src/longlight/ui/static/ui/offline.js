// Asks the browser to keep the crisis page (see /sw.js). Without a service worker the site works as before.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
