// The phone as the pages of the desk show it. It lives in a window of its own, so that no page that is left ends a call.

const NAME = "activation-center-phone";
const SHAPE = "popup,width=440,height=860";
const SILENCE_MILLISECONDS = 5000;
const LAMP = { closed: "Phone closed", offline: "Phone not connected", ready: "Phone ready", calling: "Phone: calling", ringing: "Phone rings", talking: "On the phone" };
const WORDS = { calling: "Calling", ringing: "Incoming call:", talking: "On the phone with" };
const CLOSED = { phase: "closed" };

export function watchPhone() {
  const card = document.querySelector("[data-desk-phone]");
  if (card) new DeskPhone(card, document.querySelector("[data-phone-window]"));
}

class DeskPhone {
  constructor(card, lamp) {
    this.card = card;
    this.lamp = lamp;
    this.parts = Object.fromEntries(["words", "party", "timer", "notice"].map((name) => [name, card.querySelector(`[data-${name}]`)]));
    this.channel = new BroadcastChannel(NAME);
    this.channel.addEventListener("message", ({ data }) => { if (data.standing) this.hear(data.standing); });
    card.addEventListener("click", ({ target }) => this.ask(target.closest("[data-do]")?.dataset.do));
    lamp.addEventListener("click", (event) => this.open(event));
    document.querySelector("[data-sign-out]")?.addEventListener("submit", () => this.channel.postMessage({ close: true }));
    setInterval(() => this.tick(), 500);
    this.hear(CLOSED);
    this.channel.postMessage({ ask: true });
  }

  hear(standing) {
    this.heardAt = performance.now();
    this.standing = standing;
    this.draw();
  }

  ask(what) {
    if (what) this.channel.postMessage({ what });
  }

  // A window that is there is shown, and never loaded again: there may be a call in it.
  open(event) {
    const there = window.open("", NAME, SHAPE);
    if (!there) return; // the link opens a page instead
    event.preventDefault();
    if (there.location.pathname !== this.lamp.pathname) there.location = this.lamp.href;
    there.focus();
  }

  draw() {
    const { phase, party, isMuted, isHeld, address, notice } = this.standing;
    const isSomebodyElses = address && address !== this.card.dataset.me;
    this.lamp.dataset.phase = this.card.dataset.phase = phase;
    say(this.lamp.querySelector("[data-words]"), isSomebodyElses ? "Somebody else's phone" : LAMP[phase]);
    say(this.parts.words, isHeld ? "On hold:" : WORDS[phase] ?? "");
    say(this.parts.party, party ?? "");
    say(this.parts.notice, notice ? "Click once in the phone's window: before that, the browser lets it make no sound." : "");
    this.parts.notice.hidden = !notice;
    this.card.hidden = isSomebodyElses || !(phase in WORDS);
    this.button("answer", "Answer", phase === "ringing");
    this.button("mute", isMuted ? "Muted" : "Mute", phase === "talking", isMuted);
    this.button("hold", isHeld ? "On hold" : "Hold", phase === "talking", isHeld);
    this.button("hang-up", phase === "ringing" ? "Decline" : "Hang up", true);
    this.tick();
  }

  button(what, words, isThere, isOn) {
    const button = this.card.querySelector(`[data-do="${what}"]`);
    button.hidden = !isThere;
    button.classList.toggle("on", Boolean(isOn));
    if (isOn !== undefined) button.setAttribute("aria-pressed", String(isOn));
    say(button, words);
  }

  tick() {
    const { phase, since } = this.standing;
    if (phase !== "closed" && performance.now() - this.heardAt > SILENCE_MILLISECONDS) return this.hear(CLOSED);
    this.parts.timer.hidden = !since;
    if (!since) return;
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    say(this.parts.timer, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }
}

// Says nothing again that stands there already, so that nothing is announced twice.
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
