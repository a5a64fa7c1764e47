"""RFC 9180 for one message: X25519 (RFC 7748), HKDF-SHA256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439)."""

import hmac

from .refusal import demand

PRIME = 2**255 - 19


def x25519_public(secret):
    return ladder(secret, (9).to_bytes(32, "little"))


def ladder(secret, point):
    """The Montgomery ladder of RFC 7748, section 5."""
    scalar = bytearray(secret)
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    k = int.from_bytes(scalar, "little")
    x1 = int.from_bytes(point, "little") % 2**255 % PRIME
    x2, z2, x3, z3 = 1, 0, x1, 1
    for i in reversed(range(255)):
        swap = k >> i & 1
        if swap:
            x2, x3, z2, z3 = x3, x2, z3, z2
        a, b = (x2 + z2) % PRIME, (x2 - z2) % PRIME
        aa, bb = a * a % PRIME, b * b % PRIME
        e = (aa - bb) % PRIME
        da, cb = (x3 - z3) * a % PRIME, (x3 + z3) * b % PRIME
        x3, z3 = (da + cb) ** 2 % PRIME, x1 * (da - cb) ** 2 % PRIME
        x2, z2 = aa * bb % PRIME, e * (aa + 121665 * e) % PRIME
        if swap:
            x2, x3, z2, z3 = x3, x2, z3, z2
    return (x2 * pow(z2, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little")


def extract(salt, material):
    return hmac.digest(salt or bytes(32), material, "sha256")


def expand(prk, info, length):
    block = out = b""
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def chacha_block(key, nonce, counter):
    def rotated(value, bits):
        return (value << bits | value >> 32 - bits) & 0xFFFFFFFF

    words = b"expand 32-byte k" + key + counter.to_bytes(4, "little") + nonce
    start = [int.from_bytes(words[i : i + 4], "little") for i in range(0, 64, 4)]
    state = list(start)

    def quarter(a, b, c, d):
        for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            state[z] = rotated(state[z] ^ state[x], bits)

    for _ in range(10):
        for column in range(4):
            quarter(column, column + 4, column + 8, column + 12)
        for column in range(4):
            quarter(column, (column + 1) % 4 + 4, (column + 2) % 4 + 8, (column + 3) % 4 + 12)
    return b"".join(((a + b) & 0xFFFFFFFF).to_bytes(4, "little") for a, b in zip(state, start))


def chacha(key, nonce, data):
    out = bytearray()
    for i in range(0, len(data), 64):
        stream = chacha_block(key, nonce, i // 64 + 1)
        out += bytes(a ^ b for a, b in zip(data[i : i + 64], stream))
    return bytes(out)


def tag(key, nonce, aad, ciphertext):
    one_time = chacha_block(key, nonce, 0)
    r = int.from_bytes(one_time[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(one_time[16:32], "little")
    padded = b"".join(part + bytes(-len(part) % 16) for part in (aad, ciphertext))
    padded += len(aad).to_bytes(8, "little") + len(ciphertext).to_bytes(8, "little")
    sum = 0
    for i in range(0, len(padded), 16):
        sum = (sum + int.from_bytes(padded[i : i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((sum + s) % 2**128).to_bytes(16, "little")


def aead_seal(key, nonce, aad, plaintext):
    ciphertext = chacha(key, nonce, plaintext)
    return ciphertext + tag(key, nonce, aad, ciphertext)


def aead_open(key, nonce, aad, sealed):
    demand(len(sealed) >= 16, "ERR_SEALED")
    demand(tag(key, nonce, aad, sealed[:-16]) == sealed[-16:], "ERR_SEALED")
    return chacha(key, nonce, sealed[:-16])


KEM = b"KEM" + b"\x00\x20"
SUITE = b"HPKE" + b"\x00\x20" + b"\x00\x01" + b"\x00\x03"


def labeled_extract(suite, salt, label, material):
    return extract(salt, b"HPKE-v1" + suite + label + material)


def labeled_expand(suite, prk, label, info, length):
    return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def key_schedule(dh, enc, recipient, info, psk, psk_id):
    """From the result of X25519 to the key and nonce of the first message; mode psk where there is one."""
    shared = labeled_expand(
        KEM, labeled_extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + recipient, 32
    )
    context = bytes([1 if psk else 0])
    context += labeled_extract(SUITE, b"", b"psk_id_hash", psk_id)
    context += labeled_extract(SUITE, b"", b"info_hash", info)
    secret = labeled_extract(SUITE, shared, b"secret", psk)
    return (
        labeled_expand(SUITE, secret, b"key", context, 32),
        labeled_expand(SUITE, secret, b"base_nonce", context, 12),
    )


def seal(recipient, ephemeral, plaintext, info, psk=b"", psk_id=b""):
    dh = ladder(ephemeral, recipient)
    demand(any(dh), "ERR_KEY_ORDER")
    enc = x25519_public(ephemeral)
    key, nonce = key_schedule(dh, enc, recipient, info, psk, psk_id)
    return enc, aead_seal(key, nonce, b"", plaintext)


def open_sealed(secret, enc, ciphertext, info, psk=b"", psk_id=b""):
    demand(len(enc) == 32, "ERR_SEALED")
    dh = ladder(secret, enc)
    demand(any(dh), "ERR_SEALED")
    key, nonce = key_schedule(dh, enc, x25519_public(secret), info, psk, psk_id)
    return aead_open(key, nonce, b"", ciphertext)
