"""Searches of IETF Key Transparency: combined proofs, and search responses.

A combined proof is read into a notebook, one page for each log entry: its time, its prefix root, whether both were kept
from before. The algorithms are written over ranges of entries, as in `keytrans_order`.
"""

from . import keytrans, keytrans_log, keytrans_order, prefixes, suites, vrf
from .keys import cached, fromhex
from .refusal import demand

CURVES = {
    1: ("KT_128_SHA256_P256", "ECVRF-P256-SHA256-TAI"),
    2: ("KT_128_SHA256_Ed25519", "ECVRF-EDWARDS25519-SHA512-TAI"),
}


class Page:
    def __init__(self, time, root=None, kept=False):
        self.time, self.root, self.kept = time, root, kept


class Notebook:
    def __init__(self, size, retained, versions, proof):
        self.size, self.versions, self.proof = size, versions, proof
        self.times, self.searches = list(proof["timestampsMs"]), list(proof["prefixProofs"])
        self.pages, self.shown = {}, []
        for one in retained["frontier"] if retained else []:
            self.pages[one["position"]] = Page(one["timestampMs"], one["prefixTree"], True)

    def time(self, x):
        if x not in self.pages:
            demand(self.times, "ERR_PROOF_TIMESTAMPS")
            now = self.times.pop(0)
            demand(all(page.time <= now for other, page in self.pages.items() if other < x), "ERR_TIMESTAMP_ORDER")
            demand(all(page.time >= now for other, page in self.pages.items() if other > x), "ERR_TIMESTAMP_ORDER")
            self.pages[x] = Page(now)
        return self.pages[x].time

    def next_search(self):
        demand(self.searches, "ERR_PROOF_SEARCHES")
        return self.searches.pop(0)

    def look(self, x, versions, search):
        wanted = [self.versions[version] for version in versions]
        root = prefixes.shown(wanted, search["results"], search["elements"]).value().hex()
        page = self.pages[x]
        demand(page.root in (None, root), "ERR_ENTRY_ROOT")
        page.root = root
        there = [result["resultType"] == "inclusion" for result in search["results"]]
        self.shown += [(x, version, one) for version, one in zip(versions, there)]
        return there

    def beside(self, x):
        """Versions shown included to the left, and absent to the right."""
        left = {version for at, version, there in self.shown if there and at < x}
        return left, {version for at, version, there in self.shown if not there and at > x}

    def ladder(self, x, target, omit=True):
        """Below, at or above the target: -1, 0, 1."""
        self.time(x)
        search = self.next_search()
        left, right = self.beside(x) if omit else (set(), set())
        results = [result["resultType"] == "inclusion" for result in search["results"]]
        climbed = keytrans_order.ladder_results(target, left, right, results)
        self.look(x, climbed["versions"], search)
        return climbed["verdict"]

    def lookups(self, x, versions):
        """Which of these are there."""
        self.time(x)
        return self.look(x, versions, self.next_search())

    def pretend(self, x, target, greatest):
        """As if a ladder had been shown, in an entry that holds versions up to the greatest."""
        asked = keytrans_order.search_ladder(target, greatest, *self.beside(x))["versions"]
        self.shown += [(x, version, greatest is not None and version <= greatest) for version in asked]

    def expired(self, x, lifetime):
        return lifetime is not None and self.time(self.size - 1) - self.time(x) >= lifetime

    def frontier(self):
        return keytrans_order.frontier(self.size)

    def distinguished(self, x, window):
        """Down from the whole log: each range lies between two times."""
        left, right = 0, self.time(self.size - 1)
        for _, _, root in keytrans_order.descend(x, self.size):
            if right - left < window:
                return False
            if root == x:
                return True
            if x < root:
                right = self.time(root)
            else:
                left = self.time(root)
        raise AssertionError

    def rightmost(self, window):
        found = [x for x in self.frontier() if self.distinguished(x, window)]
        return found[-1] if found else None

    def close(self, retained, auditorSize, met=None):
        """@param met takes the values of all nodes of the log tree that were computed, by range"""
        demand(not self.times, "ERR_PROOF_TIMESTAMPS")
        demand(not self.searches, "ERR_PROOF_SEARCHES")
        given = sorted(x for x, page in self.pages.items() if not page.kept)
        bare = [x for x in given if self.pages[x].root is None]
        demand(len(bare) == len(self.proof["prefixRoots"]), "ERR_PROOF_ROOTS")
        for x, root in zip(bare, self.proof["prefixRoots"]):
            self.pages[x].root = root
        leaves = [
            {"index": x, "leafHash": keytrans_log.entry_hash(self.pages[x].time, self.pages[x].root)["leafHash"]}
            for x in given
        ]
        log = keytrans_log.batch_proof(
            self.size, leaves, retained, auditorSize, self.proof["inclusion"]["elements"], met
        )
        edge = [
            {"position": x, "timestampMs": self.pages[x].time, "prefixTree": self.pages[x].root}
            for x in self.frontier()
        ]
        return log | {"frontier": edge}


def greatest(book, window, target):
    rightmost = book.rightmost(window)
    line = [x for x in book.frontier() if rightmost is None or x >= rightmost]
    verdicts = []
    for x in line:
        verdicts.append(book.ladder(x, target))
        demand(verdicts[-1] < 1, "ERR_GREATEST_VERSION")
    demand(verdicts[-1] == 0, "ERR_GREATEST_VERSION")
    return {"outcome": "found", "terminal": line[verdicts.index(0)], "rightmostDistinguished": rightmost}


