// The phone's sound: microphone and loudspeaker while there is a call, and the tones a telephone makes by itself.

import { Loudspeaker } from "./loudspeaker.js";

const KEY_SECONDS = 0.14;
const ROWS = [697, 770, 852, 941]; // ITU-T Q.23
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = "123A456B789C*0#D";
const RINGBACK = { frequencies: [440, 480], on: 2, every: 6, volume: 0.04 };
const BELL = { frequencies: [660, 880], on: 0.9, every: 3, volume: 0.12 };
const NO_MICROPHONE = {
  NotAllowedError: "The microphone was not allowed.",
  NotFoundError: "There is no microphone here.",
  NotReadableError: "The microphone is in use elsewhere.",
};

export class Sound {
  constructor({ onFrame, onLevels }) {
    this.onFrame = onFrame;
    this.onLevels = onLevels;
    this.context = null;
    this.isMuted = false;
    this.repeating = null;
  }

  // Whether tones can be heard already; a browser lets a page sound only after somebody has touched it.
  get isAwake() { return this.context?.state === "running"; }

  // To be called from within a touch or a key press.
  wake() {
    this.context ??= new AudioContext({ latencyHint: "interactive" });
    return this.context.resume();
  }

  // The way to the line and back. The loudspeaker at once; the microphone, where there is one, as soon as it is allowed.
  async open() {
    this.wake();
    this.loaded ??= this.context.audioWorklet?.addModule(new URL("worklet.js", import.meta.url));
    await this.loaded;
    this.close();
    this.node = this.loaded ? new AudioWorkletNode(this.context, "phone-sound", { outputChannelCount: [1] }) : new Loudspeaker(this.context);
    this.node.port.onmessage = ({ data }) => (data.frame ? this.onFrame(data.frame) : this.onLevels(data.levels));
    this.node.connect(this.context.destination);
    this.mute(this.isMuted);
  }

  // Resolves to why there is no microphone, or to nothing when there is one. Asks the person, where the browser has to.
  async openMicrophone() {
    if (!navigator.mediaDevices) return "Browsers give a microphone only to pages over https, or of this computer.";
    try {
      const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (!this.node) return stopped(stream);
      this.microphone = stream;
      this.source = this.context.createMediaStreamSource(stream);
      this.source.connect(this.node);
      return "";
    } catch (error) {
      return NO_MICROPHONE[error.name] ?? "The microphone cannot be used.";
    }
  }

  close() {
    if (this.microphone) stopped(this.microphone);
    this.source?.disconnect();
    this.node?.disconnect();
    this.microphone = this.source = this.node = null;
  }

  hear(frame) { this.node?.port.postMessage({ frame }); }

  forget() { this.node?.port.postMessage({ clear: true }); }

  mute(isMuted) {
    this.isMuted = isMuted;
    this.node?.port.postMessage({ isMuted });
  }

  key(digit) {
    const place = KEYS.indexOf(digit);
    if (place >= 0) this.tone({ frequencies: [ROWS[place >> 2], COLUMNS[place & 3]], on: KEY_SECONDS, volume: 0.08 });
  }

  ringBack() { this.repeat(RINGBACK); }

  ring() { this.repeat(BELL); }

  quiet() {
    clearInterval(this.repeating?.timer);
    this.repeating?.stop();
    this.repeating = null;
  }

  repeat(tone) {
    this.quiet();
    this.repeating = { stop: this.tone(tone) };
    this.repeating.timer = setInterval(() => { this.repeating.stop = this.tone(tone); }, tone.every * 1000);
  }

  // Sounds once, with soft edges; the answer stops it.
  tone({ frequencies, on, volume }) {
    if (!this.isAwake) return () => {};
    const { context } = this;
    const [start, end] = [context.currentTime, context.currentTime + on];
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setTargetAtTime(volume, start, 0.004);
    gain.gain.setTargetAtTime(0, end, 0.006);
    gain.connect(context.destination);
    const oscillators = frequencies.map((frequency) => new OscillatorNode(context, { frequency }));
    for (const each of oscillators) {
      each.connect(gain);
      each.start(start);
      each.stop(end + 0.05);
    }
    oscillators[0].addEventListener("ended", () => gain.disconnect());
    return () => { for (const each of oscillators) each.stop(); };
  }
}

function stopped(stream) {
  for (const track of stream.getTracks()) track.stop();
  return "";
}
