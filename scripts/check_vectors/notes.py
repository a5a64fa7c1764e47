"""Signed notes: C2SP signed-note, tlog-cosignature; type 0x05 from static-ct-api and RFC 6962, section 3.5."""

import base64
import hashlib
import re

from .ed25519 import ed_sign, ed_verify
from .formats import derive, read_spki, spki, text_form, utf8
from .heads import read_head
from .keys import ED25519, P256, cached, check_key, encode_key, fromhex, read_key
from .p256 import p256_sign, p256_verify
from .refusal import Refused, demand


# name: the byte of the signature type, the scheme beneath, whether a signature says when
TYPES = {
    "ed25519": (1, ED25519, False),
    "ecdsa": (2, P256, False),
    "cosignature": (4, ED25519, True),
    "tree-head": (5, P256, True),
}


def check_name(name):
    space = re.search(r"[\s\u0085]", name)
    demand(name and "+" not in name and not space, "ERR_KEY_NAME")


def make_key(name, algorithm, public):
    number, scheme, _ = TYPES[algorithm]
    data = spki(public) if scheme == P256 else public[1]
    last = hashlib.sha256(data).digest() if algorithm == "tree-head" else data
    hashed = data if algorithm == "ecdsa" else name.encode() + b"\n" + bytes([number]) + last
    id = hashlib.sha256(hashed).hexdigest()[:8]
    text = f"{name}+{id}+{base64.b64encode(bytes([number]) + data).decode()}"
    return {"name": name, "id": id, "algorithm": algorithm, "public": public, "text": text}


def read_vkey(text):
    match = re.fullmatch(r"([^+]*)\+([0-9a-f]{8})\+(.+)", text, re.S)
    demand(match, "ERR_KEY_FORMAT")
    name, id, data = match.groups()
    check_name(name)
    data = text_form("base64", data)
    for algorithm, (number, scheme, _) in TYPES.items():
        if data[:1] == bytes([number]):
            break
    else:
        raise Refused("ERR_SCHEME")
    public = read_spki(data[1:]) if scheme == P256 else check_key(scheme, data[1:])
    demand(public[0] == scheme, "ERR_KEY_FORMAT")
    key = make_key(name, algorithm, public)
    demand(key["id"] == id, "ERR_KEY_ID")
    return key


def integer(number):
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([2, len(data)]) + data


def to_der(signature):
    both = b"".join(integer(int.from_bytes(half, "big")) for half in (signature[:32], signature[32:]))
    return bytes([0x30, len(both)]) + both


def from_der(data):
    """r and s, or None: whatever to_der does not write."""
    match = re.fullmatch(rb"\x30.\x02(.)(.+)", data, re.S)
    if not match or len(match[2]) < match[1][0] + 2:
        return None
    r, s = match[2][: match[1][0]], match[2][match[1][0] + 2 :]
    numbers = [int.from_bytes(part, "big") for part in (r, s)]
    if max(numbers) >> 256:
        return None
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    return signature if to_der(signature) == data else None


def message(key, text, time):
    """What is signed, or None where this type cannot sign such a text; `time` in the type's unit."""
    if not TYPES[key["algorithm"]][2]:
        return text.encode()
    try:
        head = read_head(text)
    except Refused:
        return None
    if key["algorithm"] == "cosignature":
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    if head["origin"] != key["name"] or head["extensions"]:
        return None
    return b"\x00\x01" + time.to_bytes(8, "big") + head["treeSize"].to_bytes(8, "big") + fromhex(head["root"])


def sign(key, secret, text, now_ms):
    algorithm = key["algorithm"]
    time = now_ms // 1000 if algorithm == "cosignature" else now_ms
    run = p256_sign if key["public"][0] == P256 else ed_sign
    signature = run(secret, message(key, text, time))
    if key["public"][0] == P256:
        signature = to_der(signature)
    if algorithm == "tree-head":
        signature = b"\x04\x03" + len(signature).to_bytes(2, "big") + signature
    return time.to_bytes(8, "big") + signature if TYPES[algorithm][2] else signature


def opened(key, text, data):
    """When it was made, in milliseconds, or None; refuses what the key did not sign."""
    algorithm, time, stamp = key["algorithm"], None, None
    if TYPES[algorithm][2]:
        time, data = int.from_bytes(data[:8], "big"), data[8:]
        stamp = time * 1000 if algorithm == "cosignature" else time
        demand(stamp < 2**53, "ERR_SIGNATURE")
    if algorithm == "tree-head":
        demand(data[:4] == b"\x04\x03" + (len(data) - 4).to_bytes(2, "big"), "ERR_SIGNATURE")
        data = data[4:]
    if key["public"][0] == P256:
        data = from_der(data)
    signed = message(key, text, time)
    demand(data is not None and signed is not None, "ERR_SIGNATURE")
    verify = p256_verify if key["public"][0] == P256 else ed_verify
    demand(cached(verify, key["public"][1], signed, data), "ERR_SIGNATURE")
    return stamp


def read_note(data):
    demand(not re.search(rb"[\x00-\x09\x0b-\x1f]", data), "ERR_NOTE_CHARACTER")
    text, blank, lines = utf8(data).rpartition("\n\n")
    demand(blank and lines.endswith("\n"), "ERR_NOTE_FORMAT")
    signatures = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch("— ([^ ]*) (.*)", line, re.S)
        demand(match, "ERR_NOTE_FORMAT")
        check_name(match[1])
        blob = text_form("base64", match[2])
        demand(len(blob) > 4, "ERR_LENGTH")
        signatures.append((match[1], blob[:4].hex(), blob[4:]))
    demand(len(signatures) <= 100, "ERR_LENGTH")
    return text + "\n", signatures


def signers(note, keys):
    """Those of the keys that signed; one false line of any of them refuses the note."""
    text, signatures = note
    found = {}
    for name, id, data in signatures:
        for key in keys:
            if (key["name"], key["id"]) == (name, id):
                stamp = opened(key, text, data)
                if (name, id) not in found or (stamp or 0) > (found[name, id]["timestampMs"] or 0):
                    signed = {"name": name, "id": id, "algorithm": key["algorithm"], "timestampMs": stamp}
                    found[name, id] = signed
    return list(found.values())


def write_line(name, id, data):
    return f"— {name} {base64.b64encode(fromhex(id) + data).decode()}\n"


def signature(signer, text, now_ms):
    """Name, id and signature, as a line has them."""
    secret = fromhex(signer["secret"])
    public = derive(TYPES[signer["algorithm"]][1], secret)
    key = make_key(signer["name"], signer["algorithm"], public)
    return key["name"], key["id"], sign(key, secret, text, now_ms)


# The structures.


def verifier_key(text):
    key = read_vkey(text)
    fields = {name: key[name] for name in ("name", "id", "algorithm")}
    return {**fields, "publicKey": encode_key(key["public"]).hex()}


def verifier_key_of(name, algorithm, publicKey):
    return {"text": make_key(name, algorithm, read_key(fromhex(publicKey)))["text"]}


def signed_note(bytes):
    text, lines = read_note(fromhex(bytes))
    signatures = [{"name": name, "id": id, "signature": data.hex()} for name, id, data in lines]
    return {"text": text, "signatures": signatures}


def opened_note(note, keys):
    read = read_note(note.encode())
    by = signers(read, [read_vkey(key) for key in keys])
    demand(by, "ERR_NOTE_UNSIGNED")
    return {"text": read[0], "signedBy": by}


def note_of(text, signers, nowMs):
    lines = [write_line(*signature(signer, text, nowMs)) for signer in signers]
    return {"note": text + "\n" + "".join(lines)}
