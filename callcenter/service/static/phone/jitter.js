// What the line says arrives in gusts; it is heard evenly. 80 ms are gathered first, and never more than 200 ms wait.

const CUSHION_SAMPLES = 640;
const LONGEST_SAMPLES = 1600;

export class JitterBuffer {
  constructor() {
    this.ring = new Float32Array(LONGEST_SAMPLES);
    this.clear();
  }

  clear() {
    this.from = 0;
    this.waiting = 0;
    this.flows = false;
  }

  // Takes samples in; where there are too many, the oldest are left out until what waits is a cushion again.
  push(samples) {
    for (const sample of samples) {
      if (this.waiting === LONGEST_SAMPLES) this.skip(LONGEST_SAMPLES - CUSHION_SAMPLES);
      this.ring[(this.from + this.waiting) % LONGEST_SAMPLES] = sample;
      this.waiting += 1;
    }
  }

  // The next so many samples; silence while a cushion is being gathered, at first and whenever there was too little.
  pull(count) {
    const samples = new Float32Array(count);
    this.flows = this.waiting >= (this.flows ? count : Math.max(count, CUSHION_SAMPLES));
    if (!this.flows) return samples;
    for (let index = 0; index < count; index += 1) samples[index] = this.ring[(this.from + index) % LONGEST_SAMPLES];
    this.skip(count);
    return samples;
  }

  skip(count) {
    this.from = (this.from + count) % LONGEST_SAMPLES;
    this.waiting -= count;
  }
}
