"""CKV/1, "Codes without a session"."""

import hashlib
import re

from .keys import encode_key, fromhex, key_id, read_key
from .lists import check_alone, parse_list
from .refusal import demand


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
