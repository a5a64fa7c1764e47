"""Exchanges of a user with a log of IETF Key Transparency: each is judged from what the user kept after the one before.

States are the `after` of the files themselves, as dictionaries; `check` puts the named case's in the place of `before`.
"""

from . import keytrans, keytrans_log, keytrans_order as order, keytrans_searches as searches, keytrans_walks as walks
from . import suites
from .keys import cached, fromhex
from .refusal import demand, Refused

NO_LABEL = {"monitored": [], "owned": None, "versions": []}


class User:
    def __init__(self, configuration, before, nowMs, request_name, request):
        self.config = read("Configuration", configuration)
        self.now = nowMs
        self.keep(before)
        self.suite, self.mode = self.config["ciphersuite"], self.config["mode"]
        self.window = self.config["reasonableMonitoringWindowMs"]
        self.lifetime = self.config["maximumLifetimeMs"]
        self.request = self.read(request_name, request)
        assert self.request["last"] == (before and before["treeHead"]["treeSize"]), "another user"

    def keep(self, state):
        self.state = state
        self.label_state = (state and state["label"]) or NO_LABEL

    def read(self, name, data, names_version=False):
        return read(name, data, self.suite, self.mode, names_version)

    def write(self, name, **value):
        reader = keytrans.Reader(b"", self.suite, self.mode, False)
        return keytrans.STRUCTURES[name][1](value, reader).hex()

    @property
    def owned(self):
        assert self.label_state["owned"] is not None, "the label is not owned"
        return self.label_state["owned"]

    @property
    def versions(self):
        """What was kept: output and commitment by version, in hex."""
        return {one["version"]: (one["vrfOutput"], one["commitment"]) for one in self.label_state["versions"]}

    # ------------------------------------------------------------------------------------- signatures

    def is_signed(self, key, name, signature, **fields):
        signing, _ = searches.CURVES[self.suite]
        try:
            cached(suites.signature, signing, key, self.write(name, config=self.config, **fields), signature)
        except Refused:
            return False
        return True

    def commitment(self, opening, version, value, suffix):
        label = self.request["label"]
        if self.mode == "thirdPartyManagement":
            key, signature = self.config["leafPublicKey"], suffix["signature"]
            signed = self.is_signed(key, "UpdateTbs", signature, label=label, version=version, value=value)
            demand(signed, "ERR_VALUE_SIGNATURE")
        update = {"value": value, "suffix": suffix}
        opened = self.write("CommitmentValue", opening=opening, label=label, version=version, update=update)
        return suites.commit(opened)["commitment"]

    def ladder(self, versions, steps, committed):
        """@param committed versions of which a commitment may be given"""
        demand(len(versions) == len(steps), "ERR_LADDER_STEPS")
        known, (_, curve) = {}, searches.CURVES[self.suite]
        for version, step in zip(versions, steps):
            demand(step["commitment"] is None or committed(version), "ERR_LADDER_COMMITMENT")
            data = self.write("VrfInput", label=self.request["label"], version=version)
            output = cached(searches.vrf_output, curve, self.config["vrfPublicKey"], data, step["proof"])
            known[version] = output, step["commitment"]
        return known

    # ------------------------------------------------------------------------------------- answers

    def verify(self, head, proof, versions, walk):
        """@returns what the walk found, the state without its label, and how to compute earlier roots"""
        same = head["headType"] == "same"
        if same:
            demand(self.state is not None, "ERR_HEAD_SAME")
            head = {name: self.state[name] for name in ("treeHead", "auditorTreeHead")}
        tree, auditor = head["treeHead"], head["auditorTreeHead"]
        size, retained = tree["treeSize"], None
        if self.state is not None:
            kept = self.state["treeHead"]["treeSize"]
            demand(same or size > kept, "ERR_HEAD_ORDER")
            retained = {name: self.state[name] for name in ("fullSubtrees", "frontier")} | {"treeSize": kept}
        audited = None if same or auditor is None else auditor["treeSize"]
        demand(size > 0 and audited != 0, "ERR_HEAD_EMPTY")
        demand(audited is None or audited <= size, "ERR_HEAD_ORDER")
        known = {
            version: (fromhex(output), commitment and fromhex(commitment))
            for version, (output, commitment) in versions.items()
        }
        book = searches.Notebook(size, retained, known, proof)
        for x in order.update_view(size, retained and retained["treeSize"])["positions"]:
            book.time(x)
        found = walk(book)
        met = {}
        log = book.close(retained, audited, met)
        newest = book.time(size - 1)
        if not same:
            key, signature = self.config["signaturePublicKey"], tree["signature"]
            signed = self.is_signed(key, "TreeHeadTbs", signature, treeSize=size, root=log["root"])
            demand(signed, "ERR_SIGNATURE")
            if auditor is not None:
                self.verify_auditor(auditor, log["auditorRoot"], newest)
        demand(newest - self.now <= self.config["maxAheadMs"], "ERR_HEAD_AHEAD")
        demand(self.now - newest <= self.config["maxBehindMs"], "ERR_HEAD_BEHIND")
        edge = {name: log[name] for name in ("fullSubtrees", "frontier")}
        heads = {"treeHead": tree, "auditorTreeHead": auditor} | edge
        return found, heads, lambda size: keytrans_log.older_root(size, met).hex()

    def verify_auditor(self, auditor, root, newest):
        before = self.state and self.state["auditorTreeHead"]
        start = self.config["auditorStartPos"]
        demand(before is None or before["treeSize"] >= start, "ERR_AUDITOR_START")
        lag = newest - auditor["timestampMs"]
        demand(lag >= 0, "ERR_AUDITOR_TIME")
        demand(lag <= self.config["maxAuditorLagMs"], "ERR_AUDITOR_LAG")
        fields = {name: auditor[name] for name in ("timestampMs", "treeSize")} | {"root": root}
        key, signature = self.config["auditorPublicKey"], auditor["signature"]
        signed = self.is_signed(key, "AuditorTreeHeadTbs", signature, **fields)
        demand(signed, "ERR_AUDITOR_SIGNATURE")


