"""The first draws of the random streams, from Python integers and hashlib.

Writes math-rng.python-<version>.json. Key: SHA-256 of "xoshiro128**/1 <seed>"; of a fork: SHA-256 of "<key> <label>".
State: the first four big-endian words of the key. Uniform: (a >> 5) * 2^26 + (b >> 6), over 2^53.
"""

import hashlib
import json
import pathlib
import platform

MASK = 0xFFFFFFFF


def rotate(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def words(key):
    """xoshiro128** 1.1 of Blackman and Vigna."""
    s = [int(key[i : i + 8], 16) for i in range(0, 32, 8)]
    while True:
        yield (rotate(s[1] * 5 & MASK, 7) * 9) & MASK
        t = s[1] << 9 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)


def uniforms(key, count):
    stream = words(key)
    return [((next(stream) >> 5) * 2**26 + (next(stream) >> 6)) / 2**53 for _ in range(count)]


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


rows = []
for seed in (0, 1, 7, 123456789, 2**53 - 1, -5):
    key = digest(f"xoshiro128**/1 {seed}")
    fork = digest(f"{key} Sobol é")
    rows.append({"seed": seed, "uniforms": uniforms(key, 12), "forked": uniforms(fork, 5)})
out = pathlib.Path(__file__).parent / f"math-rng.python-{platform.python_version()}.json"
out.write_text("[\n" + ",\n".join(json.dumps(r, separators=(",", ":"), ensure_ascii=False) for r in rows) + "\n]\n")
