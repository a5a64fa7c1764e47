"""The third-party auditor of IETF Key Transparency, from what was kept after the case before, and from nothing else.

Of insertions only those are kept that no distinguished entry has shown; so a leaf that is not among them was shown, or
was there before the auditor's start.
"""

from . import keytrans_log, keytrans_order as order, keytrans_searches as searches, keytrans_users as users
from . import prefixes, suites
from .keys import cached, fromhex
from .refusal import demand, Refused


class Auditor:
    def __init__(self, configuration, before, start):
        self.config = users.read("Configuration", configuration)
        self.suite, self.window = self.config["ciphersuite"], self.config["reasonableMonitoringWindowMs"]
        self.start = self.config["auditorStartPos"]
        if before is None:
            before = self.told(start) if self.start else None
        self.size = before["treeSize"] if before else 0
        self.times = {one["position"]: one["timestampMs"] for one in before["frontier"]} if before else {}
        ranges = keytrans_log.full_subtrees(self.size)
        self.heads = dict(zip(ranges, map(fromhex, before["fullSubtrees"]))) if before else {}
        self.prefix_tree = before["prefixTree"] if before else prefixes.ZERO.hex()
        self.unseen = [(one["position"], keys_in(one["keys"])) for one in before["insertions"]] if before else []

    def told(self, proof):
        """The log before the start, as a new user is shown it."""
        book = searches.Notebook(self.start, None, {}, self.read("CombinedTreeProof", proof))
        for x in order.frontier(self.start):
            book.time(x)
        log = book.close(None, None)
        edge = log["frontier"]
        return {
            "treeSize": self.start,
            "fullSubtrees": log["fullSubtrees"],
            "frontier": edge,
            "prefixTree": edge[-1]["prefixTree"],
            "insertions": [],
        }

    def read(self, name, data):
        return users.read(name, data, self.suite, "thirdPartyAuditing")

    def write(self, name, **value):
        return searches.write(name, value, self.suite)

    # ------------------------------------------------------------------------------------- one update

    def take(self, update, now):
        time = update["timestampMs"]
        demand(self.size == 0 or time >= self.times[self.size - 1], "ERR_TIMESTAMP_ORDER")
        demand(now is None or time - now <= self.config["maxAheadMs"], "ERR_HEAD_AHEAD")
        added, removed = update["added"], update["removed"]
        roots = prefixes.update(added, removed, update["proof"]["results"], update["proof"]["elements"])
        times = self.times | {self.size: time}
        shown = self.shown(times)
        unseen = [(position, keys) for position, keys in self.unseen if position > shown]
        for leaf in removed:
            demand(all(leaf["vrfOutput"] not in keys for _, keys in unseen), "ERR_REMOVED_EARLY")
            demand(shown >= self.start - 1, "ERR_REMOVED_UNKNOWN")
        demand(roots["before"] == self.prefix_tree, "ERR_ENTRY_ROOT")
        if added:
            unseen.append((self.size, [leaf["vrfOutput"] for leaf in added]))
        self.unseen, self.prefix_tree = unseen, roots["after"]
        leaf = keytrans_log.entry_hash(time, roots["after"])["leafHash"]
        self.heads[self.size, self.size + 1] = fromhex(leaf)
        self.size += 1
        ranges = keytrans_log.full_subtrees(self.size)
        self.heads = {one: keytrans_log.value_in(*one, self.heads) for one in ranges}
        self.times = {x: times[x] for x in order.frontier(self.size)}

    def shown(self, times):
        """The rightmost distinguished entry left of the newest, or -1: down from the root, and right where one is."""
        last, found = self.size, -1
        begin, end, left = 0, self.size + 1, 0
        while begin < end and times[last] - left >= self.window:
            root = order.root_of(begin, end)
            if root == last:
                end = root
            else:
                found, left, begin = root, times[root], root + 1
        return found

    # ------------------------------------------------------------------------------------- heads

    def root(self):
        return keytrans_log.older_root(self.size, self.heads).hex()

    def tbs(self):
        time = self.times[self.size - 1]
        return self.write("AuditorTreeHeadTbs", config=self.config, timestampMs=time, treeSize=self.size, root=self.root())

    def compare(self, newest):
        if newest is None or newest["treeSize"] != self.size:
            return
        signing, _ = searches.CURVES[self.suite]
        try:
            cached(suites.signature, signing, self.config["auditorPublicKey"], self.tbs(), newest["signature"])
        except Refused:
            raise Refused("ERR_AUDITOR_SIGNATURE") from None

    def head(self, secret, newest):
        if newest is not None and self.size < newest["treeSize"]:
            return None
        if newest is not None and self.size == newest["treeSize"]:
            signature = newest["signature"]
        else:
            signing, _ = searches.CURVES[self.suite]
            signed = cached(suites.signing, signing, secret, self.tbs())
            demand(signed["publicKey"] == self.config["auditorPublicKey"], "ERR_SIGNATURE")
            signature = signed["signature"]
        time = self.times[self.size - 1]
        return self.write("AuditorTreeHead", timestampMs=time, treeSize=self.size, signature=signature)

    def kept(self):
        return {
            "treeSize": self.size,
            "fullSubtrees": [self.heads[one].hex() for one in keytrans_log.full_subtrees(self.size)],
            "frontier": [
                {"position": x, "timestampMs": self.times[x]} for x in order.frontier(self.size)
            ],
            "prefixTree": self.prefix_tree,
            "insertions": [{"position": x, "keys": "".join(keys)} for x, keys in self.unseen],
        }


def keys_in(text):
    return [text[at : at + 64] for at in range(0, len(text), 64)]


def audit(configuration, before, start, secret, newestHead, nowMs, updates):
    auditor = Auditor(configuration, before, start)
    newest = None if newestHead is None else auditor.read("AuditorTreeHead", newestHead)
    auditor.compare(newest)
    for update in [auditor.read("AuditorUpdate", one) for one in updates]:
        auditor.take(update, nowMs)
        auditor.compare(newest)
    head = auditor.head(secret, newest)
    return {"root": auditor.root(), "head": head, "after": auditor.kept()}


JUDGES = {"Audit": audit}