def read(name, data, suite=2, mode="contactMonitoring", names_version=False):
    return keytrans.JUDGES[f"Kt{name}"](suite, mode, names_version, data)["value"]


# ------------------------------------------------------------------------------------- what is kept


def merge(kept, told):
    known = dict(kept)
    for version, (output, commitment) in told.items():
        old_output, old = known.get(version, (output, None))
        demand(old_output == output, "ERR_RETAINED_VERSION")
        demand(None in (old, commitment) or old == commitment, "ERR_RETAINED_VERSION")
        known[version] = output, commitment or old
    return known


def add_pair(pairs, position, version):
    """Of two the one that is further to the left and greater shows more."""
    if any(p <= position and v >= version for p, v in pairs):
        return pairs
    return sorted([(p, v) for p, v in pairs if p < position or v > version] + [(position, version)])


def pairs_in(monitored):
    return [(one["position"], one["version"]) for one in monitored]


def label_after(pairs, owned, known):
    if not pairs and owned is None:
        return None
    watched = {one for _, version in pairs for one in order.monitoring_ladder(version)["versions"]}
    needed = set(watched)
    if owned is not None:
        for version in [owned["greatestAtStart"]] + [one["version"] for one in owned["later"]]:
            needed.update([0] if version is None else order.base_ladder(version)["versions"])
    demand(needed <= known.keys(), "ERR_LADDER_STEPS")
    demand(all(known[version][1] for version in watched), "ERR_LADDER_COMMITMENT")
    return {
        "monitored": [{"position": position, "version": version} for position, version in pairs],
        "owned": owned,
        "versions": [
            {"version": version, "vrfOutput": known[version][0], "commitment": known[version][1]}
            for version in sorted(needed)
        ],
    }


# ------------------------------------------------------------------------------------- operations


