"""CKV/1, "The account key on a new device, and its backup"."""

from .ed25519 import ed_sign
from .formats import derive
from .hpke import aead_open, aead_seal, expand, extract, open_sealed, seal, x25519_public
from .keys import P256, SCHEMES, H, Reader, encode_key, fromhex, is_signed, key_id, labelled, read_key
from .keys import vector16, whole
from .lists import check_alone, parse_list
from .p256 import p256_sign
from .refusal import demand


ANY = 2**16 - 1


def limited(data, most, read):
    demand(len(data) <= most, "ERR_TOO_LARGE")
    return whole(data, read)


def versioned(reader):
    demand(reader.uint(1) == 1, "ERR_VERSION")


def read_offer(reader):
    start = reader.at
    versioned(reader)
    key, _ = reader.take(32), reader.take(16)
    return {"key": key, "bytes": reader.data[start : reader.at]}


def own_offer(hpke_secret, nonce):
    secret = fromhex(hpke_secret)
    key = x25519_public(secret)
    return {"key": key, "secret": secret, "bytes": b"\x01" + key + fromhex(nonce)}


def private(scheme, secret):
    public = derive(SCHEMES[scheme], fromhex(secret))
    return {"public": public, "secret": fromhex(secret)}


def sign(pair, purpose, content):
    maker = p256_sign if pair["public"][0] == P256 else ed_sign
    return maker(pair["secret"], labelled(purpose, content))


def output(pair):
    return {"secret": pair["secret"].hex(), "publicKey": encode_key(pair["public"]).hex()}


def plaintext(pair):
    return b"\x01" + pair["public"][0].to_bytes(2, "big") + bytes([len(pair["secret"])]) + pair["secret"]


def read_plaintext(data):
    def read(reader):
        versioned(reader)
        scheme = reader.uint(2)
        demand(scheme in SCHEMES.values(), "ERR_SCHEME")
        return scheme, reader.opaque(0, 255)

    scheme, secret = whole(data, read)
    return {"public": derive(scheme, secret), "secret": secret}


def info_of(offer, public):
    return labelled("link info", offer["bytes"] + encode_key(public))


def link_content(info, enc, ciphertext):
    return vector16(info) + vector16(enc) + vector16(ciphertext)


def sealed_for(pair, offer, ephemeral, psk=b""):
    info = info_of(offer, pair["public"])
    psk_id = H("link offer id", offer["bytes"]) if psk else b""
    enc, ciphertext = seal(offer["key"], fromhex(ephemeral), plaintext(pair), info, psk, psk_id)
    signature = b"" if psk else sign(pair, "link", link_content(info, enc, ciphertext))
    parts = b"".join(map(vector16, (enc, ciphertext, signature)))
    return {"message": (encode_key(pair["public"]) + parts).hex()}


def link_offer_of(hpkeSecret, nonce, psk):
    offer = own_offer(hpkeSecret, nonce)["bytes"]
    return {"offer": offer.hex(), "qr": (b"CKL" + offer + fromhex(psk)).hex()}


def signed_link_offer_of(hpkeSecret, nonce, scheme, secret, device):
    offer, device = own_offer(hpkeSecret, nonce)["bytes"], fromhex(device)
    signature = sign(private(scheme, secret), "link offer", offer)
    return {"signedOffer": (offer + bytes([len(device)]) + device + vector16(signature)).hex()}


def qr_sealing(scheme, secret, scanned, ephemeralSecret):
    def read(reader):
        demand(reader.take(3) == b"CKL", "ERR_ENUM")
        return read_offer(reader), reader.take(32)

    offer, psk = limited(fromhex(scanned), 1024, read)
    return sealed_for(private(scheme, secret), offer, ephemeralSecret, psk)


def session_sealing(scheme, secret, offer, ephemeralSecret):
    offer = limited(fromhex(offer), 1024, read_offer)
    return sealed_for(private(scheme, secret), offer, ephemeralSecret)


def accepted(signed, identifier):
    lst = parse_list(fromhex(signed))
    check_alone(lst, fromhex(identifier))
    return lst


def listed_sealing(scheme, secret, signedOffer, signed, identifier, ephemeralSecret):
    pair, lst = private(scheme, secret), accepted(signed, identifier)
    assert pair["public"] == lst["account"]

    def read(reader):
        return read_offer(reader), reader.opaque(1, 32), reader.opaque(0, ANY)

    offer, device, signature = limited(fromhex(signedOffer), 65536, read)
    keys = [entry["key"] for entry in lst["devices"] if entry["id"] == device]
    made = bool(keys) and is_signed(keys[0], "link offer", offer["bytes"], signature)
    demand(made, "ERR_LINK_DEVICE")
    return sealed_for(pair, offer, ephemeralSecret)


