"""CKV/1, "The log": RFC 6962."""

import hashlib

from .keys import fromhex
from .refusal import demand


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
    def number(value):
        return value.to_bytes(8, "big")

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
