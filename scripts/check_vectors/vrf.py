"""ECVRF of RFC 9381 with try-and-increment; KEYTRANS takes the first 32 bytes of its output."""

import hashlib
import hmac

from .ed25519 import EB, IDENTITY, L, ed_add, ed_decode, ed_encode, ed_equal, ed_multiply, ed_scalar
from .keys import fromhex
from .p256 import FB, FG, FN, FP, p256_add, p256_multiply
from .refusal import demand


class P256:
    suite, length, order, cofactor, base, endian = 1, 33, FN, 1, FG, "big"
    add, multiply = staticmethod(p256_add), staticmethod(p256_multiply)

    @staticmethod
    def hash(data):
        return hashlib.sha256(data).digest()

    @staticmethod
    def negate(point):
        return point and (point[0], -point[1] % FP)

    @staticmethod
    def is_identity(point):
        return point is None

    @staticmethod
    def encode(point):
        # 33 bytes for every point; infinity has no such encoding.
        demand(point is not None, "ERR_VRF_PROOF")
        return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")

    @staticmethod
    def decode(data):
        x = int.from_bytes(data[1:], "big")
        if len(data) != 33 or data[0] not in (2, 3) or x >= FP:
            return None
        square = (x**3 - 3 * x + FB) % FP
        y = pow(square, (FP + 1) // 4, FP)
        if y * y % FP != square:
            return None
        return x, y if y % 2 == data[0] % 2 else FP - y

    @staticmethod
    def candidate(digest):
        return P256.decode(b"\x02" + digest)

    @staticmethod
    def scalar(secret):
        x = int.from_bytes(secret, "big")
        demand(len(secret) == 32, "ERR_KEY_LENGTH")
        demand(0 < x < FN, "ERR_KEY_SCALAR")
        return x

    @staticmethod
    def nonce(secret, h):
        """RFC 6979, section 3.2."""
        digest = int.from_bytes(hashlib.sha256(h).digest(), "big")
        seed = secret + (digest % FN).to_bytes(32, "big")
        v, k = b"\x01" * 32, b"\x00" * 32
        for step in (b"\x00", b"\x01"):
            k = hmac.digest(k, v + step + seed, "sha256")
            v = hmac.digest(k, v, "sha256")
        v = hmac.digest(k, v, "sha256")
        nonce = int.from_bytes(v, "big")
        assert 0 < nonce < FN, "one in 2^32"
        return nonce


class Edwards25519:
    suite, length, order, cofactor, base, endian = 3, 32, L, 8, EB, "little"
    add, multiply = staticmethod(ed_add), staticmethod(ed_multiply)
    encode, decode = staticmethod(ed_encode), staticmethod(ed_decode)

    @staticmethod
    def hash(data):
        return hashlib.sha512(data).digest()

    @staticmethod
    def negate(point):
        return -point[0], point[1], point[2], -point[3]

    @staticmethod
    def is_identity(point):
        return ed_equal(point, IDENTITY)

    @staticmethod
    def candidate(digest):
        return ed_decode(digest[:32])

    @staticmethod
    def scalar(secret):
        demand(len(secret) == 32, "ERR_KEY_LENGTH")
        return ed_scalar(secret)[0]

    @staticmethod
    def nonce(secret, h):
        return int.from_bytes(hashlib.sha512(ed_scalar(secret)[1] + h).digest(), "little") % L


GROUPS = {"ECVRF-P256-SHA256-TAI": P256, "ECVRF-EDWARDS25519-SHA512-TAI": Edwards25519}


def encode_to_curve(group, salt, alpha):
    for counter in range(256):
        point = group.candidate(group.hash(bytes([group.suite, 1]) + salt + alpha + bytes([counter, 0])))
        if point is not None:
            point = group.multiply(group.cofactor, point)
            if not group.is_identity(point):
                return point, counter
    raise AssertionError("one in 2^256")


def challenge(group, *points):
    encoded = b"".join(map(group.encode, points))
    return group.hash(bytes([group.suite, 2]) + encoded + b"\x00")[:16]


def gamma_to_hash(group, gamma):
    cleared = group.encode(group.multiply(group.cofactor, gamma))
    return group.hash(bytes([group.suite, 3]) + cleared + b"\x00")


def prove(vrf, secret, input):
    group, secret, alpha = GROUPS[vrf], fromhex(secret), fromhex(input)
    x = group.scalar(secret)
    y = group.multiply(x, group.base)
    h, counter = encode_to_curve(group, group.encode(y), alpha)
    gamma, k = group.multiply(x, h), group.nonce(secret, group.encode(h))
    u, v = group.multiply(k, group.base), group.multiply(k, h)
    c = challenge(group, y, h, gamma, u, v)
    s = (k + int.from_bytes(c, group.endian) * x) % group.order
    proof = group.encode(gamma) + c + s.to_bytes(32, group.endian)
    beta = gamma_to_hash(group, gamma)
    steps = {
        "x": f"{x:064x}",
        "counter": counter,
        "h": group.encode(h).hex(),
        "k": f"{k:064x}",
        "u": group.encode(u).hex(),
        "v": group.encode(v).hex(),
        "beta": beta.hex(),
    }
    return {"publicKey": group.encode(y).hex(), "proof": proof.hex(), "output": beta[:32].hex()}, steps


def read_key(group, encoding):
    demand(len(encoding) == group.length, "ERR_KEY_LENGTH")
    point = group.decode(encoding)
    demand(point is not None, "ERR_KEY_POINT")
    demand(not group.is_identity(group.multiply(group.cofactor, point)), "ERR_KEY_ORDER")
    return point


def key(vrf):
    def judge(publicKey):
        read_key(GROUPS[vrf], fromhex(publicKey))
        return {}

    return judge


def proof(vrf):
    group = GROUPS[vrf]

    def judge(publicKey, input, proof):
        encoding, proof = fromhex(publicKey), fromhex(proof)
        y = read_key(group, encoding)
        demand(len(proof) == group.length + 48, "ERR_LENGTH")
        gamma, c, s = group.decode(proof[:-48]), proof[-48:-32], int.from_bytes(proof[-32:], group.endian)
        demand(gamma is not None, "ERR_VRF_POINT")
        demand(s < group.order, "ERR_VRF_SCALAR")
        h, _ = encode_to_curve(group, encoding, fromhex(input))
        minus = int.from_bytes(c, group.endian)
        u = group.add(group.multiply(s, group.base), group.negate(group.multiply(minus, y)))
        v = group.add(group.multiply(s, h), group.negate(group.multiply(minus, gamma)))
        demand(challenge(group, y, h, gamma, u, v) == c, "ERR_VRF_PROOF")
        return {"output": gamma_to_hash(group, gamma)[:32].hex()}

    return judge


JUDGES = {
    "VrfProving": lambda **given: prove(**given)[0],
    "VrfSteps": lambda **given: prove(**given)[1],
    "P256VrfKey": key("ECVRF-P256-SHA256-TAI"),
    "Edwards25519VrfKey": key("ECVRF-EDWARDS25519-SHA512-TAI"),
    "P256VrfProof": proof("ECVRF-P256-SHA256-TAI"),
    "Edwards25519VrfProof": proof("ECVRF-EDWARDS25519-SHA512-TAI"),
}
