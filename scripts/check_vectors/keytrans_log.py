"""The log tree of IETF Key Transparency: "Cryptographic Computations" and "Tree Proofs", each "Log Tree".

Batch proofs come from explicit nodes here: the tree is written out as far as a proof goes into it, every node knows
whether it can be relied on, and what nobody has is what the proof must hold.
"""

import hashlib

from .keys import fromhex
from .refusal import demand
from .trees import split


def parent(left, left_size, right, right_size):
    """Each child with its own type: 00 for a leaf, 01 for a parent."""

    def content(value, size):
        return (b"\x00" if size == 1 else b"\x01") + value

    return hashlib.sha256(content(left, left_size) + content(right, right_size)).digest()


def balanced(size):
    return size & (size - 1) == 0


def full_subtrees(size):
    """From the binary digits of the size."""
    ranges, begin = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            ranges.append((begin, begin + (1 << level)))
            begin += 1 << level
    return ranges


def entry_hash(timestamp, prefixTree):
    entry = timestamp.to_bytes(8, "big") + fromhex(prefixTree)
    return {"entry": entry.hex(), "leafHash": hashlib.sha256(entry).hexdigest()}


class Log:
    """A log by its leaves; values of ranges are remembered."""

    def __init__(self, leaves):
        self.leaves, self.known = leaves, {}

    def value(self, begin, end):
        if end - begin == 1:
            return self.leaves[begin]
        if (begin, end) not in self.known:
            middle = begin + split(end - begin)
            self.known[begin, end] = parent(
                self.value(begin, middle), middle - begin, self.value(middle, end), end - middle
            )
        return self.known[begin, end]


def tree(leafHashes):
    log = Log([fromhex(one) for one in leafHashes])
    size = len(leafHashes)
    return {
        "root": log.value(0, size).hex(),
        "fullSubtrees": [log.value(*one).hex() for one in full_subtrees(size)],
    }


class Node:
    """A subtree of the newest tree, opened as far as something in it must be looked at."""

    def __init__(self, begin, end, leaves, kept, cuts):
        self.begin, self.end, self.size = begin, end, end - begin
        self.kept = kept.index((begin, end)) if (begin, end) in kept else None
        self.leaf = self.size == 1 and begin in leaves
        inside = [one for one in leaves if begin <= one < end]
        opened = self.size > 1 and (inside or any(begin < cut < end for cut in cuts))
        if not opened and not self.leaf and self.kept is None and not balanced(self.size):
            opened = True
        self.children = []
        if opened:
            middle = begin + split(self.size)
            self.children = [Node(begin, middle, inside, kept, cuts), Node(middle, end, inside, kept, cuts)]

    def elements(self):
        """The ends of the branches that nobody has."""
        if self.children:
            return [one for child in self.children for one in child.elements()]
        return [] if self.leaf or self.kept is not None else [self]

    def evaluate(self, leaves, kept, elements, values):
        if self.children:
            left, right = [child.evaluate(leaves, kept, elements, values) for child in self.children]
            value = parent(left, self.children[0].size, right, self.children[1].size)
        elif self.leaf:
            value = leaves[self.begin]
        elif self.kept is not None:
            value = kept[self.kept]
        else:
            value = elements.pop(0)
        if self.kept is not None:
            demand(value == kept[self.kept], "ERR_RETAINED_SUBTREE")
        values[self.begin, self.end] = value
        return value


def node_tree(size, leaves, retained, auditor):
    kept = full_subtrees(retained or 0)
    return Node(0, size, leaves, kept, [retained or 0, auditor or 0])


def plan(treeSize, leaves, retainedSize, auditorSize):
    elements = node_tree(treeSize, leaves, retainedSize, auditorSize).elements()
    levels = [(one, one.size.bit_length() - 1) for one in elements]
    return {"nodes": [{"level": level, "index": one.begin >> level} for one, level in levels]}


def value_in(begin, end, values):
    """The head of a range of which enough was met."""
    if (begin, end) in values:
        return values[begin, end]
    middle = begin + split(end - begin)
    left, right = value_in(begin, middle, values), value_in(middle, end, values)
    return parent(left, middle - begin, right, end - middle)


def older_root(size, values):
    """The root of a tree whose full subtrees were met."""
    return value_in(0, size, values)


def batch_proof(treeSize, leaves, retained, auditorSize, proof, met=None):
    demand(treeSize > 0 and auditorSize != 0, "ERR_HEAD_EMPTY")
    kept, size_kept = [], 0
    if retained is not None:
        size_kept = retained["treeSize"]
        kept = [fromhex(one) for one in retained["fullSubtrees"]]
        demand(size_kept > 0 and len(kept) == len(full_subtrees(size_kept)), "ERR_STORED_STATE")
        demand(all(len(one) == 32 for one in kept), "ERR_STORED_STATE")
    demand(max(size_kept, auditorSize or 0) <= treeSize, "ERR_HEAD_ORDER")
    demand(all(one["index"] < treeSize for one in leaves), "ERR_INDEX_RANGE")
    values = {one["index"]: fromhex(one["leafHash"]) for one in leaves}
    root = node_tree(treeSize, list(values), size_kept, auditorSize)
    demand(len(proof) == len(root.elements()), "ERR_PROOF_LENGTH")
    elements = [fromhex(one) for one in proof]
    demand(all(len(one) == 32 for one in [*values.values(), *elements]), "ERR_LENGTH")
    met = {} if met is None else met
    root.evaluate(values, kept, elements, met)
    return {
        "root": met[0, treeSize].hex(),
        "auditorRoot": None if auditorSize is None else older_root(auditorSize, met).hex(),
        "fullSubtrees": [met[one].hex() for one in full_subtrees(treeSize)],
    }


def trees(trees):
    def number(value):
        return value.to_bytes(8, "big")

    log = Log([hashlib.sha256(number(i) + bytes([i % 256]) * 32).digest() for i in range(trees)])
    digests = {name: hashlib.sha256() for name in ("roots", "inclusion", "consistency", "batches")}

    def add(name, numbers, size, leaves, kept, auditor):
        proof = [log.value(one.begin, one.end) for one in node_tree(size, leaves, kept, auditor).elements()]
        digests[name].update(b"".join(map(number, [*numbers, len(proof)])) + b"".join(proof))

    for size in range(1, trees + 1):
        for one in [(0, size), *full_subtrees(size)]:
            digests["roots"].update(log.value(*one))
        for index in range(size):
            add("inclusion", [size, index], size, [index], 0, 0)
        for kept in range(1, size + 1):
            add("consistency", [kept, size], size, [], kept, 0)
            leaves = sorted({kept - 1, 13 * kept % size, size - 1})
            auditor = 1 + 31 * kept % size
            add("batches", [size, kept, auditor, len(leaves), *leaves], size, leaves, kept, auditor)
    return {name: digest.hexdigest() for name, digest in digests.items()}