def fixed(book, window, lifetime, target):
    newest = book.time(book.size - 1)
    begin, end = 0, book.size
    old, young, above, hit = False, [], [], None
    while begin < end and hit is None:
        x = keytrans_order.root_of(begin, end)
        if lifetime is not None and newest - book.time(x) >= lifetime:
            old, begin = True, x + 1
            continue
        young.append(x)
        verdict = book.ladder(x, target)
        if verdict == 0:
            hit = x
        elif verdict < 0:
            begin = x + 1
        else:
            above.append(x)
            end = x

    def ending(outcome, terminal=None):
        last = None if terminal is None else book.rightmost(window)
        return {"outcome": outcome, "terminal": terminal, "rightmostDistinguished": last}

    if hit is None and not above:
        return ending("absent")
    terminal = min(above) if hit is None else hit
    # The entry that has the version as its greatest may be the one that owners check; another may not.
    line = [x for x in young if x < terminal or x == hit]
    if old and not any(book.distinguished(x, window) for x in line):
        return ending("expired")
    if hit is None and book.look(terminal, [target], book.next_search()) != [True]:
        return ending("absent")
    return ending("found", terminal)


def check_kept(retained):
    demand(retained["treeSize"] > 0, "ERR_STORED_STATE")
    edge = retained["frontier"]
    times = [one["timestampMs"] for one in edge]
    positions = [one["position"] for one in edge]
    demand(positions == keytrans_order.frontier(retained["treeSize"]), "ERR_STORED_STATE")
    demand(times == sorted(times), "ERR_STORED_STATE")


def search(size, auditorSize, retained, window, lifetime, kind, target, versions, proof):
    demand(size > 0 and auditorSize != 0, "ERR_HEAD_EMPTY")
    if retained is not None:
        check_kept(retained)
    kept = retained["treeSize"] if retained else None
    demand(max(kept or 0, auditorSize or 0) <= size, "ERR_HEAD_ORDER")
    book = Notebook(size, retained, versions, proof)
    for x in keytrans_order.update_view(size, kept)["positions"]:
        book.time(x)
    if kind == "greatest":
        found = greatest(book, window, target)
    else:
        found = fixed(book, window, lifetime, target)
    return found | book.close(retained, auditorSize)


def read(name, data, suite=2, names_version=False):
    judge = keytrans.JUDGES[f"Kt{name}"]
    return judge(suite, "contactMonitoring", names_version, data)["value"]


def write(name, value, suite):
    reader = keytrans.Reader(b"", suite, "contactMonitoring", False)
    return keytrans.STRUCTURES[name][1](value, reader).hex()


def search_proof(
    treeSize, auditorSize, windowMs, maximumLifetimeMs, retained, kind, target, versions, proof
):
    known = {
        one["version"]: (
            fromhex(one["vrfOutput"]),
            None if one["commitment"] is None else fromhex(one["commitment"]),
        )
        for one in versions
    }
    combined = read("CombinedTreeProof", proof)
    return search(
        treeSize, auditorSize, retained, windowMs, maximumLifetimeMs, kind, target, known, combined
    )


def vrf_output(name, publicKey, data, proof):
    return vrf.proof(name)(publicKey, data, proof)["output"]


def search_answer(configuration, request, response, retained):
    config, asked = read("Configuration", configuration), read("SearchRequest", request)
    suite, label = config["ciphersuite"], asked["label"]
    answer = read("SearchResponse", response, suite, asked["version"] is not None)
    version = answer["version"] if asked["version"] is None else asked["version"]
    signing, curve = CURVES[suite]

    ladder, steps = keytrans_order.base_ladder(version)["versions"], answer["binaryLadder"]
    demand(len(steps) == len(ladder), "ERR_LADDER_LENGTH")
    demand(steps[ladder.index(version)]["commitment"] is None, "ERR_LADDER_LENGTH")
    opened = {"opening": answer["opening"], "label": label, "version": version, "update": answer["value"]}
    versions = {}
    for each, step in zip(ladder, steps):
        data = write("VrfInput", {"label": label, "version": each}, suite)
        output = cached(vrf_output, curve, config["vrfPublicKey"], data, step["proof"])
        commitment = step["commitment"]
        if each == version:
            commitment = suites.commit(write("CommitmentValue", opened, suite))["commitment"]
        versions[each] = fromhex(output), commitment and fromhex(commitment)

    head = answer["fullTreeHead"]
    size = retained["treeSize"] if head["headType"] == "same" else head["treeHead"]["treeSize"]
    found = search(
        size,
        None,
        retained,
        config["reasonableMonitoringWindowMs"],
        config["maximumLifetimeMs"],
        "greatest" if asked["version"] is None else "fixed",
        version,
        versions,
        answer["search"],
    )
    assert found.pop("outcome") == "found" and found.pop("auditorRoot") is None
    if head["headType"] == "updated":
        signed = write("TreeHeadTbs", {"config": config, "treeSize": size, "root": found["root"]}, suite)
        key, signature = config["signaturePublicKey"], head["treeHead"]["signature"]
        suites.signature(signing, key, signed, signature)
    return found | {"treeSize": size, "version": version, "value": answer["value"]["value"]}
