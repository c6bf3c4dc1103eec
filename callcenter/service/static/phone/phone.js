// A telephone in a page: wherever an element has data-phone. Include "phone/phone.html", phone.css and this module. The element
// tells how the phone stands ("phone:state") and does what others ask of it ("phone:do": { what: "dial", to: "activate" }).
// It remembers nothing beyond the page it is on.

import { ExchangeLine } from "./line.js";
import { Sound } from "./sound.js";
import { View } from "./view.js";

const ENDINGS = {
  "hung-up": "The other side hung up.",
  rejected: "The call was not taken.",
  busy: "The line is busy.",
  unknown: "Nobody has that number or name here.",
  canceled: "The caller gave up.",
};
const NO_CALL = { streamSid: "", party: "", isMuted: false, isHeld: false, since: 0, keyed: "" };
const KEYS_SHOWN = 54;
const TOUCH_ONCE = "Touch or click here once: before that, the browser lets this phone make no sound.";
const BY_KEYS = "The call goes on by keys.";
const isField = (element) => element.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");

class Phone {
  constructor(root) {
    this.root = root;
    this.view = new View(root);
    this.parts = this.view.parts;
    this.state = { phase: "offline", sentence: "", notice: "", address: "", ...NO_CALL };
    this.sound = new Sound({ onFrame: (frame) => this.tellSound(frame), onLevels: (levels) => this.view.levels(levels) });
    this.line = new ExchangeLine(root.dataset.token, "mayConnect" in root.dataset);
    this.waits = "waits" in root.dataset; // for calls, more than to make some
    this.listenToLine();
    this.listenToPerson(root);
    this.become({});
    this.line.open();
  }

  // Calls whoever the field names, or the number given.
  dial(to = this.parts.number.value.trim()) {
    if (this.state.phase !== "ready" || this.isGivenUp || !to) return;
    this.view.clearCaptions();
    this.become({ ...NO_CALL, phase: "calling", party: this.titleOf(to), sentence: "", notice: "" });
    this.openSound();
    this.sound.ringBack();
    this.line.send({ event: "call", to });
  }

  titleOf(address) {
    return [...(this.parts.numbers?.options ?? [])].find((each) => each.value === address)?.text ?? address;
  }

  answer() {
    if (this.state.phase !== "ringing") return;
    this.view.clearCaptions();
    this.openSound();
    this.tell({ event: "answer" });
  }

  // Ends the call, or does not take it.
  hangUp() {
    if (!["calling", "ringing", "talking"].includes(this.state.phase)) return;
    const words = this.state.phase === "ringing" ? "You did not take the call." : "You hung up.";
    this.tell({ event: "hang-up" });
    this.isGivenUp = this.state.phase === "calling" && !this.state.streamSid;
    this.end(words);
  }

  mute(isMuted = !this.state.isMuted) {
    if (this.state.phase !== "talking") return;
    this.sound.mute(isMuted);
    this.become({ isMuted });
  }

  hold(isHeld = !this.state.isHeld) {
    if (this.state.phase !== "talking") return;
    this.tell({ event: "hold", on: isHeld });
    if (isHeld) this.sound.forget();
    this.become({ isHeld });
  }

  // A key of the pad: to the line in a call, into the number before one.
  press(digit) {
    this.sound.wake();
    this.sound.key(digit);
    this.view.flash(digit);
    if (this.state.phase === "talking") {
      this.tell({ event: "dtmf", dtmf: { track: "inbound_track", digit } });
      this.become({ keyed: (this.state.keyed + digit).slice(-KEYS_SHOWN) });
    } else if (this.state.phase !== "calling") {
      const { number } = this.parts;
      number.value = this.isDialling ? number.value + digit : digit;
      this.isDialling = true;
    }
  }

  become(changes) {
    Object.assign(this.state, changes);
    this.view.draw(this.state);
    this.root.dispatchEvent(new CustomEvent("phone:state", { bubbles: true, detail: { ...this.state } }));
  }

  end(sentence) {
    this.sound.quiet();
    this.sound.close();
    this.sound.mute(false);
    this.view.levels({ said: 0, heard: 0 });
    this.become({ ...NO_CALL, phase: this.line.isUp ? "ready" : "offline", sentence, notice: "" });
  }

  async openSound() {
    await this.sound.open();
    this.become({ notice: this.askForTouch() });
    const missing = await this.sound.openMicrophone();
    if (!this.isInCall) this.sound.close();
    else if (missing) this.become({ notice: `${missing} ${BY_KEYS}` });
  }

  askForTouch() { return this.sound.isAwake ? "" : TOUCH_ONCE; }

  get isInCall() { return ["calling", "ringing", "talking"].includes(this.state.phase); }

