/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2). */
const K = fractionalBits(64, 3);
/** First 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4, section 5.3.3). */
const INITIAL = fractionalBits(8, 2);

/** Integer root of prime · 2^(32·degree), modulo 2^32: the fraction's first 32 bits, computed exactly. */
function fractionalBits(count: number, degree: 2 | 3): Uint32Array {
  const bits = new Uint32Array(count);
  for (let found = 0, candidate = 2; found < count; candidate++) {
    if (!isPrime(candidate)) continue;
    const target = BigInt(candidate) << BigInt(32 * degree);
    let root = 0n;
    for (let bit = 1n << 37n; bit > 0n; bit >>= 1n) {
      const trial = root + bit;
      if ((degree === 2 ? trial * trial : trial * trial * trial) <= target) root = trial;
    }
    bits[found++] = Number(root & 0xffffffffn);
  }
  return bits;
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}

const schedule = new Uint32Array(64);

/** Folds one block of 64 bytes into the state. */
function compress(state: Uint32Array, bytes: Uint8Array, offset: number): void {
  const w = schedule;
  for (let t = 0, i = offset; t < 16; t++, i += 4) {
    w[t] = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  let a = state[0]! | 0;
  let b = state[1]! | 0;
  let c = state[2]! | 0;
  let d = state[3]! | 0;
  let e = state[4]! | 0;
  let f = state[5]! | 0;
  let g = state[6]! | 0;
  let h = state[7]! | 0;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = state[i]! + sums[i]!;
}

/** The last one or two blocks: what is left over, a one bit, zeros, and the length in bits. */
function padding(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 64;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(bytes.subarray(bytes.length - rest));
  tail[rest] = 0x80;
  let bits = bytes.length * 8;
  for (let i = tail.length - 1; bits > 0; i--) {
    tail[i] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return tail;
}

/**
 * SHA-256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits; the same in Node and in a browser.
 *
 * @see FIPS 180-4, section 6.2
 */
export function sha256Hex(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const state = INITIAL.slice();
  const whole = bytes.length - (bytes.length % 64);
  for (let offset = 0; offset < whole; offset += 64) compress(state, bytes, offset);
  const tail = padding(bytes);
  for (let offset = 0; offset < tail.length; offset += 64) compress(state, tail, offset);
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}
