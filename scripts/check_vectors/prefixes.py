"""Prefix trees of key transparency: draft-ietf-keytrans-protocol, "Prefix Tree" and "Auditing".

A key is a number of 256 bits, and a place is a pair: how many bits lead there, and which. A tree is a dictionary from
places to leaves; which parents there are follows from the leaves, and from those that were there before.
"""

import hashlib

from .keys import fromhex
from .refusal import demand

ZERO = bytes(32)
TYPES = {"inclusion": 1, "nonInclusionLeaf": 2, "nonInclusionParent": 3}


def hash_leaf(leaf):
    return hashlib.sha256(b"\x02" + leaf[0] + leaf[1]).digest()


def hash_parent(left, right):
    return hashlib.sha256(b"\x03" + left + right).digest()


def read_leaf(field):
    return fromhex(field["vrfOutput"]), fromhex(field["commitment"])


def place_of(key, depth):
    return depth, int.from_bytes(key, "big") >> (256 - depth)


def above(place):
    """Every place on the way, the root first."""
    depth, bits = place
    return [(d, bits >> (depth - d)) for d in range(depth)]


class Tree:
    """Leaves and parents by place; and values of nodes of which nothing else is known."""

    def __init__(self):
        self.leaves, self.parents, self.values, self.cache = {}, set(), {}, {}

    def end(self, key):
        """Where the search for a key ends."""
        for depth in range(257):
            place = place_of(key, depth)
            if place not in self.parents:
                return place
        raise AssertionError

    def touch(self, place):
        for way in above(place) + [place]:
            self.cache.pop(way, None)

    def add(self, leaf):
        place = self.end(leaf[0])
        there = self.leaves.get(place)
        demand(there is None or there[0] != leaf[0], "ERR_PREFIX_PRESENT")
        assert place not in self.values
        self.touch(place)
        if there is not None:
            del self.leaves[place]
            depth = place[0]
            while place_of(there[0], depth) == place_of(leaf[0], depth):
                self.parents.add(place_of(leaf[0], depth))
                depth += 1
            demand(depth <= 255, "ERR_PREFIX_DEPTH")
            self.leaves[place_of(there[0], depth)] = there
            place = place_of(leaf[0], depth)
        self.leaves[place] = leaf

    def remove(self, key):
        place = self.end(key)
        demand(place in self.leaves and self.leaves[place][0] == key, "ERR_PREFIX_ABSENT")
        self.touch(place)
        del self.leaves[place]
        for depth, bits in reversed(above(place)):
            children = {(depth + 1, 2 * bits), (depth + 1, 2 * bits + 1)}
            if children & (self.leaves.keys() | self.parents | self.values.keys()):
                break
            self.parents.discard((depth, bits))

    def change(self, added, removed):
        for key in removed:
            self.remove(key)
        for leaf in added:
            self.add(leaf)

    def value(self, place=(0, 0)):
        if place in self.values:
            return self.values[place]
        if place in self.leaves:
            return hash_leaf(self.leaves[place])
        if place not in self.parents:
            return ZERO
        if place not in self.cache:
            depth, bits = place
            children = [self.value((depth + 1, 2 * bits + side)) for side in (0, 1)]
            self.cache[place] = hash_parent(*children)
        return self.cache[place]

    def prove(self, keys):
        results = []
        for key in keys:
            place = self.end(key)
            leaf = self.leaves.get(place)
            kind = "nonInclusionParent" if leaf is None else "inclusion" if leaf[0] == key else "nonInclusionLeaf"
            results.append((kind, leaf if kind == "nonInclusionLeaf" else None, place[0]))
        return results, [self.value(place) for place in beside({self.end(key) for key in keys})]


def beside(ends):
    """The places beside the ways to some ends, from left to right."""
    if not ends:
        return [(0, 0)]
    ways = {way for end in ends for way in above(end)}
    children = {(depth + 1, 2 * bits + side) for depth, bits in ways for side in (0, 1)}
    return sorted(children - ways - ends, key=lambda place: (place[1] << (256 - place[0]), place[0]))


def encode(results, elements):
    parts = [bytes([len(results)])]
    for kind, leaf, depth in results:
        parts += [bytes([TYPES[kind]]), b"".join(leaf) if leaf else b"", bytes([depth])]
    return b"".join(parts + [len(elements).to_bytes(2, "big"), *elements])


