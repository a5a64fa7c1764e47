"""A user of a log of IETF Key Transparency: what is kept, and how heads, VRF proofs and values are verified.

States are those of the vectors, as dictionaries.
"""

from . import keytrans, keytrans_log, keytrans_order as order, keytrans_searches as searches, suites
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
