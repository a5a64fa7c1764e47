"""Text forms of bytes, and keys in the formats of others."""

import base64
import re

from .ed25519 import ed_public, ed_sign
from .keys import (
    ED25519,
    P256,
    SCHEMES,
    H,
    cached,
    check_key,
    encode_key,
    fromhex,
    is_signed,
    key_id,
    labelled,
    read_key,
)
from .p256 import FN, p256_public, p256_sign
from .refusal import Refused, demand


def text_form(form, text, code="ERR_TEXT_ENCODING"):
    try:
        if form == "hex":
            data = fromhex(text) if re.fullmatch("[0-9a-f]*", text) else None
        elif form == "base64":
            data = base64.b64decode(text, validate=True)
        else:
            plain = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
            data = base64.b64decode(plain, validate=True)
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
    demand(is_signed(key, purpose, content, fromhex(signature)), "ERR_SIGNATURE")
    return {"labelled": labelled(purpose, content).hex()}


def label(purpose, content):
    content = fromhex(content)
    return {"labelled": labelled(purpose, content).hex(), "hash": H(purpose, content).hex()}


def deterministic(scheme, secret, purpose, content):
    sign = p256_sign if SCHEMES[scheme] == P256 else ed_sign
    return {"signature": sign(fromhex(secret), labelled(purpose, fromhex(content))).hex()}
