// G.711 µ-law (ITU-T G.711) by table: one byte a sample, both ways.

const BIAS = 33; // of 14-bit samples
const HIGHEST = 8158;

export const SILENCE = 0xff;

const LINEAR = Float32Array.from({ length: 256 }, (_, code) => expand(code) / 8192);
const CODES = Uint8Array.from({ length: 16384 }, (_, index) => compress(index - 8192));

// Samples between -1 and 1 as µ-law.
export const encode = (samples) => Uint8Array.from(samples, (sample) => CODES[Math.max(0, Math.min(16383, Math.round(sample * 8192) + 8192))]);

// µ-law as samples between -1 and 1.
export const decode = (codes) => Float32Array.from(codes, (code) => LINEAR[code]);

function compress(sample) {
  const magnitude = Math.min(Math.abs(sample), HIGHEST) + BIAS;
  const segment = 31 - Math.clz32(magnitude) - 5;
  const step = (magnitude >> (segment + 1)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}

function expand(code) {
  const bits = ~code & 0xff;
  const segment = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 1) + BIAS) << segment) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}