  tell(message) {
    if (this.state.streamSid) this.line.send({ ...message, streamSid: this.state.streamSid });
  }

  tellSound(frame) {
    if (this.state.phase !== "talking" || this.state.isHeld) return;
    this.sent += 1;
    const media = { track: "inbound", chunk: String(this.sent), timestamp: String((this.sent - 1) * 20), payload: btoa(String.fromCharCode(...frame)) };
    this.tell({ event: "media", sequenceNumber: String(this.sent + 1), media });
  }

  listenToLine() {
    const on = (event, work) => this.line.addEventListener(event, ({ detail }) => work(detail));
    const ofThisCall = (work) => (message) => { if (message.streamSid === this.state.streamSid) work(message); };
    on("registered", ({ address }) => this.become({ phase: "ready", address, sentence: this.state.phase === "offline" ? "" : this.state.sentence, notice: this.waits ? this.askForTouch() : "" }));
    on("down", ({ sentence }) => this.goDown(sentence));
    on("calling", ({ streamSid }) => this.follow(streamSid));
    on("ring", (message) => this.ring(message));
    on("answered", ofThisCall(() => this.talk()));
    on("ended", ofThisCall(({ reason }) => this.end(ENDINGS[reason])));
    on("media", ofThisCall(({ media }) => this.sound.hear(Uint8Array.from(atob(media.payload), (each) => each.charCodeAt(0)))));
    on("caption", ofThisCall(({ speaker, words }) => this.view.caption(speaker, words)));
    on("text", ({ sender, body }) => this.view.text(sender, body));
  }

  // The exchange has named the call; one that has been given up meanwhile ends there, too.
  follow(streamSid) {
    if (this.isGivenUp || this.state.phase !== "calling") this.line.send({ event: "hang-up", streamSid });
    else this.become({ streamSid });
    this.isGivenUp = false;
  }

  ring({ streamSid, caller, callerName }) {
    this.become({ ...NO_CALL, phase: "ringing", streamSid, party: callerName || caller, sentence: "", notice: this.askForTouch() });
    this.tell({ event: "ringing" });
    this.sound.ring();
  }

  talk() {
    this.sound.quiet();
    this.sent = 0;
    const mediaFormat = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };
    this.tell({ event: "start", sequenceNumber: "1", start: { tracks: ["inbound", "outbound"], mediaFormat } });
    this.become({ phase: "talking", since: performance.now(), sentence: "" });
  }

  goDown(sentence) {
    if (this.isInCall) this.end("The connection broke off, and the call with it.");
    else this.become({ phase: "offline", sentence });
  }

  listenToPerson(root) {
    const { dial, number, numbers, incoming, acts, notice } = this.parts;
    dial.addEventListener("submit", (event) => { event.preventDefault(); this.dial(); });
    number.addEventListener("input", () => { this.isDialling = true; });
    numbers?.addEventListener("change", () => { number.value = numbers.value; this.isDialling = false; });
    const does = { answer: () => this.answer(), mute: () => this.mute(), hold: () => this.hold(), "hang-up": () => this.hangUp(), dial: (to) => this.dial(to) };
    for (const part of [incoming, acts]) part.addEventListener("click", ({ target }) => does[target.closest("[data-does]")?.dataset.does]?.());
    root.addEventListener("phone:do", ({ detail: { what, to } }) => does[what]?.(to));
    root.addEventListener("click", ({ target }) => { const key = target.closest("[data-digit]"); if (key) this.press(key.dataset.digit); });
    document.addEventListener("pointerdown", () => this.beTouched());
    document.addEventListener("keydown", (event) => { this.beTouched(); this.keyDown(event); });
    notice.addEventListener("click", () => this.beTouched());
    window.addEventListener("beforeunload", (event) => { if (this.state.phase === "talking") event.preventDefault(); });
    window.addEventListener("pagehide", () => this.line.close());
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  }

  // The first touch of the page is what lets it sound.
  async beTouched() {
    if (this.sound.isAwake) return;
    await this.sound.wake();
    if (this.state.notice === TOUCH_ONCE) this.become({ notice: "" });
    if (this.state.phase === "ringing") this.sound.ring();
  }

  keyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || isField(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const isOnControl = event.target.closest?.("a, button, summary");
    const work = /^[0-9*#]$/.test(event.key) ? () => this.press(event.key)
      : event.key === "Escape" ? () => this.hangUp()
        : event.key === "Enter" && !isOnControl ? () => (this.state.phase === "ringing" ? this.answer() : this.dial())
          : { m: () => this.mute(), h: () => this.hold() }[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  }
}

for (const root of document.querySelectorAll("[data-phone]")) new Phone(root);
