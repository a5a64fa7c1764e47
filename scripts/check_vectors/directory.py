"""CKV/1, "The log": what a directory logs, and the heads that devices tell each other."""

from .keys import fromhex, whole
from .lists import device_list, parse_list
from .refusal import demand


def publication(identifier, known, newest, signed):
    greatest = -1 if newest is None else parse_list(fromhex(newest))["sequence"]
    known = -1 if known is None else known
    demand(known <= greatest, "ERR_KNOWN_VERSION")
    if known < greatest:
        return {"listId": None}
    accepted = device_list(identifier, signed, stored=newest)
    demand(accepted["sequence"] == greatest + 1, "ERR_LIST_SEQUENCE")
    return {"listId": accepted["listId"]}


def read_heads(data):
    demand(len(data) <= 2 + 255 * 40, "ERR_TOO_LARGE")

    def read(reader):
        demand(reader.uint(1) == 1, "ERR_VERSION")
        return [(reader.uint(8), reader.take(32)) for _ in range(reader.uint(1))]

    heads = whole(data, read)
    positions = [position for position, _ in heads]
    demand(all(a < b for a, b in zip(positions, positions[1:])), "ERR_ORDER")
    return heads


def seen_heads(encoded):
    heads = read_heads(fromhex(encoded))
    return {"heads": [{"position": position, "root": root.hex()} for position, root in heads]}


def comparison(own, peer):
    lists = [read_heads(fromhex(each)) for each in (own, peer)]
    if not all(lists):
        return {"outcome": "none"}
    low = max(heads[0][0] for heads in lists)
    high = min(heads[-1][0] for heads in lists)
    mine, theirs = ([head for head in heads if low <= head[0] <= high] for heads in lists)
    return {"outcome": "none" if mine == theirs else "fork"}


JUDGES = {
    "Publication": publication,
    "SeenHeads": seen_heads,
    "SeenHeadsComparison": comparison,
}
