// From one rate to another: a windowed sinc below both Nyquist frequencies, one set of weights for every place that an output
// sample can take between two input samples (at 48 and 8 kHz: one set on the way down, six on the way up).

const REACH_SECONDS = 0.003; // on either side of a sample; as much is the delay
const PASS = 0.45; // of the lower rate: 3.6 kHz of 8 kHz

export class Resampler {
  constructor(from, to) {
    const divisor = commonDivisor(from, to);
    this.step = from / divisor;
    this.places = to / divisor;
    this.reach = Math.ceil(REACH_SECONDS * from);
    this.weights = Array.from({ length: this.places }, (_, place) => weights(place / this.places, this.reach, (PASS * Math.min(from, to)) / from));
    this.kept = new Float32Array(2 * this.reach); // what the next output samples still reach back to
    this.place = 0; // of the next output sample, after the input sample in the middle of what is kept
  }

  // The next output samples, as many as the input has come to.
  process(input) {
    const samples = new Float32Array(this.kept.length + input.length);
    samples.set(this.kept);
    samples.set(input, this.kept.length);
    const output = [];
    let start = 0;
    for (let place = this.place; ; place += this.step) {
      start = Math.floor(place / this.places);
      if (start + 2 * this.reach >= samples.length) {
        this.place = place - start * this.places;
        break;
      }
      output.push(sum(samples, start, this.weights[place % this.places]));
    }
    const left = Math.min(start, samples.length);
    this.place += (start - left) * this.places;
    this.kept = samples.slice(left);
    return Float32Array.from(output);
  }
}

function sum(samples, start, weighted) {
  let total = 0;
  for (let index = 0; index < weighted.length; index += 1) total += samples[start + index] * weighted[index];
  return total;
}

// A Blackman window over the sinc, centred `offset` after the sample in the middle; what is constant stays as loud as it is.
function weights(offset, reach, cutoff) {
  const found = new Float32Array(2 * reach + 1);
  for (let index = 0; index < found.length; index += 1) {
    const distance = index - reach - offset;
    const turn = (Math.PI * distance) / (reach + 1);
    const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn);
    found[index] = window * (distance === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * distance) / (Math.PI * distance));
  }
  const whole = found.reduce((total, each) => total + each, 0);
  return found.map((each) => each / whole);
}

const commonDivisor = (a, b) => (b === 0 ? a : commonDivisor(b, a % b));
