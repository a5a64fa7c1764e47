"""The walks of monitoring, owning and updating a label, and over distinguished heads, in IETF Key Transparency.

Over the notebook of `keytrans_searches`. Ancestors are what `descend` passes by: those to the right of an entry bound it
from above, those to the left from below.
"""

from . import keytrans_order as order
from .refusal import demand


def ancestors(x, size):
    """The nearest first."""
    return order.direct_path(x, size)


def contact(book, window, pairs, owner_start=None):
    """@param pairs (position, version). @returns those that are left, ascending"""
    ladders, left = {}, {}

    def keep(position, version):
        demand(left.get(position, version + 1) > version, "ERR_MONITORED_VERSION")
        left.setdefault(position, version)

    def climb(position, version):
        path, above = [], [x for x in ancestors(position, book.size) if x > position]
        checked = False
        while above and not checked:
            path.append(above.pop(0))
            checked = book.distinguished(path[-1], window)
        if checked and owner_start is not None and position >= owner_start:
            path.pop()
        for x in path:
            if x in ladders:
                # Another version came here before: it was found further to the right.
                demand(ladders[x] > version, "ERR_MONITORED_VERSION")
                return
            demand(all(book.lookups(x, order.monitoring_ladder(version)["versions"])), "ERR_MONITORED_VERSION")
            ladders[x], position = version, x
        if not checked:
            keep(position, version)

    for position, version in sorted(pairs, reverse=True):
        if not book.distinguished(position, window):
            climb(position, version)
    return sorted(left.items())


def confirm(book, x, greatest):
    if greatest is None:
        held = book.lookups(x, [0]) != [False]
    else:
        held = book.ladder(x, greatest, omit=False) != 0
    demand(not held, "ERR_GREATEST_VERSION")


def owner_start(book, window, lifetime, start, greatest):
    """@returns how many entries were inspected"""
    demand(start < book.size, "ERR_OWNER_START")
    demand(book.distinguished(start, window) and not book.expired(start, lifetime), "ERR_OWNER_START")
    count = 0
    for x in [start] + [one for one in ancestors(start, book.size) if one < start]:
        if book.expired(x, lifetime):
            break
        confirm(book, x, greatest[count] if count < len(greatest) else None)
        count += 1
    return count


class Over(Exception):
    """The proof ends here."""


def owner_monitoring(book, window, owned):
    """@returns the rightmost entry verified, and whether that is the rightmost distinguished one"""
    verified = owned["start"]

    def run(begin, end):
        nonlocal verified
        if begin == end:
            return
        x = order.root_of(begin, end)
        if not book.distinguished(x, window):
            return
        if x > owned["start"]:
            if begin < x:
                book.time(x)
                run(begin, x)
            if not book.searches:
                raise Over
            confirm(book, x, expected_at(owned, x))
            verified = x
        if x + 1 < end:
            book.time(x)
            run(x + 1, end)

    try:
        run(0, book.size)
    except Over:
        return verified, False
    return verified, True


def expected_at(owned, x):
    versions = [one["version"] for one in owned["later"] if one["position"] <= x]
    return versions[-1] if versions else owned["greatestAtStart"]


def greatest_of(owned):
    return expected_at(owned, 2**53)


def update(book, window, position, created, owned):
    """@returns whether the entry of the new versions is distinguished"""
    before = greatest_of(owned)
    last = owned["later"][-1]["position"] if owned["later"] else owned["start"]
    if position > 0:
        book.distinguished(position - 1, window)
        line = order.frontier(position)
        while line and book.distinguished(line[0], window):
            line.pop(0)
        for x in line:
            if before is not None and x <= last:
                book.pretend(x, before, expected_at(owned, x))
            else:
                verdict = book.ladder(x, 0 if before is None else before)
                demand(verdict == (-1 if before is None else 0), "ERR_GREATEST_VERSION")
    checked = book.distinguished(position, window)
    if not checked:
        demand(book.ladder(position, created[-1]) == 0, "ERR_GREATEST_VERSION")
    ladder = order.base_ladder(created[-1])["versions"]
    others = [version for version in created if version not in ladder]
    if others:
        demand(all(book.lookups(position, others)), "ERR_UPDATED_VERSION")
    return checked


def distinguished(book, window, lifetime, stop, recent):
    """@returns positions, from left to right"""
    newest, met = book.time(book.size - 1), []

    def is_recent(x):
        if recent["count"] is None:
            young = newest - book.time(x) < recent["withinMs"]
        else:
            young = len(met) < recent["count"]
        return young and not book.expired(x, lifetime)

    def run(begin, end):
        if begin == end:
            return
        x = order.root_of(begin, end)
        if not book.distinguished(x, window):
            return
        book.time(x)
        run(x + 1, end)
        if (stop is None or x > stop) and is_recent(x):
            met.append(x)
            run(begin, x)

    run(0, book.size)
    return met[::-1]


def overlap(own, peer):
    """How many roots end the one list and begin the other, at most."""
    counts = range(min(len(own), len(peer)), 0, -1)
    fitting = [n for n in counts if own[-n:] == peer[:n] or peer[-n:] == own[:n]]
    return fitting[0] if fitting else 0
