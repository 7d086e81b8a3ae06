// Renews the parts of an open page when something was counted. Without it every page reads the same.
// No markup is made of text: the browser itself parses a page that is asked for as a document.
"use strict";

(() => {
  const box = document.getElementById("live");
  if (!box || !("EventSource" in window)) return;
  const status = box.querySelector("span");
  const button = box.querySelector("button");
  let source = null;
  let last = null;
  let isAsking = false;
  let isStale = false;

  function say(text, isOn) {
    if (status.textContent !== text) status.textContent = text;
    box.classList.toggle("off", !isOn);
  }

  // What somebody has opened, or stands in, stays as it is.
  function isInUse(part) {
    return part.contains(document.activeElement) && document.activeElement !== document.body;
  }

  function replace(fresh) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(part.id);
      if (!next || isInUse(part)) continue;
      const open = [...part.querySelectorAll("details")].map((details) => details.open);
      const node = document.importNode(next, true);
      node.querySelectorAll("details").forEach((details, at) => {
        if (open[at] !== undefined) details.open = open[at];
      });
      part.replaceWith(node);
    }
  }

  function renew() {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    isStale = false;
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.setRequestHeader("X-Bartizan-Renew", "1");
    request.onloadend = () => {
      isAsking = false;
      const fresh = request.response;
      if (fresh && fresh.getElementById("live")) replace(fresh);
      else if (fresh) stop("Signed out");
      if (isStale && source) renew();
    };
    request.send();
  }

  function start() {
    source = new EventSource("/live");
    source.addEventListener("pulse", (event) => {
      say("Live", true);
      if (last !== null && last !== event.data) renew();
      last = event.data;
    });
    source.onerror = () => {
      if (source && source.readyState === EventSource.CLOSED) stop("Not live");
      else say("Reconnecting", false);
    };
    button.textContent = "Pause";
  }

  function stop(text) {
    if (source) source.close();
    source = null;
    button.textContent = "Go on";
    say(text, false);
  }

  button.addEventListener("click", () => {
    if (source) {
      stop("Paused");
    } else {
      say("Live", true);
      start();
      renew();
    }
  });
  window.addEventListener("pagehide", () => source && source.close());
  window.addEventListener("pageshow", (event) => event.persisted && source && start());
  box.hidden = false;
  start();
})();
