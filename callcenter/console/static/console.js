// Every page of the console: times, keys, live parts, the session, and text that is not lost by accident.

import { localMoments, runTimers, serverTimeIs } from "./clocks.js";
import { watchPhone } from "./desk_phone.js";
import { listenForKeys } from "./keys.js";
import { goLive } from "./live.js";
import { keepSession, mustSignIn, showSignedOut } from "./session.js";

serverTimeIs(document.querySelector("meta[name=now]").content);
localMoments();
runTimers();
setInterval(runTimers, 1000);
listenForKeys();
keepSession();
goLive();
watchPhone();
guardForms();
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // not all pages fit beside each other

// A form is sent once, and not into a session that has ended: what was typed stays. Forms with data-guard warn before they are left.
function guardForms() {
  let typed = false;
  const sent = new WeakSet();
  document.addEventListener("input", (event) => { typed ||= Boolean(event.target.closest("form[data-guard]")); });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (mustSignIn() || sent.has(form)) {
      event.preventDefault();
      if (mustSignIn()) showSignedOut();
      return;
    }
    typed = false;
    sent.add(form);
    setTimeout(() => sent.delete(form), 2000);
  });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
