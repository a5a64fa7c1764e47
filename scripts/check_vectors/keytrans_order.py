"""The search order of IETF Key Transparency.

Search trees come from the inductive definition, as ranges: the root of `size` entries is the greatest power of two up
to it, less one, and both sides are search trees again. Ladders are a search that asks one version after another.
"""

import hashlib

from .refusal import demand, Refused

VERSIONS = 1 << 32


def root_of(begin, end):
    return begin + (1 << (end - begin).bit_length() - 1) - 1


def descend(position, size):
    """The ranges from the whole tree down to the one whose root the entry is."""
    begin, end = 0, size
    while True:
        root = root_of(begin, end)
        yield begin, end, root
        if position == root:
            return
        begin, end = (begin, root) if position < root else (root + 1, end)


def search_tree(treeSize):
    return {"root": root_of(0, treeSize), "frontier": frontier(treeSize)}


def frontier(size):
    return [root for _, _, root in descend(size - 1, size)]


def direct_path(position, size):
    return [root for _, _, root in descend(position, size)][-2::-1]


def entry(treeSize, position):
    *_, (begin, end, root) = descend(position, treeSize)
    return {
        "left": root_of(begin, root) if begin < root else None,
        "right": root_of(root + 1, end) if root + 1 < end else None,
        "directPath": direct_path(position, treeSize),
    }


def update_view(treeSize, advertisedSize):
    if advertisedSize is None:
        return {"positions": frontier(treeSize)}
    last = advertisedSize - 1
    above = [one for one in direct_path(last, treeSize) if one >= advertisedSize]
    start = above[-1] if above else last
    edge = frontier(treeSize)
    return {"positions": above + edge[edge.index(start) + 1 :]}


def distinguished_among(timestamps, window):
    found = []

    def run(begin, end, left, right):
        if begin == end or right - left < window:
            return
        root = root_of(begin, end)
        run(begin, root, left, timestamps[root])
        found.append(root)
        run(root + 1, end, timestamps[root], right)

    run(0, len(timestamps), 0, timestamps[-1])
    return found


def distinguished(timestamps, windowMs):
    found = distinguished_among(timestamps, windowMs)
    return {"distinguished": found, "rightmost": found[-1] if found else None}


def expiry(timestampMs, rightmostTimestampMs, maximumLifetimeMs):
    age = rightmostTimestampMs - timestampMs
    return {"expired": maximumLifetimeMs is not None and age >= maximumLifetimeMs}


def lookups(included):
    """The series of lookups of "Binary Ladder", as it goes on by what `included` answers."""
    step, lower = 0, None
    while True:
        version = (1 << step) - 1
        if version < VERSIONS:
            yield version
        if version >= VERSIONS or not included(version):
            upper = version
            break
        lower, step = version, step + 1
    if lower is None:
        return
    while upper - lower > 1:
        middle = (lower + upper) // 2
        if middle >= VERSIONS:
            upper = middle
            continue
        yield middle
        if included(middle):
            lower = middle
        else:
            upper = middle


def base_ladder(version):
    return {"versions": list(lookups(lambda one: one <= version))}


def monitoring_ladder(target):
    return {"versions": [one for one in lookups(lambda one: one <= target) if one <= target]}


def climb(target, left, right, included):
    """@returns the verdict and what was looked up"""
    asked = []
    # As if the target were the greatest: the first lookup that says otherwise ends it.
    for version in lookups(lambda one: one <= target):
        demand(version not in left or version not in right, "ERR_LADDER_CONFLICT")
        if version in left or version in right:
            there = version in left
        else:
            there = included(version)
            asked.append(version)
        if there != (version <= target):
            return (1 if there else -1), asked
    return 0, asked


def search_ladder(target, greatest, leftIncluded, rightAbsent):
    least = -1 if greatest is None else greatest
    verdict, asked = climb(target, leftIncluded, rightAbsent, lambda version: version <= least)
    return {"versions": asked, "verdict": verdict}


def ladder_results(target, leftIncluded, rightAbsent, results):
    rest = list(results)

    def take(_version):
        demand(rest, "ERR_LADDER_LENGTH")
        return rest.pop(0)

    verdict, asked = climb(target, leftIncluded, rightAbsent, take)
    if rest:
        raise Refused("ERR_LADDER_LENGTH")
    return {"versions": asked, "verdict": verdict}


def digests_of(*names):
    return {name: hashlib.sha256() for name in names}


def add(digest, *numbers):
    digest.update(b"".join(one.to_bytes(8, "big") for one in numbers))


def search_trees(trees):
    digests = digests_of("entries", "views", "distinguished")
    for size in range(1, trees + 1):
        add(digests["entries"], size, root_of(0, size))
        for position in range(size):
            children = entry(size, position)
            sides = [size if children[side] is None else children[side] for side in ("left", "right")]
            add(digests["entries"], *sides)
        for advertised in range(1, size + 1):
            view = update_view(size, advertised)["positions"]
            add(digests["views"], size, advertised, len(view), *view)
        found = distinguished_among([i * i for i in range(size)], 5 * size)
        add(digests["distinguished"], size, len(found), *found)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def ladders(versions):
    digests = digests_of("base", "monitoring", "search")
    for target in range(versions):
        for name, ladder in (("base", base_ladder(target)), ("monitoring", monitoring_ladder(target))):
            add(digests[name], len(ladder["versions"]), *ladder["versions"])
        for greatest in [None, *range(versions)]:
            asked = search_ladder(target, greatest, [], [])["versions"]
            add(digests["search"], len(asked), *asked)
    return {name: digest.hexdigest() for name, digest in digests.items()}
