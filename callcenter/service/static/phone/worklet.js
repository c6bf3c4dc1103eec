// On the browser's sound thread: the microphone becomes frames of 20 ms µ-law, the line's frames become sound.

import { SILENCE, decode, encode } from "./companding.js";
import { JitterBuffer } from "./jitter.js";
import { Resampler } from "./resampling.js";

const LINE_RATE = 8000;
const FRAME_SAMPLES = 160;
const PIECE_SAMPLES = 16; // 2 ms: so much is taken from the line at a time
const LEVELS_EVERY_SECONDS = 0.06;

class PhoneSound extends AudioWorkletProcessor {
  constructor() {
    super();
    this.down = new Resampler(sampleRate, LINE_RATE);
    this.up = new Resampler(LINE_RATE, sampleRate);
    this.jitter = new JitterBuffer();
    this.said = new Float32Array(0); // at the line's rate, less than a frame
    this.heard = new Float32Array(0); // at the browser's rate, not played yet
    this.isMuted = false;
    this.loudest = { said: 0, heard: 0 };
    this.toldAt = 0;
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  obey({ frame, isMuted, clear }) {
    if (frame) this.jitter.push(decode(frame));
    if (isMuted !== undefined) this.isMuted = isMuted;
    if (clear) {
      this.jitter.clear();
      this.said = new Float32Array(0);
    }
  }

  process([microphone], [loudspeaker]) {
    if (microphone[0]) this.listen(microphone[0]);
    this.speak(loudspeaker);
    this.tellLevels();
    return true;
  }

  listen(samples) {
    this.said = joined(this.said, this.down.process(samples));
    if (!this.isMuted) this.note("said", samples);
    for (; this.said.length >= FRAME_SAMPLES; this.said = this.said.slice(FRAME_SAMPLES)) {
      const frame = this.isMuted ? new Uint8Array(FRAME_SAMPLES).fill(SILENCE) : encode(this.said.subarray(0, FRAME_SAMPLES));
      this.port.postMessage({ frame }, [frame.buffer]);
    }
  }

  speak(channels) {
    const count = channels[0].length;
    while (this.heard.length < count) this.heard = joined(this.heard, this.up.process(this.jitter.pull(PIECE_SAMPLES)));
    const samples = this.heard.subarray(0, count);
    for (const channel of channels) channel.set(samples);
    this.note("heard", samples);
    this.heard = this.heard.slice(count);
  }

  note(which, samples) {
    const power = samples.reduce((total, sample) => total + sample * sample, 0) / samples.length;
    this.loudest[which] = Math.max(this.loudest[which], Math.sqrt(power));
  }

  tellLevels() {
    if (currentTime - this.toldAt < LEVELS_EVERY_SECONDS) return;
    this.port.postMessage({ levels: this.loudest });
    this.loudest = { said: 0, heard: 0 };
    this.toldAt = currentTime;
  }
}

function joined(first, second) {
  const whole = new Float32Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

registerProcessor("phone-sound", PhoneSound);
