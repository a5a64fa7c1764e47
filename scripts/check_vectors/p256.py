"""P-256 with SHA-256 (FIPS 186-5, RFC 6979) in affine big integers."""

import hashlib
import hmac

from .refusal import demand


FP = 2**256 - 2**224 + 2**192 + 2**96 - 1
FN = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FB = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
FG = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def p256_add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % FP == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, FP)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, FP)
    x = (slope * slope - a[0] - b[0]) % FP
    return x, (slope * (a[0] - x) - a[1]) % FP


def p256_multiply(k, point):
    result = None
    for bit in bin(k)[2:]:
        result = p256_add(result, result)
        if bit == "1":
            result = p256_add(result, point)
    return result


def p256_point(key):
    demand(len(key) == 65, "ERR_KEY_LENGTH")
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    on_curve = x < FP and y < FP and (y * y - (x**3 - 3 * x + FB)) % FP == 0
    demand(key[0] == 4 and on_curve, "ERR_KEY_POINT")
    return x, y


def p256_verify(key, message, signature):
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < FN and 0 < s < FN):
        return False
    e = int.from_bytes(hashlib.sha256(message).digest(), "big")
    w = pow(s, -1, FN)
    point = p256_add(p256_multiply(e * w % FN, FG), p256_multiply(r * w % FN, p256_point(key)))
    return point is not None and point[0] % FN == r


def p256_public(secret):
    x, y = p256_multiply(int.from_bytes(secret, "big"), FG)
    return b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")


def p256_sign(secret, message):
    """RFC 6979, section 3.2."""
    digest = hashlib.sha256(message).digest()
    e, d = int.from_bytes(digest, "big"), int.from_bytes(secret, "big")
    seed = secret + (e % FN).to_bytes(32, "big")
    v, k = b"\x01" * 32, b"\x00" * 32
    for step in (b"\x00", b"\x01"):
        k = hmac.digest(k, v + step + seed, "sha256")
        v = hmac.digest(k, v, "sha256")
    v = hmac.digest(k, v, "sha256")
    nonce = int.from_bytes(v, "big")
    assert 0 < nonce < FN, "one in 2^32"
    r = p256_multiply(nonce, FG)[0] % FN
    s = pow(nonce, -1, FN) * (e + r * d) % FN
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
