// What the phone shows: drawn from its state as a whole, and from nothing else.

const KEPT_CAPTIONS = 200;
const SPEAKERS = { line: "Line", caller: "You" };
const PHASES = {
  offline: "Not connected",
  ready: "Ready",
  calling: "Calling…",
  ringing: "Incoming call",
  talking: "On the call",
};

export class View {
  constructor(root) {
    this.root = root;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    setInterval(() => this.tick(), 500);
  }

  draw(state) {
    const { phase, isMuted, isHeld, party, sentence, notice, keyed } = state;
    const isInCall = phase === "talking" || phase === "calling";
    this.root.dataset.phase = isHeld ? "held" : phase;
    say(this.parts.words, isHeld ? "On hold" : PHASES[phase]);
    say(this.parts.sentence, sentence);
    say(this.parts.party, party);
    say(this.parts.notice, notice);
    say(this.parts.keyed, keyed);
    this.parts.party.hidden = !party;
    this.parts.notice.hidden = !notice;
    this.parts.dial.hidden = isInCall || phase === "ringing";
    this.parts.call.disabled = phase !== "ready";
    this.parts.incoming.hidden = phase !== "ringing";
    this.parts.acts.hidden = !isInCall;
    this.parts.keyed.hidden = !isInCall;
    this.parts.levels.hidden = phase !== "talking";
    this.press("mute", isMuted, isMuted ? "Muted" : "Mute", phase !== "talking");
    this.press("hold", isHeld, isHeld ? "On hold" : "Hold", phase !== "talking");
    this.since = state.since;
    this.tick();
  }

  press(name, isOn, words, isIdle) {
    const button = this.parts[name];
    button.setAttribute("aria-pressed", String(isOn));
    button.disabled = isIdle;
    say(button.querySelector("[data-words]"), words);
  }

  levels({ said, heard }) {
    this.parts.said.value = loudness(said);
    this.parts.heard.value = loudness(heard);
  }

  flash(digit) {
    const key = this.root.querySelector(`[data-digit="${CSS.escape(digit)}"]`);
    key?.animate?.([{ filter: "brightness(.8)" }, { filter: "none" }], { duration: 180 });
  }

  // Keys are captions, too, but stand above the pad already.
  caption(speaker, words) {
    if (speaker !== "keys") add(this.parts.captions, SPEAKERS[speaker] ?? speaker, words);
  }

  text(sender, body) {
    add(this.parts.texts, sender, body);
    this.parts.messages.hidden = false;
  }

  clearCaptions() { this.parts.captions.replaceChildren(); }

  tick() {
    this.parts.timer.hidden = !this.since;
    if (this.since) say(this.parts.timer, clock((performance.now() - this.since) / 1000));
  }
}

// Says nothing again that stands there already, so that nothing is announced twice.
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function add(list, who, words) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("b"), { textContent: who }), " ", Object.assign(document.createElement("span"), { textContent: words }));
  list.append(item);
  while (list.childElementCount > KEPT_CAPTIONS) list.firstElementChild.remove();
  list.parentElement.scrollTop = list.parentElement.scrollHeight;
}

// From 50 dB below the loudest to the loudest.
const loudness = (level) => Math.max(0, Math.min(1, 1 + (20 * Math.log10(level || 1e-5)) / 50));

function clock(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return `${minutes}:${String(rest).padStart(2, "0")}`;
}
