// The phone's own window: tells the pages of the desk how the phone stands and does what is asked of it there.

const TOLD_EVERY_MILLISECONDS = 2000;
const channel = new BroadcastChannel("activation-center-phone");
const root = document.querySelector("[data-phone]");
let standing = { phase: "offline" };

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
window.addEventListener("pagehide", () => channel.postMessage({ standing: { phase: "closed" } }));
setInterval(tell, TOLD_EVERY_MILLISECONDS);

function tell() {
  channel.postMessage({ standing });
}