def shown(searches, results, elements):
    """The part of a tree that a proof shows."""
    demand(len(results) == len(searches) <= 255, "ERR_PREFIX_COUNT")
    ends = {}
    for (key, commitment), result in zip(searches, results):
        kind, depth = result["resultType"], result["depth"]
        demand(0 <= depth <= 255, "ERR_PREFIX_DEPTH")
        place, leaf = place_of(key, depth), None
        if kind == "inclusion":
            demand(commitment is not None, "ERR_PREFIX_COMMITMENT")
            leaf = key, commitment
        elif kind == "nonInclusionLeaf":
            leaf = read_leaf(result["leaf"])
            demand(leaf[0] != key, "ERR_PREFIX_LEAF_KEY")
            demand(place_of(leaf[0], depth) == place, "ERR_PREFIX_LEAF_PATH")
        demand(ends.setdefault(place, leaf) == leaf, "ERR_PREFIX_CONFLICT")
    demand(not any(way in ends for end in ends for way in above(end)), "ERR_PREFIX_CONFLICT")
    others = beside(set(ends))
    demand(len(elements) == len(others), "ERR_PROOF_LENGTH")
    elements = [fromhex(element) for element in elements]
    demand(all(len(element) == 32 for element in elements), "ERR_LENGTH")
    tree = Tree()
    tree.values = {place: element for place, element in zip(others, elements) if element != ZERO}
    tree.leaves = {place: leaf for place, leaf in ends.items() if leaf is not None}
    tree.parents = {way for end in ends for way in above(end)}
    return tree


def history(entries):
    tree, roots = Tree(), []
    for entry in entries:
        tree.change(map(read_leaf, entry["added"]), map(fromhex, entry["removed"]))
        roots.append(tree.value().hex())
    return {"roots": roots}


def proof_of(leaves, searches):
    tree = Tree()
    tree.change(map(read_leaf, leaves), [])
    results, elements = tree.prove([fromhex(key) for key in searches])
    fields = [
        {
            "resultType": kind,
            "leaf": leaf and {"vrfOutput": leaf[0].hex(), "commitment": leaf[1].hex()},
            "depth": depth,
        }
        for kind, leaf, depth in results
    ]
    return {
        "root": tree.value().hex(),
        "results": fields,
        "elements": [element.hex() for element in elements],
        "encoded": encode(results, elements).hex(),
    }


def evaluation(root, searches, results, elements):
    wanted = [
        (fromhex(one["vrfOutput"]), None if one["commitment"] is None else fromhex(one["commitment"]))
        for one in searches
    ]
    demand(len({key for key, _ in wanted}) == len(wanted), "ERR_PREFIX_DUPLICATE")
    demand(shown(wanted, results, elements).value().hex() == root, "ERR_PROOF_ROOT")
    return {"included": [result["resultType"] == "inclusion" for result in results]}


def update(added, removed, results, elements):
    added, removed = [read_leaf(leaf) for leaf in added], [read_leaf(leaf) for leaf in removed]
    for leaves in (added, removed):
        keys = [key for key, _ in leaves]
        demand(all(a != b for a, b in zip(keys, keys[1:])), "ERR_PREFIX_DUPLICATE")
        demand(keys == sorted(keys), "ERR_PREFIX_ORDER")
    demand(len(results) == len(added) + len(removed), "ERR_PREFIX_COUNT")
    old = dict(removed)
    for (key, _), result in zip(added, results):
        demand(key in old or result["resultType"] != "inclusion", "ERR_PREFIX_PRESENT")
    for result in results[len(added) :]:
        demand(result["resultType"] == "inclusion", "ERR_PREFIX_ABSENT")
    tree = shown([(key, old.get(key)) for key, _ in added + removed], results, elements)
    before = tree.value().hex()
    tree.cache.clear()
    tree.change(added, [key for key, _ in removed])
    return {"before": before, "after": tree.value().hex()}


def rolling(trees):
    def digest(name, i):
        return hashlib.sha256(name + i.to_bytes(8, "big")).digest()

    leaves = [(digest(b"key", i), digest(b"commitment", i)) for i in range(trees + 1)]
    keys = [key for key, _ in leaves]
    tree = Tree()
    roots, proofs, batches, removals = (hashlib.sha256() for _ in range(4))
    for size in range(trees + 1):
        roots.update(tree.value())
        for key in keys[: size + 1]:
            proofs.update(encode(*tree.prove([key])))
        batches.update(encode(*tree.prove(keys[max(0, size - 39) : size + 1][::-1])))
        if size < trees:
            tree.add(leaves[size])
    for key in keys[:trees]:
        tree.remove(key)
        removals.update(tree.value())
    return {
        "trees": trees,
        "roots": roots.hexdigest(),
        "proofs": proofs.hexdigest(),
        "batches": batches.hexdigest(),
        "removals": removals.hexdigest(),
    }
