"""Tiled logs: C2SP tlog-tiles, and the paths of the Go checksum database."""

import hashlib
import re

from .keys import Reader, fromhex, whole
from .refusal import demand
from .trees import all_hashes, leaf, node, split, tree_root


def write_path(form, height, level, index, width):
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = re.findall("...", digits)
    place = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    start = "tile" if form == "c2sp" else f"tile/{height}"
    return f"{start}/{level}/{place}" + ("" if width == 2**height else f".p/{width}")


def read_path(form, path, entries=False):
    word = ("entries" if form == "c2sp" else "data") if entries else "([0-9]{1,2})"
    height = "()" if form == "c2sp" else "([0-9]{1,2})/"
    match = re.fullmatch(f"tile/{height}({word})/((?:x[0-9]{{3}}/)*[0-9]{{3}})(?:\\.p/([0-9]+))?", path, re.A)
    demand(match, "ERR_TILE_PATH")
    groups = match.groups()
    height, level, place, width = int(groups[0] or 8), groups[1], groups[-2], groups[-1]
    index = int(re.sub("[x/]", "", place))
    demand(index < 2**53, "ERR_INTEGER")
    width = 2**height if width is None else int(width)
    level = level if entries else int(level)
    fits = 1 <= height <= 30 and 1 <= width <= 2**height and (entries or level <= 63)
    demand(fits and write_path(form, height, level, index, width) == path, "ERR_TILE_PATH")
    name = {"height": height, "index": index, "width": width}
    return name if entries else {**name, "level": level}


def levels(size, height):
    """The hashes of each tile level of the log whose entry i is i as eight bytes."""
    hashes = [leaf(i.to_bytes(8, "big")) for i in range(size)]
    while hashes:
        yield hashes
        full = len(hashes) - len(hashes) % 2**height
        hashes = [tree_root(hashes[i : i + 2**height]) for i in range(0, full, 2**height)]


def tiles(form, height, size):
    for level, hashes in enumerate(levels(size, height)):
        for at in range(0, len(hashes), 2**height):
            part = hashes[at : at + 2**height]
            yield write_path(form, height, level, at // 2**height, len(part)), b"".join(part)


def log_tiles(form, height, treeSize):
    made = list(tiles(form, height, treeSize))
    digest = hashlib.sha256(b"".join(hashes for _, hashes in made)).hexdigest()
    return {"paths": [path for path, _ in made], "sha256": digest}


def tile(form, treeSize, path):
    height = read_path(form, path)["height"]
    return {"hashes": dict(tiles(form, height, treeSize))[path].hex()}


def known_nodes(form, height, size, root, given):
    """Every complete node that the tiles hold or hash to, by level and index; all of it proven by the root."""
    known, tops = {}, []
    for one in given:
        name = read_path(form, one["path"])
        level, first, data = height * name["level"], name["index"] << height, fromhex(one["hashes"])
        width = min(2**height, (size >> level) - first)
        demand(len(data) % 32 == 0 and width * 32 <= len(data) <= 32 << height, "ERR_LENGTH")
        row = [data[i : i + 32] for i in range(0, width * 32, 32)]
        for up in range(height + 1):
            for i, one_hash in enumerate(row):
                at = level + up, (first >> up) + i
                # Where two tiles meet, they must agree.
                demand(known.setdefault(at, one_hash) == one_hash, "ERR_TILE_ROOT")
            row = [node(*row[i : i + 2]) for i in range(0, len(row) - 1, 2)]
        tops.append((level + height, first >> height, width == 2**height))

    def value(begin, end):
        length = end - begin
        if length & (length - 1) == 0 and begin % length == 0:
            return known[length.bit_length() - 1, begin // length]
        middle = begin + split(length)
        return node(value(begin, middle), value(middle, end))

    demand(value(0, size).hex() == root, "ERR_TILE_ROOT")
    held = {(height * name["level"], name["index"]) for name in (read_path(form, one["path"]) for one in given)}
    for level, index, is_full in tops:
        assert not is_full or (level, index >> height) in held, "a full tile without the one above it"
    return value


def tile_inclusion(form, height, treeSize, root, index, tiles):
    value = known_nodes(form, height, treeSize, root, tiles)
    proof, begin, end = [], 0, treeSize
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            proof.insert(0, value(middle, end))
            end = middle
        else:
            proof.insert(0, value(begin, middle))
            begin = middle
    return {"leafHash": value(index, index + 1).hex(), "proof": [one.hex() for one in proof]}


def tile_consistency(form, height, olderSize, newerSize, root, tiles):
    value = known_nodes(form, height, newerSize, root, tiles)
    proof, begin, end = [], 0, newerSize
    while end != olderSize:
        middle = begin + split(end - begin)
        if olderSize <= middle:
            proof.insert(0, value(middle, end))
            end = middle
        else:
            proof.insert(0, value(begin, middle))
            begin = middle
    if begin > 0:
        proof.insert(0, value(begin, end))
    return {"proof": [one.hex() for one in proof]}


def entry_bundle(bundle, leafHashes):
    hashes = [fromhex(one) for one in leafHashes]
    all_hashes(*hashes)
    entries = whole(fromhex(bundle), lambda reader: [Reader.opaque(reader, 0, 2**16 - 1) for _ in hashes])
    demand(list(map(leaf, entries)) == hashes, "ERR_ENTRY_HASH")
    return {"entries": [one.hex() for one in entries]}