def read_message(data):
    def read(reader):
        return Reader.key(reader), reader.opaque(0, ANY), reader.opaque(0, ANY), reader.opaque(0, ANY)

    return limited(fromhex(data), 65536, read)


def opened(own, public, enc, ciphertext, psk=b""):
    psk_id = H("link offer id", own["bytes"]) if psk else b""
    pair = read_plaintext(open_sealed(own["secret"], enc, ciphertext, info_of(own, public), psk, psk_id))
    demand(pair["public"] == public, "ERR_SEALED_KEY")
    return output(pair)


def opened_signed(own, public, enc, ciphertext, signature):
    content = link_content(info_of(own, public), enc, ciphertext)
    demand(is_signed(public, "link", content, signature), "ERR_SIGNATURE")
    return opened(own, public, enc, ciphertext)


def qr_opening(hpkeSecret, nonce, psk, message):
    public, enc, ciphertext, signature = read_message(message)
    demand(not signature, "ERR_LENGTH")
    return opened(own_offer(hpkeSecret, nonce), public, enc, ciphertext, fromhex(psk))


def session_opening(hpkeSecret, nonce, compared, message):
    parts = read_message(message)
    demand(parts[0] == read_key(fromhex(compared)), "ERR_SEALED_ACCOUNT")
    return opened_signed(own_offer(hpkeSecret, nonce), *parts)


def listed_opening(hpkeSecret, nonce, scheme, secret, held, signed, identifier, message):
    lst, parts = accepted(signed, identifier), read_message(message)
    device = private(scheme, secret)["public"]
    demand(device in [entry["key"] for entry in lst["devices"]], "ERR_LINK_DEVICE")
    demand(parts[0] == lst["account"], "ERR_SEALED_ACCOUNT")
    demand(read_key(fromhex(held)) in lst["chain"][:-1], "ERR_SEALED_ACCOUNT")
    return opened_signed(own_offer(hpkeSecret, nonce), *parts)


ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def recovery_check(first):
    bits = int.from_bytes(H("recovery check", first.encode())[:2], "big") >> 6
    return ALPHABET[bits >> 5] + ALPHABET[bits & 31]


def read_recovery_key(text):
    code = "ERR_RECOVERY_KEY"
    demand(len(text) <= 256 and text.isascii(), code)
    typed = text.replace("-", "").replace(" ", "").upper()
    demand(len(typed) == 28 and all(c in ALPHABET for c in typed), code)
    demand(recovery_check(typed[:26]) == typed[26:], code)
    return typed[:26]


def recovery_key(text):
    first = read_recovery_key(text)
    whole_key = first + recovery_check(first)
    return {"text": "-".join(whole_key[i : i + 4] for i in range(0, 28, 4))}


def derived(text, salt):
    first = read_recovery_key(text)
    both = expand(extract(salt, first.encode()), b"CKV/1 backup", 64)
    return both[:32], both[32:]


def backup_of(scheme, secret, recoveryKey, salt):
    pair, salt = private(scheme, secret), fromhex(salt)
    key, commitment = derived(recoveryKey, salt)
    header = b"\x01" + key_id(pair["public"]) + salt + commitment
    return {"backup": (header + vector16(aead_seal(key, bytes(12), header, plaintext(pair)))).hex()}


def backup(backup, recoveryKey, accountKeyId):
    def read(reader):
        versioned(reader)
        return reader.take(32), reader.take(32), reader.take(32), reader.opaque(0, ANY)

    data = fromhex(backup)
    id, salt, commitment, ciphertext = limited(data, 97 + 2 + ANY, read)
    demand(accountKeyId is None or fromhex(accountKeyId) == id, "ERR_SEALED_ACCOUNT")
    key, expected = derived(recoveryKey, salt)
    demand(commitment == expected, "ERR_SEALED")
    pair = read_plaintext(aead_open(key, bytes(12), data[:97], ciphertext))
    demand(key_id(pair["public"]) == id, "ERR_SEALED_KEY")
    return output(pair)


JUDGES = {
    "LinkOfferOf": link_offer_of,
    "SignedLinkOfferOf": signed_link_offer_of,
    "QrSealing": qr_sealing,
    "SessionSealing": session_sealing,
    "ListedSealing": listed_sealing,
    "QrOpening": qr_opening,
    "SessionOpening": session_opening,
    "ListedOpening": listed_opening,
    "RecoveryKey": recovery_key,
    "BackupOf": backup_of,
    "Backup": backup,
}
