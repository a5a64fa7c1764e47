"""CKV/1, "The signed device list"."""

from .keys import H, Reader, encode_key, fromhex, is_signed, key_id, read_key, whole
from .refusal import Refused, demand


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
        demand(is_signed(key, "succession", content, succession["signature"]), "ERR_SUCCESSION_SIGNATURE")
    for device in lst["devices"]:
        held = is_signed(device["key"], "device possession", named + device["fields"], device["possession"])
        demand(held, "ERR_DEVICE_POSSESSION")
    demand(is_signed(lst["account"], "device list", lst["bytes"], lst["signature"]), "ERR_LIST_SIGNATURE")


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
        by = is_signed(author["key"], "device list author", lst["bytes"], lst["author signature"])
        demand(by, "ERR_LIST_AUTHOR")
    return "next", {"authored": bool(lst["author"]), "succeeded": succeeded}


def device_list(identifier, signed, pinned=None, stored=None, gapExpired=False):
    identifier = fromhex(identifier)
    pin = read_key(fromhex(pinned)) if pinned else None
    old = None
    if stored is not None:
        try:
            old = parse_list(fromhex(stored))
            check_alone(old, identifier)
        except Refused as refused:
            newer = str(refused) in ("ERR_VERSION", "ERR_SCHEME")
            raise refused if newer else Refused("ERR_STORED_STATE") from refused
    lst = parse_list(fromhex(signed))
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
