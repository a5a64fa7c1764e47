"""Searches in all logs up to a size, in digests: here the proofs are made, over a notebook that answers from the log."""

import copy
import hashlib

from . import keytrans_log, keytrans_order as order, keytrans_searches as searches, prefixes


def named(name, version):
    return hashlib.sha256(name + version.to_bytes(8, "big")).digest()


class History:
    """Entry i has the time i^2, and every third brings a version."""

    def __init__(self, size):
        self.trees, tree = [], prefixes.Tree()
        for i in range(size):
            if i % 3 == 0:
                tree = copy.deepcopy(tree)
                tree.add((named(b"key", i // 3), named(b"commitment", i // 3)))
            self.trees.append(tree)
        entries = [keytrans_log.entry_hash(i * i, self.root(i)) for i in range(size)]
        self.log = keytrans_log.Log([bytes.fromhex(one["leafHash"]) for one in entries])

    def root(self, x):
        return self.trees[x].value().hex()


class Recorder(searches.Notebook):
    """Writes down what a user would read."""

    def __init__(self, history, size, kept):
        empty = {"timestampsMs": [], "prefixProofs": []}
        edge = [{"position": x, "timestampMs": x * x, "prefixTree": None} for x in order.frontier(kept)] if kept else []
        super().__init__(size, {"frontier": edge}, {}, empty)
        self.history, self.kept = history, kept
        for x in order.update_view(size, kept)["positions"]:
            self.time(x)

    def time(self, x):
        if x not in self.pages:
            self.times.append(x * x)
            self.pages[x] = searches.Page(x * x)
        return self.pages[x].time

    def next_search(self):
        return None

    def look(self, x, versions, search):
        proof = self.history.trees[x].prove([named(b"key", version) for version in versions])
        self.searches.append(prefixes.encode(*proof))
        self.pages[x].root = self.history.root(x)
        there = [version <= x // 3 for version in versions]
        self.shown += [(x, version, one) for version, one in zip(versions, there)]
        return there

    def ladder(self, x, target, omit=True):
        self.time(x)
        climbed = order.search_ladder(target, x // 3, *self.beside(x))
        self.look(x, climbed["versions"], None)
        return climbed["verdict"]

    def encoded(self):
        given = sorted(x for x, page in self.pages.items() if not page.kept)
        roots = [bytes.fromhex(self.history.root(x)) for x in given if self.pages[x].root is None]
        nodes = keytrans_log.node_tree(self.size, given, self.kept, None).elements()
        elements = [self.history.log.value(one.begin, one.end) for one in nodes]
        queues = [[time.to_bytes(8, "big") for time in self.times], self.searches, roots]
        parts = [bytes([len(queue)]) + b"".join(queue) for queue in queues]
        return b"".join(parts) + len(elements).to_bytes(2, "big") + b"".join(elements)


def digests(trees):
    history = History(trees)
    found = {name: hashlib.sha256() for name in ("greatest", "returning", "fixed")}
    for size in range(1, trees + 1):
        for name, kept in (("greatest", None), ("returning", size - size // 3)):
            book = Recorder(history, size, kept)
            searches.greatest(book, 5 * size, (size - 1) // 3)
            found[name].update(book.encoded())
        book = Recorder(history, size, None)
        searches.fixed(book, 5 * size, None, size // 7)
        found["fixed"].update(book.encoded())
    return {name: digest.hexdigest() for name, digest in found.items()}
