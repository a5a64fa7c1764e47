"""CKV/1, "Keys and labels", and the reader of the presentation language."""

import hashlib

from .ed25519 import ed_point, ed_verify
from .p256 import p256_point, p256_verify
from .refusal import Refused, demand


P256, ED25519 = 0x0403, 0x0807
POINTS = {P256: p256_point, ED25519: ed_point}
SCHEMES = {"P-256": P256, "Ed25519": ED25519}
checked = {}


def cached(run, *given):
    """Lists repeat keys and signatures, and arithmetic is slow here."""
    if (run, given) not in checked:
        try:
            checked[run, given] = run(*given), None
        except Refused as refused:
            checked[run, given] = None, refused
    value, refused = checked[run, given]
    if refused:
        raise refused
    return value


def check_key(scheme, key):
    demand(scheme in POINTS, "ERR_SCHEME")
    cached(POINTS[scheme], key)
    return scheme, key


def vector16(data):
    return len(data).to_bytes(2, "big") + data


def encode_key(public):
    return public[0].to_bytes(2, "big") + vector16(public[1])


def labelled(purpose, content):
    label = b"CKV/1 " + purpose.encode()
    return bytes([len(label)]) + label + len(content).to_bytes(4, "big") + content


def H(purpose, content):
    return hashlib.sha256(labelled(purpose, content)).digest()


def key_id(public):
    return H("key id", encode_key(public))


def is_signed(public, purpose, content, signature):
    verify = p256_verify if public[0] == P256 else ed_verify
    return cached(verify, public[1], labelled(purpose, content), signature)


fromhex = bytes.fromhex


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        demand(self.at + length <= len(self.data), "ERR_TRUNCATED")
        self.at += length
        return self.data[self.at - length : self.at]

    def uint(self, width):
        value = int.from_bytes(self.take(width), "big")
        demand(value < 2**53, "ERR_INTEGER")
        return value

    def opaque(self, least, most):
        length = self.uint((most.bit_length() + 7) // 8)
        demand(least <= length <= most, "ERR_LENGTH")
        return self.take(length)

    def key(self):
        scheme = self.uint(2)
        demand(scheme in POINTS, "ERR_SCHEME")
        return check_key(scheme, self.opaque(0, 2**16 - 1))

    def end(self):
        demand(self.at == len(self.data), "ERR_TRAILING_BYTES")


def whole(data, read):
    reader = Reader(data)
    value = read(reader)
    reader.end()
    return value


def read_key(data):
    return whole(data, Reader.key)
