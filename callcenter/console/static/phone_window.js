// The phone's own window: tells the pages of the desk how the phone stands and does what is asked of it there.

const TOLD_EVERY_MILLISECONDS = 2000;
const channel = new BroadcastChannel("activation-center-phone");
const root = document.querySelector("[data-phone]");
let standing = { phase: "offline" };
let isLeaving = false;

root.addEventListener("phone:state", ({ detail }) => {
  const { phase, address, party, isMuted, isHeld, notice } = detail;
  const since = detail.since && Date.now() - (performance.now() - detail.since);
  standing = { phase, address, party, isMuted, isHeld, notice, since };
  tell();
});
channel.addEventListener("message", ({ data }) => {
  if (data.ask) tell();
  if (data.what) root.dispatchEvent(new CustomEvent("phone:do", { detail: data }));
  if (data.close) window.close();
});
window.addEventListener("pagehide", () => {
  channel.postMessage({ standing: { phase: "closed" } });
  isLeaving = true; // a window that closes lives on for a moment, and its last word must stay the last
});
window.addEventListener("pageshow", () => { isLeaving = false; });
setInterval(tell, TOLD_EVERY_MILLISECONDS);

function tell() {
  if (!isLeaving) channel.postMessage({ standing });
}
