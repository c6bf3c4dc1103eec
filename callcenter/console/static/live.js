// Live parts: one event stream a page; where none is free, a question every few seconds. Says when it is not live.

import { localMoments, runTimers, serverTimeIs } from "./clocks.js";
import { morphChildren } from "./morph.js";
import { checkSession } from "./session.js";

const SILENCE_MILLISECONDS = 5000;
const ASK_EVERY_MILLISECONDS = 4000;
const STREAM_AGAIN_MILLISECONDS = 30000;
const title = document.title;
let heardAt = performance.now();
let waiting = null;

export function goLive() {
  const parts = [...document.querySelectorAll("[data-live]")].map((part) => part.dataset.live);
  const path = document.body.dataset.stream;
  if (!path || !parts.length) return;
  const query = new URLSearchParams({ show: parts.join(","), case: document.body.dataset.case ?? "" });
  openStream(`${path}?${query}`, `${path.replace(/stream$/, "fragments")}?${query}`);
  setInterval(tellStaleness, 1000);
  countWaiting();
}

function openStream(address, fallback) {
  const stream = new EventSource(address);
  stream.addEventListener("message", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("beat", (event) => heard(event.data));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) askInstead(address, fallback);
  });
  window.addEventListener("pagehide", () => stream.close());
}

async function askInstead(address, fallback) {
  const until = performance.now() + STREAM_AGAIN_MILLISECONDS;
  while (performance.now() < until) {
    const answer = await fetch(fallback, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show(await answer.json());
    else if (answer?.status === 401) return void (await checkSession(() => openStream(address, fallback)));
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MILLISECONDS));
  }
  openStream(address, fallback);
}

function heard(moment) {
  heardAt = performance.now();
  serverTimeIs(moment);
}

function show({ now, parts }) {
  heard(now);
  for (const [id, markup] of Object.entries(parts)) {
    const part = document.getElementById(`live-${id}`);
    const fresh = document.createElement("template");
    fresh.innerHTML = markup;
    morphChildren(part, fresh.content);
    part.dispatchEvent(new CustomEvent("live", { bubbles: true }));
  }
  runTimers();
  localMoments();
  countWaiting();
}

function countWaiting() {
  const bar = document.querySelector("[data-waiting]");
  if (!bar) return;
  const count = Number(bar.dataset.waiting);
  document.title = count ? `● ${count} waiting · ${title}` : title;
  if (waiting !== null && count > waiting) {
    document.getElementById("arrivals").textContent = count === 1 ? "One caller waits for you." : `${count} callers wait for you.`;
  }
  waiting = count;
}

function tellStaleness() {
  document.getElementById("stale").hidden = performance.now() - heardAt < SILENCE_MILLISECONDS;
}