def search(configuration, before, nowMs, request, response):
    user = User(configuration, before, nowMs, "SearchRequest", request)
    wanted = user.request["version"]
    answer = user.read("SearchResponse", response, wanted is not None)
    version = answer["version"] if wanted is None else wanted
    commitment = user.commitment(answer["opening"], version, **answer["value"])
    told = user.ladder(
        order.base_ladder(version)["versions"],
        answer["binaryLadder"],
        lambda one: one != version and (wanted is not None or one < version),
    )
    told[version] = told[version][0], commitment
    known = merge(user.versions, told)

    def walk(book):
        if wanted is None:
            return searches.greatest(book, user.window, version)
        return searches.fixed(book, user.window, user.lifetime, version)

    found, heads, _ = user.verify(answer["fullTreeHead"], answer["search"], told, walk)
    demand(found["outcome"] != "absent", "ERR_VERSION_ABSENT")
    demand(found["outcome"] != "expired", "ERR_VERSION_EXPIRED")
    pairs, owned = pairs_in(user.label_state["monitored"]), user.label_state["owned"]
    if wanted is None:
        seen = [one for _, one in pairs] + ([walks.greatest_of(owned)] if owned else [])
        demand(all(one is None or one <= version for one in seen), "ERR_GREATEST_VERSION")
    terminal, last = found["terminal"], found["rightmostDistinguished"]
    monitored = user.mode == "contactMonitoring" and (last is None or terminal > last)
    label = before and before["label"]
    if monitored:
        label = label_after(add_pair(pairs, terminal, version), owned, known)
    return {
        "version": version,
        "value": answer["value"]["value"],
        "terminal": terminal,
        "isMonitored": monitored,
        "after": heads | {"label": label},
    }


def monitor(configuration, before, nowMs, request, response):
    user = User(configuration, before, nowMs, "ContactMonitorRequest", request)
    answer = user.read("ContactMonitorResponse", response)
    asked = pairs_in(user.request["entries"])
    pairs, heads, _ = user.verify(
        answer["fullTreeHead"], answer["monitor"], user.versions, lambda book: walks.contact(book, user.window, asked)
    )
    return {"after": heads | {"label": label_after(pairs, user.label_state["owned"], user.versions)}}


def owner_init(configuration, before, nowMs, request, response):
    user = User(configuration, before, nowMs, "OwnerInitRequest", request)
    answer = user.read("OwnerInitResponse", response)
    held, start = answer["greatestVersions"], user.request["start"]
    demand(held == sorted(held, reverse=True), "ERR_OWNED_VERSIONS")
    steps = {0}.union(*(order.base_ladder(version)["versions"] for version in held))
    told = user.ladder(sorted(steps), answer["binaryLadder"], lambda one: bool(held) and one <= held[0])
    demand(all(told[version][1] for version in held), "ERR_LADDER_COMMITMENT")
    known = merge(user.versions, told)
    inspected, heads, _ = user.verify(
        answer["fullTreeHead"],
        answer["init"],
        told,
        lambda book: walks.owner_start(book, user.window, user.lifetime, start, held),
    )
    demand(len(held) <= inspected, "ERR_OWNED_VERSIONS")
    greatest = held[0] if held else None
    owned = {"start": start, "greatestAtStart": greatest, "later": []}
    label = label_after(pairs_in(user.label_state["monitored"]), owned, known)
    return {"greatestVersion": greatest, "after": heads | {"label": label}}


def owner_monitor(configuration, before, nowMs, request, response):
    user = User(configuration, before, nowMs, "OwnerMonitorRequest", request)
    answer = user.read("OwnerMonitorResponse", response)
    asked, owned = pairs_in(user.request["entries"]), user.owned

    def walk(book):
        pairs = walks.contact(book, user.window, asked, owned["start"])
        return pairs, *walks.owner_monitoring(book, user.window, owned)

    found, heads, _ = user.verify(answer["fullTreeHead"], answer["monitor"], user.versions, walk)
    pairs, verified, complete = found
    further = {
        "start": verified,
        "greatestAtStart": walks.expected_at(owned, verified),
        "later": [one for one in owned["later"] if one["position"] > verified],
    }
    label = label_after(pairs, further, user.versions)
    return {"verified": verified, "isComplete": complete, "after": heads | {"label": label}}


