#!/usr/bin/env python3
"""Checks vectors/*.json in another language: every valid case must give its output, every invalid one be refused.

Written from docs/protocol.md and vectors/README.md, not from the TypeScript beside it, with Python's standard library
alone: both curves are big-integer arithmetic here, so nothing is skipped. Slow, and not for secrets.

    python3 scripts/check-vectors.py [folder]

Prints, for each file, how many cases ran and how many refusals carry the very code of the vector; a refusal under
another code is listed, and no failure: codes belong to one library, refusing belongs to the protocol.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import sys


class Refused(Exception):
    """Carries the code that the rules suggest."""


def demand(holds, code):
    if not holds:
        raise Refused(code)


# ---------------------------------------------------------------- P-256 (FIPS 186-5), affine coordinates

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


# ---------------------------------------------------------------- Ed25519 (RFC 8032), extended coordinates

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


# ---------------------------------------------------------------- keys and labels

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


def signed(public, purpose, content, signature):
    verify = p256_verify if public[0] == P256 else ed_verify
    return cached(verify, public[1], labelled(purpose, content), signature)


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


# ---------------------------------------------------------------- device lists


def sequence(reader):
    value = reader.uint(8)
    demand(value <= 2**32 - 2, "ERR_INTEGER")
    return value


def read_device(reader):
    start = reader.at
    device = {
        "id": reader.opaque(1, 32),
        "key": reader.key(),
        "messaging": reader.opaque(0, 2**16 - 1),
        "joined": reader.take(32),
        "since": sequence(reader),
    }
    device["fields"] = reader.data[start : reader.at]
    device["possession"] = reader.opaque(0, 2**16 - 1)
    device["bytes"] = reader.data[start : reader.at]
    return device


def read_succession(reader):
    start = reader.at
    key, at, signature = reader.key(), sequence(reader), reader.opaque(0, 2**16 - 1)
    return {"key": key, "at": at, "signature": signature, "bytes": reader.data[start : reader.at]}


def parse_list(data):
    demand(len(data) <= 65536, "ERR_TOO_LARGE")
    reader = Reader(data)
    demand(reader.uint(2) == 1, "ERR_VERSION")
    out = {"identifier": reader.opaque(1, 255), "account": reader.key()}
    count = reader.uint(1)
    demand(count <= 64, "ERR_LENGTH")
    out["successions"] = [read_succession(reader) for _ in range(count)]
    out["sequence"] = sequence(reader)
    out["previous"] = reader.opaque(0, 32)
    demand(len(out["previous"]) in (0, 32), "ERR_LENGTH")
    out["author"] = reader.opaque(0, 32)
    out["verification"] = reader.uint(1)
    demand(out["verification"] <= 1, "ERR_ENUM")
    count = reader.uint(1)
    demand(count <= 64, "ERR_LENGTH")
    devices = out["devices"] = []
    for _ in range(count):
        device = read_device(reader)
        if devices:
            demand(devices[-1]["id"] <= device["id"], "ERR_ORDER")
            demand(devices[-1]["id"] != device["id"], "ERR_DUPLICATE")
        demand(device["key"] not in [other["key"] for other in devices], "ERR_DUPLICATE")
        devices.append(device)
    out["bytes"] = data[: reader.at]
    out["signature"] = reader.opaque(0, 2**16 - 1)
    out["author signature"] = reader.opaque(0, 2**16 - 1)
    demand(bool(out["author"]) == bool(out["author signature"]), "ERR_LENGTH")
    reader.end()
    out["chain"] = [succession["key"] for succession in out["successions"]] + [out["account"]]
    out["id"] = H("device list id", out["bytes"])
    return out


def in_force(lst, at):
    return next((s["key"] for s in lst["successions"] if at < s["at"]), lst["account"])


def check_alone(lst, identifier):
    demand(lst["identifier"] == identifier, "ERR_LIST_IDENTIFIER")
    at = [0] + [succession["at"] for succession in lst["successions"]]
    rising = all(a < b for a, b in zip(at, at[1:]))
    demand(rising and at[-1] <= lst["sequence"], "ERR_SUCCESSION_CHAIN")
    begins = not lst["previous"]
    demand(not begins or not (lst["successions"] or lst["author"]), "ERR_LIST_START")
    demand(begins or lst["sequence"] > 0, "ERR_LIST_START")
    keys = lst["chain"] + [device["key"] for device in lst["devices"]]
    demand(len(set(keys)) == len(keys), "ERR_KEY_REUSED")
    for device in lst["devices"]:
        fits = device["since"] == lst["sequence"] if begins else device["since"] <= lst["sequence"]
        demand(fits and device["joined"] == key_id(in_force(lst, device["since"])), "ERR_DEVICE_ENTRY")
    named = bytes([len(identifier)]) + identifier
    for succession, after in zip(lst["successions"], lst["chain"][1:]):
        key, number = succession["key"], succession["at"].to_bytes(8, "big")
        content = named + encode_key(key) + encode_key(after) + number
        demand(signed(key, "succession", content, succession["signature"]), "ERR_SUCCESSION_SIGNATURE")
    for device in lst["devices"]:
        held = signed(device["key"], "device possession", named + device["fields"], device["possession"])
        demand(held, "ERR_DEVICE_POSSESSION")
    demand(signed(lst["account"], "device list", lst["bytes"], lst["signature"]), "ERR_LIST_SIGNATURE")


def follow(lst, old, gap_expired):
    demand(lst["sequence"] >= old["sequence"], "ERR_LIST_ROLLBACK")
    if lst["sequence"] == old["sequence"]:
        demand(lst["bytes"] == old["bytes"], "ERR_LIST_FORK")
        return "same", {}
    gap = lst["sequence"] > old["sequence"] + 1
    demand(not gap or gap_expired, "ERR_LIST_GAP")
    demand(lst["account"] not in old["chain"][:-1], "ERR_KEY_REUSED")
    if gap:
        return "first-sight", {}
    if not lst["previous"]:
        return "reset", {}
    demand(lst["previous"] == old["id"], "ERR_LIST_PREVIOUS")
    kept = [succession["bytes"] for succession in old["successions"]]
    now = [succession["bytes"] for succession in lst["successions"]]
    succeeded = lst["account"] != old["account"]
    if succeeded:
        added = lst["successions"][-1] if now else None
        fits = added and added["key"] == old["account"] and added["at"] == lst["sequence"]
        demand(fits and now[:-1] == (kept[1:] if len(kept) == 64 else kept), "ERR_SUCCESSION_CHAIN")
        demand(not set(old["chain"]) & {device["key"] for device in lst["devices"]}, "ERR_KEY_REUSED")
    else:
        demand(now == kept, "ERR_SUCCESSION_CHAIN")
    entries = [device["bytes"] for device in old["devices"]]
    for device in lst["devices"]:
        fresh = device["since"] == lst["sequence"] and device["joined"] == key_id(lst["account"])
        demand(fresh or device["bytes"] in entries, "ERR_DEVICE_ENTRY")
    if lst["author"]:
        author = next((device for device in old["devices"] if device["id"] == lst["author"]), None)
        demand(author is not None, "ERR_LIST_AUTHOR")
        by = signed(author["key"], "device list author", lst["bytes"], lst["author signature"])
        demand(by, "ERR_LIST_AUTHOR")
    return "next", {"authored": bool(lst["author"]), "succeeded": succeeded}


def device_list(identifier, signed, pinned=None, stored=None, gapExpired=False):
    identifier = bytes.fromhex(identifier)
    pin = read_key(bytes.fromhex(pinned)) if pinned else None
    old = None
    if stored is not None:
        try:
            old = parse_list(bytes.fromhex(stored))
            check_alone(old, identifier)
        except Refused as refused:
            raise Refused("ERR_STORED_STATE") from refused
    lst = parse_list(bytes.fromhex(signed))
    check_alone(lst, identifier)
    kind, step = follow(lst, old, gapExpired) if old else ("first-sight", {})
    demand(pin is None or pin in lst["chain"], "ERR_ACCOUNT_KEY")

    trusted = pin or (old and old["account"])
    expired = old is not None and kind == "first-sight"
    moved = (
        kind == "next" and step["authored"] and step["succeeded"] and trusted == old["account"]
    )
    if trusted is None:
        mark = "none"
    elif kind == "reset" or expired:
        mark = "fallen"
    elif trusted == lst["account"]:
        mark = "kept"
    else:
        mark = "moved" if moved else "fallen"
    return {
        "continuity": kind,
        **step,
        "mark": mark,
        "listId": lst["id"].hex(),
        "accountKeyId": key_id(lst["account"]).hex(),
        "sequence": lst["sequence"],
        "previous": lst["previous"].hex(),
        "author": lst["author"].hex(),
        "verification": lst["verification"] == 1,
        "successions": [{"keyId": key_id(s["key"]).hex(), "sequence": s["at"]} for s in lst["successions"]],
        "devices": [
            {"id": d["id"].hex(), "signingKeyId": key_id(d["key"]).hex(), "since": d["since"]}
            for d in lst["devices"]
        ],
    }


def device_entry(bytes):
    device = whole(fromhex(bytes), read_device)
    return {
        "id": device["id"].hex(),
        "signingKey": encode_key(device["key"]).hex(),
        "messagingKeys": device["messaging"].hex(),
        "joined": device["joined"].hex(),
        "since": device["since"],
        "possession": device["possession"].hex(),
    }


fromhex = bytes.fromhex

# ---------------------------------------------------------------- text and key formats


def text_form(form, text, code="ERR_TEXT_ENCODING"):
    try:
        if form == "hex":
            data = bytes.fromhex(text) if re.fullmatch("[0-9a-f]*", text) else None
        elif form == "base64":
            data = base64.b64decode(text, validate=True)
        else:
            data = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        data = None
    demand(data is not None, code)
    again = {
        "hex": data.hex(),
        "base64": base64.b64encode(data).decode(),
        "base64url": base64.urlsafe_b64encode(data).decode().rstrip("="),
    }[form]
    demand(again == text, code)
    return data


def utf8(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("ERR_UTF8") from None


def tlv(tag, *parts):
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content


ALGORITHMS = {
    P256: tlv(0x30, tlv(6, fromhex("2a8648ce3d0201")), tlv(6, fromhex("2a8648ce3d030107"))),
    ED25519: tlv(0x30, tlv(6, fromhex("2b6570"))),
}


def spki(public):
    return tlv(0x30, ALGORITHMS[public[0]], tlv(3, b"\x00", public[1]))


def pkcs8(scheme, secret, with_public=True):
    inner = tlv(4, secret)
    if scheme == P256:
        public = tlv(0xA1, tlv(3, b"\x00", p256_public(secret))) if with_public else b""
        inner = tlv(0x30, tlv(2, b"\x01"), tlv(4, secret), public)
    return tlv(0x30, tlv(2, b"\x00"), ALGORITHMS[scheme], tlv(4, inner))


def derive(scheme, secret):
    demand(len(secret) == 32, "ERR_KEY_LENGTH")
    if scheme == ED25519:
        return scheme, cached(ed_public, secret)
    demand(0 < int.from_bytes(secret, "big") < FN, "ERR_KEY_SCALAR")
    return scheme, cached(p256_public, secret)


def read_spki(data):
    for scheme, length in ((ED25519, 32), (P256, 65)):
        if spki((scheme, data[-length:])) == data:
            return check_key(scheme, data[-length:])
    raise Refused("ERR_KEY_FORMAT")


def read_pkcs8(data):
    """The secret stands where it must; everything else is written again and compared."""
    for scheme, with_public, start in ((ED25519, True, 16), (P256, True, 36), (P256, False, 35)):
        example = pkcs8(scheme, b"\x01" * 32, with_public)
        if len(data) != len(example) or data[:start] != example[:start]:
            continue
        secret = data[start : start + 32]
        public = derive(scheme, secret)
        demand(pkcs8(scheme, secret, with_public) == data, "ERR_KEY_FORMAT")
        return secret, public
    raise Refused("ERR_KEY_FORMAT")


def jwk_member(jwk, name):
    demand(isinstance(jwk.get(name), str), "ERR_KEY_FORMAT")
    data = text_form("base64url", jwk[name])
    demand(len(data) == 32, "ERR_KEY_FORMAT")
    return data


def jwk_public(jwk):
    demand(jwk.get("use", "sig") == "sig", "ERR_KEY_FORMAT")
    kind = jwk.get("kty"), jwk.get("crv")
    demand(kind in (("OKP", "Ed25519"), ("EC", "P-256")), "ERR_KEY_FORMAT")
    if kind[0] == "OKP":
        return ED25519, jwk_member(jwk, "x")
    return P256, b"\x04" + jwk_member(jwk, "x") + jwk_member(jwk, "y")


def read_public_jwk(jwk):
    demand("d" not in jwk, "ERR_KEY_FORMAT")
    return check_key(*jwk_public(jwk))


def read_private_jwk(jwk):
    scheme, key = jwk_public(jwk)
    secret = jwk_member(jwk, "d")
    public = derive(scheme, secret)
    demand(public[1] == key, "ERR_KEY_FORMAT")
    return secret, public


def write_jwk(public, secret=None):
    def coded(data):
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    scheme, key = public
    out = {"kty": "OKP", "crv": "Ed25519", "x": coded(key)}
    if scheme == P256:
        out = {"kty": "EC", "crv": "P-256", "x": coded(key[1:33]), "y": coded(key[33:])}
    return out | ({"d": coded(secret)} if secret else {})


def write_pem(label, data):
    lines = re.findall(".{1,64}", base64.b64encode(data).decode())
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def read_pem(label, text):
    form = rf"-----BEGIN {label}-----\n((?:[^\n]{{64}}\n)*[^\n]{{1,64}}\n)-----END {label}-----\n?"
    match = re.fullmatch(form, text.replace("\r\n", "\n"))
    demand(match is not None, "ERR_KEY_FORMAT")
    return text_form("base64", match[1].replace("\n", ""))


def public_output(public):
    return {"publicKey": encode_key(public).hex()}


def private_output(both):
    return {"secret": both[0].hex(), **public_output(both[1])}


def public_key(bytes):
    key = read_key(fromhex(bytes))
    return {
        "scheme": next(name for name, scheme in SCHEMES.items() if scheme == key[0]),
        "key": key[1].hex(),
        "labelled": labelled("key id", encode_key(key)).hex(),
        "keyId": key_id(key).hex(),
    }


def raw_private_key(scheme, secret):
    secret = fromhex(secret)
    public = derive(SCHEMES[scheme], secret)
    both = pkcs8(public[0], secret)
    return {
        **public_output(public),
        "spki": spki(public).hex(),
        "pkcs8": both.hex(),
        "publicJwk": write_jwk(public),
        "privateJwk": write_jwk(public, secret),
        "publicPem": write_pem("PUBLIC KEY", spki(public)),
        "privatePem": write_pem("PRIVATE KEY", both),
    }


def signature(publicKey, purpose, content, signature):
    content = fromhex(content)
    key = read_key(fromhex(publicKey))
    demand(signed(key, purpose, content, fromhex(signature)), "ERR_SIGNATURE")
    return {"labelled": labelled(purpose, content).hex()}


def deterministic(scheme, secret, purpose, content):
    sign = p256_sign if SCHEMES[scheme] == P256 else ed_sign
    return {"signature": sign(fromhex(secret), labelled(purpose, fromhex(content))).hex()}


# ---------------------------------------------------------------- the 8-digit code


def sas_commitment(purpose, session, initiator, nonce):
    head = bytes([1, purpose]) + session
    return H("sas commitment", head + vector16(initiator) + nonce)


def sas_code(purpose, session, initiator, responder, nonce_i, nonce_r):
    commitment = sas_commitment(purpose, session, initiator, nonce_i)
    content = bytes([1, purpose]) + session + vector16(initiator) + vector16(responder) + commitment
    mac = hmac.digest(nonce_i + nonce_r, labelled("sas code", content), "sha256")
    return f"{int.from_bytes(mac[:8], 'big') % 10**8:08}"


PURPOSES = {"contact": 1, "linking": 2}


def sas_transcript(purpose, sessionId, initiator, responder, initiatorNonce, responderNonce):
    number, session = PURPOSES[purpose], fromhex(sessionId)
    parties = fromhex(initiator), fromhex(responder)
    nonces = fromhex(initiatorNonce), fromhex(responderNonce)
    commitment = sas_commitment(number, session, parties[0], nonces[0])
    code = sas_code(number, session, *parties, *nonces)
    return {
        "commitment": commitment.hex(),
        "start": (bytes([1, 1, number]) + session + commitment).hex(),
        "reply": (bytes([1, 2]) + session + nonces[1]).hex(),
        "reveal": (bytes([1, 3]) + session + nonces[0]).hex(),
        "code": code,
        "display": f"{code[:4]} {code[4:]}",
    }


def read_message(reader):
    demand(reader.uint(1) == 1, "ERR_VERSION")
    kind = reader.uint(1)
    demand(kind in (1, 2, 3), "ERR_ENUM")
    purpose = reader.uint(1) if kind == 1 else None
    demand(purpose in (None, 1, 2), "ERR_ENUM")
    return kind, purpose, reader.take(16), reader.take(32)


def read_offer(reader):
    demand(reader.uint(1) == 1, "ERR_VERSION")
    reader.take(48)


def sas_side(role, purpose, own, peer, sessionId, initiatorNonce, responderNonce, seed, received):
    number = PURPOSES[purpose]
    own, peer = fromhex(own), fromhex(peer)
    nonce_i, nonce_r = (value and fromhex(value) for value in (initiatorNonce, responderNonce))
    begins = role == "initiator"
    for subject, initiates in ((own, begins), (peer, not begins)):
        whole(subject, read_offer if number == 2 and initiates else Reader.key)
    demand(own != peer, "ERR_SAS_OWN_KEY")

    events, sent, seen = [], [], []
    mine = theirs = session = reply = reveal = None
    if begins:
        session = fromhex(sessionId)
        mine = bytes([1, 1, number]) + session + sas_commitment(number, session, own, nonce_i)
        sent.append(mine)

    def answer():
        nonlocal session, reply, begins
        begins, session, reply = False, theirs[3:19], nonce_r
        sent.append(bytes([1, 2]) + session + reply)

    for message in map(fromhex, received):
        kind, about, of, value = whole(message, read_message)
        demand(not (kind == 1 and mine and value == mine[19:]), "ERR_SAS_REFLECTED")
        if message in seen:
            events.append("ignored-repeat")
        elif kind == 1:
            known = [start[3:19] for start in (mine, theirs) if start]
            demand(of not in known, "ERR_SAS_UNEXPECTED")
            if theirs:
                events.append("further-start")
                continue
            demand(about == number, "ERR_SAS_PURPOSE")
            theirs = message
            if mine is None:
                events.append("start-accepted")
                answer()
            elif value > mine[19:]:
                events.append("crossed-yielded")
                answer()
            else:
                events.append("crossed-kept")
            seen.append(message)
        elif of != session:
            events.append("ignored-foreign")
        elif kind == 2:
            demand(begins and reply is None, "ERR_SAS_UNEXPECTED")
            reply, reveal = value, nonce_i
            sent.append(bytes([1, 3]) + session + reveal)
            events.append("code-ready")
            seen.append(message)
        else:
            demand(not begins and reveal is None, "ERR_SAS_UNEXPECTED")
            demand(sas_commitment(number, session, peer, value) == theirs[19:], "ERR_SAS_COMMITMENT")
            reveal = value
            events.append("code-ready")
            seen.append(message)

    code = None
    if reveal is not None:
        parties = (own, peer) if begins else (peer, own)
        code = sas_code(number, session, *parties, reveal, reply)
    return {
        "events": events,
        "sent": [message.hex() for message in sent],
        "code": code,
        "display": code and f"{code[:4]} {code[4:]}",
    }


# ---------------------------------------------------------------- codes without a session

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    """BIP 173."""
    residue = 1
    for value in values:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            residue ^= generator if top >> i & 1 else 0
    return residue


PREFIX = [ord(c) >> 5 for c in "ckv"] + [0] + [ord(c) & 31 for c in "ckv"]


def public_code(id):
    number = int.from_bytes(b"\x01" + id, "big") << 1
    data = [number >> shift & 31 for shift in range(260, -1, -5)]
    residue = polymod(PREFIX + data + [0] * 6) ^ 0x2BC830A3
    data += [residue >> shift & 31 for shift in range(25, -1, -5)]
    return "ckv1" + "".join(ALPHABET[value] for value in data)


def read_public_code(text):
    code = "ERR_CODE_FORMAT"
    demand(text.isascii() and len(text) <= 90 and text in (text.lower(), text.upper()), code)
    text = text.lower()
    demand(text.startswith("ckv1") and all(c in ALPHABET for c in text[4:]), code)
    values = [ALPHABET.index(c) for c in text[4:]]
    demand(len(values) >= 6 and polymod(PREFIX + values) == 0x2BC830A3, code)
    bits = "".join(f"{value:05b}" for value in values[:-6])
    demand(len(bits) >= 8, code)
    demand(bits[:8] == "00000001", "ERR_VERSION")
    demand(len(bits) == 265 and bits[264] == "0", code)
    return int(bits[8:264], 2).to_bytes(32, "big")


def compare_public_code(text, identifier, signed):
    lst = parse_list(fromhex(signed))
    check_alone(lst, fromhex(identifier))
    id = read_public_code(text)
    ids = [key_id(key) for key in lst["chain"]]
    return {"outcome": "current" if id == ids[-1] else "earlier" if id in ids else "other"}


def fingerprint(id, key, iterations):
    digest = b"\x00\x00" + key + id
    for _ in range(iterations):
        digest = hashlib.sha512(digest + key).digest()
    return digest


def safety(local, remote, iterations, version):
    digests = [fingerprint(*party, iterations) for party in (local, remote)]
    halves = [
        "".join(f"{int.from_bytes(d[i:i + 5], 'big') % 100000:05}" for i in range(0, 30, 5))
        for d in digests
    ]
    mine, yours = (b"\x0a\x20" + d[:32] for d in digests)
    scannable = bytes([8, version, 0x12, 34]) + mine + b"\x1a\x22" + yours
    return {"display": "".join(sorted(halves)), "scannable": scannable.hex()}


def safety_number(local, remote, iterations, version):
    parties = [(fromhex(party["id"]), fromhex(party["key"])) for party in (local, remote)]
    return safety(*parties, iterations, version)


def account_safety_number(local, remote):
    keys = [read_key(fromhex(key)) for key in (local, remote)]
    made = safety(*[(key_id(key), encode_key(key)) for key in keys], 5200, 2)
    return {**made, "formatted": " ".join(re.findall(".{5}", made["display"]))}


def scanned_safety_number(own, scanned):
    own, scanned = fromhex(own), fromhex(scanned)
    form = rb"\x08(.)\x12\x22\x0a\x20(.{32})\x1a\x22\x0a\x20(.{32})"
    version, mine, yours = re.fullmatch(form, own, re.S).groups()
    match = re.fullmatch(form, scanned, re.S)
    if len(scanned) < 2 or scanned[0] != 8:
        return {"outcome": "not-a-safety-number"}
    if scanned[1] not in (1, 2):
        return {"outcome": "unknown-version"}
    if not match:
        return {"outcome": "not-a-safety-number"}
    if match[1] != version:
        return {"outcome": "other-version"}
    return {"outcome": judged(match[2], match[3], mine, yours)}


def judged(shown, of_me, mine, yours):
    if shown == mine:
        return "own-code"
    if shown != yours:
        return "my-key-for-them-differs"
    return "match" if of_me == mine else "their-key-for-me-differs"


def qr_payload_of(mine, theirs):
    ids = [key_id(read_key(fromhex(key))) for key in (mine, theirs)]
    return {"payload": (b"CKV\x01" + b"".join(ids)).hex()}


def qr_payload(mine, theirs, scanned):
    mine, theirs = (key_id(read_key(fromhex(key))) for key in (mine, theirs))
    scanned = fromhex(scanned)
    if scanned[:3] != b"CKV":
        outcome = "not-a-ckv-code"
    elif len(scanned) == 3:
        outcome = "wrong-length"
    elif scanned[3] != 1:
        outcome = "unknown-version"
    elif len(scanned) != 68:
        outcome = "wrong-length"
    else:
        outcome = judged(scanned[4:36], scanned[36:], mine, theirs)
    return {"outcome": outcome}


# ---------------------------------------------------------------- trees


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


def tree_root(leaves):
    """By merging equal heights from the left, then the rest from the right."""
    stack = []
    for one in leaves:
        height = 0
        while stack and stack[-1][0] == height:
            one, height = node(stack.pop()[1], one), height + 1
        stack.append((height, one))
    if not stack:
        return hashlib.sha256(b"").digest()
    root = stack.pop()[1]
    while stack:
        root = node(stack.pop()[1], root)
    return root


def all_hashes(*hashes):
    demand(all(len(one) == 32 for one in hashes), "ERR_LENGTH")


def inclusion(treeSize, root, index, leafHash, proof):
    demand(index < treeSize, "ERR_INDEX_RANGE")
    # Up to where the paths of this and of the last leaf meet, every level has a sibling; above only left ones.
    inner = (index ^ (treeSize - 1)).bit_length()
    border = bin(index >> inner).count("1")
    demand(len(proof) == inner + border, "ERR_PROOF_LENGTH")
    hashes = [fromhex(one) for one in proof]
    computed = fromhex(leafHash)
    all_hashes(computed, *hashes)
    for level, one in enumerate(hashes[:inner]):
        computed = node(one, computed) if index >> level & 1 else node(computed, one)
    for one in hashes[inner:]:
        computed = node(one, computed)
    demand(computed == fromhex(root), "ERR_PROOF_ROOT")
    return {}


def consistency(olderSize, olderRoot, newerSize, newerRoot, proof):
    demand(olderSize <= newerSize, "ERR_HEAD_ORDER")
    demand(olderSize < newerSize or olderRoot == newerRoot, "ERR_HEAD_MISMATCH")
    rest = [fromhex(one) for one in proof]

    def take():
        demand(rest, "ERR_PROOF_LENGTH")
        return rest.pop(0)

    def both(older, newer, known):
        """The roots of both trees as far as they lie in this subtree; SUBPROOF of RFC 6962 read backwards."""
        if older == newer:
            one = fromhex(olderRoot) if known else take()
            return one, one
        k = split(newer)
        if older <= k:
            old, new = both(older, k, known)
            return old, node(new, take())
        old, new = both(older - k, newer - k, False)
        left = take()
        return node(left, old), node(left, new)

    computed = both(olderSize, newerSize, True)
    demand(not rest, "ERR_PROOF_LENGTH")
    all_hashes(*map(fromhex, proof))
    demand(computed == (fromhex(olderRoot), fromhex(newerRoot)), "ERR_PROOF_ROOT")
    return {}


def rolling(trees):
    number = lambda value: value.to_bytes(8, "big")
    leaves = [leaf(number(i)) for i in range(trees)]
    known = {}

    def root(begin, end):
        if (begin, end) not in known:
            known[begin, end] = tree_root(leaves[begin:end])
        return known[begin, end]

    def path(index, begin, end):
        if end - begin == 1:
            return []
        middle = begin + split(end - begin)
        if index < middle:
            return path(index, begin, middle) + [root(middle, end)]
        return path(index, middle, end) + [root(begin, middle)]

    def subproof(older, begin, end, skip):
        if older == end:
            return [] if skip else [root(begin, end)]
        middle = begin + split(end - begin)
        if older <= middle:
            return subproof(older, begin, middle, skip) + [root(middle, end)]
        return subproof(older, middle, end, False) + [root(begin, middle)]

    roots, paths, proofs = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for size in range(trees + 1):
        roots.update(root(0, size))
        for index in range(size):
            one = path(index, 0, size)
            paths.update(number(size) + number(index) + number(len(one)) + b"".join(one))
        for older in range(1, size + 1):
            one = subproof(older, 0, size, True)
            proofs.update(number(older) + number(size) + number(len(one)) + b"".join(one))
    digests = {"roots": roots, "inclusion": paths, "consistency": proofs}
    return {"trees": trees, **{name: digest.hexdigest() for name, digest in digests.items()}}


# ---------------------------------------------------------------- every structure, every case

JUDGES = {
    "Hex": lambda text: {"bytes": text_form("hex", text).hex()},
    "Base64": lambda text: {"bytes": text_form("base64", text).hex()},
    "Base64Url": lambda text: {"bytes": text_form("base64url", text).hex()},
    "Utf8": lambda bytes: {"text": utf8(fromhex(bytes))},
    "PublicKey": public_key,
    "RawPublicKey": lambda scheme, key: public_output(check_key(SCHEMES[scheme], fromhex(key))),
    "RawPrivateKey": raw_private_key,
    "SubjectPublicKeyInfo": lambda der: public_output(read_spki(fromhex(der))),
    "PrivateKeyInfo": lambda der: private_output(read_pkcs8(fromhex(der))),
    "PublicJwk": lambda jwk: public_output(read_public_jwk(jwk)),
    "PrivateJwk": lambda jwk: private_output(read_private_jwk(jwk)),
    "PublicPem": lambda pem: public_output(read_spki(read_pem("PUBLIC KEY", pem))),
    "PrivatePem": lambda pem: private_output(read_pkcs8(read_pem("PRIVATE KEY", pem))),
    "Labelled": lambda purpose, content: {
        "labelled": labelled(purpose, fromhex(content)).hex(),
        "hash": H(purpose, fromhex(content)).hex(),
    },
    "P256Signature": signature,
    "Ed25519Signature": signature,
    "DeterministicSignature": deterministic,
    "FirstSight": device_list,
    "NextList": device_list,
    "DeviceEntry": device_entry,
    "SasTranscript": sas_transcript,
    "SasSide": sas_side,
    "PublicCodeOf": lambda publicKey: {"text": public_code(key_id(read_key(fromhex(publicKey))))},
    "PublicCode": lambda text: {"keyId": read_public_code(text).hex()},
    "PublicCodeComparison": compare_public_code,
    "SafetyNumber": safety_number,
    "AccountSafetyNumber": account_safety_number,
    "ScannedSafetyNumber": scanned_safety_number,
    "QrPayloadOf": qr_payload_of,
    "QrPayload": qr_payload,
    "LeafHash": lambda data: {"hash": leaf(fromhex(data)).hex()},
    "NodeHash": lambda left, right: {"hash": node(fromhex(left), fromhex(right)).hex()},
    "TreeRoot": lambda leafHashes: {"root": tree_root(map(fromhex, leafHashes)).hex()},
    "Inclusion": inclusion,
    "Consistency": consistency,
}


def check(path):
    """@returns problems; prints one line, and one for each refusal under another code."""
    content = json.loads(path.read_text(encoding="utf-8"))
    problems, others, same = [], [], 0
    for case in content["valid"]:
        try:
            output = JUDGES[case["structure"]](**case["input"])
        except Refused as refused:
            output = str(refused)
        if output != case["output"]:
            problems.append(f"{case['name']}: {output}")
    for case in content["invalid"]:
        try:
            JUDGES[case["structure"]](**case["input"])
            problems.append(f"{case['name']}: accepted")
        except Refused as refused:
            if str(refused) == case["code"]:
                same += 1
            else:
                others.append(f"  {case['name']}: {refused} instead of {case['code']}")
    if "rolling" in content and rolling(content["rolling"]["trees"]) != content["rolling"]:
        problems.append("the rolling digests differ")
    valid, invalid = len(content["valid"]), len(content["invalid"])
    print(f"{content['file']}: {valid} valid, {invalid} invalid, {same} of these with the same code")
    print(*others, *(f"  WRONG {problem}" for problem in problems), sep="\n", end="\n" if others or problems else "")
    return problems


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "vectors"
    files = [path for path in sorted(root.glob("*.json")) if path.name != "schema.json"]
    if not files:
        sys.exit(f"no vectors in {root}")
    problems = [problem for path in files for problem in check(path)]
    sys.exit(f"{len(problems)} cases are wrong" if problems else 0)


main()
