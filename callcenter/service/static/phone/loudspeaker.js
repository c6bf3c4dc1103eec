// The loudspeaker of pages over plain http from another machine: to those, browsers give neither a sound thread nor a microphone.
// It takes the place of the sound thread's node, and plays on the page's own thread.

import { decode } from "./companding.js";
import { JitterBuffer } from "./jitter.js";
import { Resampler } from "./resampling.js";

const LINE_RATE = 8000;
const BLOCK_SAMPLES = 1024; // 21 ms at 48 kHz
const PIECE_SAMPLES = 16;

export class Loudspeaker {
  constructor(context) {
    this.jitter = new JitterBuffer();
    this.up = new Resampler(LINE_RATE, context.sampleRate);
    this.waiting = [];
    this.port = { postMessage: ({ frame, clear }) => (frame ? this.jitter.push(decode(frame)) : clear && this.jitter.clear()) };
    this.node = context.createScriptProcessor(BLOCK_SAMPLES, 0, 1);
    this.node.onaudioprocess = ({ outputBuffer }) => this.speak(outputBuffer.getChannelData(0));
  }

  connect(destination) { this.node.connect(destination); }

  disconnect() { this.node.disconnect(); }

  speak(samples) {
    while (this.waiting.length < samples.length) this.waiting.push(...this.up.process(this.jitter.pull(PIECE_SAMPLES)));
    samples.set(this.waiting.splice(0, samples.length));
    const power = samples.reduce((total, sample) => total + sample * sample, 0) / samples.length;
    this.port.onmessage({ data: { levels: { said: 0, heard: Math.sqrt(power) } } });
  }
}