def update(configuration, before, nowMs, request, responses):
    user, made = User(configuration, before, nowMs, "UpdateRequest", request), []
    asked = [one["value"] for one in user.request["values"]]
    for response in responses:
        versions, created, state = update_once(user, asked, response)
        made += versions
        if created:
            asked = []
        # As if the request had been sent again, by the user as he is now.
        user.keep(state)
    demand(made, "ERR_UPDATE_VERSIONS")
    return {"versions": made, "after": user.state}


def update_once(user, asked, response):
    owned, answer = user.owned, user.read("UpdateResponse", response)
    position, infos, skipped = answer["position"], answer["info"], answer["skippedVersions"] or 0
    last = owned["later"][-1]["position"] if owned["later"] else owned["start"]
    demand(position > last, "ERR_UPDATE_POSITION")
    created = not answer["values"]
    values = asked if created else [one["value"] for one in answer["values"]]
    demand(infos and len(infos) == len(values), "ERR_UPDATE_VERSIONS")
    previous = walks.greatest_of(owned)
    first = 0 if previous is None else previous + 1
    demand(skipped + len(infos) <= 255 + 64, "ERR_LADDER_STEPS")
    demand(first + skipped + len(infos) <= 1 << 32, "ERR_UPDATE_VERSIONS")
    new = list(range(first, first + skipped + len(infos)))
    old = [0] if previous is None else order.base_ladder(previous)["versions"]
    steps = sorted({*order.base_ladder(new[-1])["versions"], *new} - set(old))
    told = merge(user.versions, user.ladder(steps, answer["binaryLadder"], lambda one: one < first))
    committed = {version: (told[version][0], bytes(32).hex()) for version in new[:skipped]}
    for version, info, value in zip(new[skipped:], infos, values):
        committed[version] = told[version][0], user.commitment(info["opening"], version, value, info["suffix"])
    known = merge(told, committed)

    def walk(book):
        demand(position < book.size, "ERR_UPDATE_POSITION")
        return walks.update(book, user.window, position, new, owned)

    checked, heads, _ = user.verify(answer["fullTreeHead"], answer["update"], known, walk)
    pairs = pairs_in(user.label_state["monitored"])
    if not checked:
        pairs = add_pair(pairs, position, new[-1])
    later = owned["later"] + [{"position": position, "version": new[-1]}]
    label = label_after(pairs, owned | {"later": later}, known)
    shown = [None] * skipped + values
    versions = [
        {"version": version, "position": position, "value": value, "isOwn": created and value is not None}
        for version, value in zip(new, shown)
    ]
    return versions, created, heads | {"label": label}


def distinguished(configuration, before, nowMs, recent, request, response):
    user = User(configuration, before, nowMs, "DistinguishedRequest", request)
    answer = user.read("DistinguishedResponse", response)

    def walk(book):
        met = walks.distinguished(book, user.window, user.lifetime, user.request["stop"], recent)
        return [(x, book.time(x)) for x in met]

    met, heads, root_at = user.verify(answer["fullTreeHead"], answer["distinguished"], {}, walk)
    return {
        "heads": [{"position": x, "timestampMs": time, "root": root_at(x + 1)} for x, time in met],
        "after": heads | {"label": before and before["label"]},
    }


def comparison(own, peer):
    own, peer = [read("DistinguishedHead", one)["heads"] for one in (own, peer)]
    return {"overlap": walks.overlap(own, peer)}


JUDGES = {
    "SearchExchange": search,
    "MonitorExchange": monitor,
    "OwnerInitExchange": owner_init,
    "OwnerMonitorExchange": owner_monitor,
    "UpdateExchange": update,
    "DistinguishedExchange": distinguished,
    "RootComparison": comparison,
}
