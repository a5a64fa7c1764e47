"""Ed25519 (RFC 8032), strict, in extended coordinates."""

import hashlib

from .refusal import demand


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def ed_add(a, b):
    A, B = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    C, E = 2 * D * a[3] * b[3], 2 * a[2] * b[2]
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_multiply(k, point):
    result = (0, 1, 1, 0)
    while k:
        if k & 1:
            result = ed_add(result, point)
        point = ed_add(point, point)
        k >>= 1
    return result


def ed_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def ed_decode(encoding):
    """The point, or None: canonical encodings only."""
    if len(encoding) != 32:
        return None
    y, sign = int.from_bytes(encoding, "little") % 2**255, encoding[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed_encode(point):
    x, y = point[0] * pow(point[2], -1, P) % P, point[1] * pow(point[2], -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


EB = ed_decode(bytes.fromhex("58" + "66" * 31))
IDENTITY = (0, 1, 1, 0)


def ed_point(key):
    demand(len(key) == 32, "ERR_KEY_LENGTH")
    point = ed_decode(key)
    demand(point is not None, "ERR_KEY_POINT")
    prime = not ed_equal(point, IDENTITY) and ed_equal(ed_multiply(L, point), IDENTITY)
    demand(prime, "ERR_KEY_ORDER")
    return point


def ed_challenge(R, key, message):
    return int.from_bytes(hashlib.sha512(R + key + message).digest(), "little") % L


def ed_verify(key, message, signature):
    if len(signature) != 64:
        return False
    R, S = ed_decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if R is None or S >= L:
        return False
    k = ed_challenge(signature[:32], key, message)
    return ed_equal(ed_multiply(8 * S, EB), ed_multiply(8, ed_add(R, ed_multiply(k, ed_decode(key)))))


def ed_scalar(seed):
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254, digest[32:]


def ed_public(seed):
    return ed_encode(ed_multiply(ed_scalar(seed)[0], EB))


def ed_sign(seed, message):
    a, prefix = ed_scalar(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    R = ed_encode(ed_multiply(r, EB))
    return R + ((r + ed_challenge(R, ed_public(seed), message) * a) % L).to_bytes(32, "little")
