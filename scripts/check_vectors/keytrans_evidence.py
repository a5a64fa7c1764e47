"""Evidence against a log of IETF Key Transparency, and what its users tell each other: docs/protocol.md, "Evidence".

A tree that is cut at some sizes is a list of blocks, each the largest aligned one that fits before the next cut; roots
are folded from the right.
"""

from . import keytrans, keytrans_log, keytrans_searches as searches, prefixes, suites
from .keytrans import HASH, HASHES_8, LABEL, OPENING, SIGNATURE, U32, U64, UPDATE_VALUE, VALUE, fixed
from .keytrans import optional, proof_length, select, sized, struct, vector
from .keys import cached, fromhex
from .refusal import demand, Refused


def some(form):
    """At least one."""

    def read(r):
        values = form[0](r)
        demand(values, "ERR_LENGTH")
        return values

    return (read, form[1])


HEAD = select("signer", log=keytrans.TREE_HEAD, auditor=keytrans.AUDITOR_TREE_HEAD)
FORK_SIDE = struct(head=HEAD, nodes=some(HASHES_8))
VERSION_SIDE = struct(
    treeHead=keytrans.TREE_HEAD,
    position=U64,
    timestampMs=U64,
    inclusion=HASHES_8,
    lookups=some(vector(1, struct(vrfOutput=HASH, commitment=optional(HASH)), sized(33))),
    proof=keytrans.PREFIX_PROOF,
    opened=optional(struct(opening=OPENING, update=UPDATE_VALUE)),
)
PLACED = struct(position=U64, entry=keytrans.STRUCTURES["LogEntry"])
SIGNED_VALUE = struct(value=VALUE, signature=SIGNATURE)
NAMED = dict(label=LABEL, version=U32)
VRF_PROOF = dict(vrfProof=fixed(proof_length))
ACCUSATION = select(
    "kind",
    fork=struct(size=U64, first=FORK_SIDE, second=FORK_SIDE),
    changedVersion=struct(**NAMED, **VRF_PROOF, first=VERSION_SIDE, second=VERSION_SIDE),
    reversedTime=struct(treeHead=keytrans.TREE_HEAD, first=PLACED, second=PLACED, inclusion=HASHES_8),
    twoValues=struct(**NAMED, first=SIGNED_VALUE, second=SIGNED_VALUE),
)
SIGNED_HEADS = struct(head=HEAD, sizes=vector(1, U64, sized(8)), nodes=some(keytrans.HASHES_16))
VERSION_PROOF = struct(**NAMED, **VRF_PROOF, side=VERSION_SIDE)


def open_bytes(data, most, config=None):
    """A reader behind the version."""
    data = fromhex(data)
    demand(len(data) <= most, "ERR_TOO_LARGE")
    reader = keytrans.Reader(data, None, None, False)
    if config is not None:
        reader.suite, reader.mode = config["ciphersuite"], config["mode"]
    demand(reader.uint(2) == 1, "ERR_VERSION")
    return reader


def read_whole(form, reader):
    start = reader.at
    value = form[0](reader)
    demand(reader.left == 0, "ERR_TRAILING_BYTES")
    assert form[1](value, reader) == reader.data[start:], "written otherwise"
    return value


# ------------------------------------------------------------------------------------- the accused


class Accused:
    """A log by its configuration."""

    def __init__(self, config):
        self.config = config
        self.suite, self.mode = config["ciphersuite"], config["mode"]

    def own_keys(self):
        if self.mode == "thirdPartyManagement":
            demand(self.config["signaturePublicKey"] != self.config["leafPublicKey"], "ERR_EVIDENCE_KEYS")
        return self

    def write(self, name, **value):
        reader = keytrans.Reader(b"", self.suite, self.mode, False)
        return keytrans.STRUCTURES[name][1](value, reader).hex()

    def signed(self, code, key, name, signature, **fields):
        signing, _ = searches.CURVES[self.suite]
        try:
            cached(suites.signature, signing, key, self.write(name, config=self.config, **fields), signature)
        except Refused:
            raise Refused(code) from None

    def head(self, head, root):
        fields = {name: value for name, value in head.items() if name not in ("signer", "signature")}
        if head.get("signer", "log") == "log":
            key, name, code = self.config["signaturePublicKey"], "TreeHeadTbs", "ERR_SIGNATURE"
        else:
            demand(self.mode == "thirdPartyAuditing", "ERR_AUDITOR_SIGNATURE")
            key, name, code = self.config["auditorPublicKey"], "AuditorTreeHeadTbs", "ERR_AUDITOR_SIGNATURE"
        self.signed(code, key, name, head["signature"], root=root, **fields)

    def value(self, label, version, given):
        fields = dict(label=label, version=version, value=given["value"])
        self.signed("ERR_VALUE_SIGNATURE", self.config["leafPublicKey"], "UpdateTbs", given["signature"], **fields)

    def entries(self, head, placed, inclusion):
        leaves = [
            {"index": x, "leafHash": keytrans_log.entry_hash(time, root)["leafHash"]} for x, time, root in placed
        ]
        log = keytrans_log.batch_proof(head["treeSize"], leaves, None, None, inclusion)
        self.head(head, log["root"])

    def version(self, label, version, vrfProof, side):
        _, curve = searches.CURVES[self.suite]
        data = self.write("VrfInput", label=label, version=version)
        key = cached(searches.vrf_output, curve, self.config["vrfPublicKey"], data, vrfProof)
        pairs = list(zip(side["lookups"], side["proof"]["results"]))
        shown = [one["commitment"] for one, result in pairs if one["vrfOutput"] == key and result["resultType"] == "inclusion"]
        demand(shown and shown[0] is not None, "ERR_PREFIX_ABSENT")
        opened = side["opened"]
        if opened is not None:
            suites.opening(shown[0], self.write("CommitmentValue", label=label, version=version, **opened))
        wanted = [(fromhex(one["vrfOutput"]), one["commitment"] and fromhex(one["commitment"])) for one in side["lookups"]]
        demand(len({one for one, _ in wanted}) == len(wanted), "ERR_PREFIX_DUPLICATE")
        root = prefixes.shown(wanted, side["proof"]["results"], side["proof"]["elements"]).value().hex()
        self.entries(side["treeHead"], [(side["position"], side["timestampMs"], root)], side["inclusion"])
        return {
            "treeSize": side["treeHead"]["treeSize"],
            "position": side["position"],
            "timestampMs": side["timestampMs"],
            "commitment": shown[0],
            "value": opened and opened["update"]["value"],
        }

    def expired(self, a, b):
        lifetime = self.config["maximumLifetimeMs"]
        return lifetime is not None and abs(a["timestampMs"] - b["timestampMs"]) >= lifetime


# ------------------------------------------------------------------------------------- trees that are cut


def blocks(cuts):
    """Sizes of the blocks between the cuts, from left to right."""
    at, sizes = 0, []
    for cut in cuts:
        while at < cut:
            size = at & -at or 1 << cut.bit_length()
            while at + size > cut:
                size >>= 1
            sizes.append(size)
            at += size
    return sizes


def fold(pieces):
    """The root over blocks from 0 on: of equal neighbours first, then from the right."""
    stack = []
    for size, value in pieces:
        stack.append((size, value))
        while len(stack) > 1 and stack[-2][0] == stack[-1][0]:
            (left, a), (right, b) = stack[-2:]
            stack[-2:] = [(left + right, keytrans_log.parent(a, left, b, right))]
    size, value = stack.pop()
    while stack:
        left, a = stack.pop()
        size, value = left + size, keytrans_log.parent(a, left, value, size)
    return value


def roots(cuts, nodes):
    """@returns the root at each cut, in hex"""
    demand(all(cut > 0 for cut in cuts), "ERR_HEAD_EMPTY")
    demand(all(a < b for a, b in zip(cuts, cuts[1:])), "ERR_HEAD_ORDER")
    if len(cuts) == 1:
        demand(len(nodes) == 1, "ERR_PROOF_LENGTH")
        return nodes
    # Whoever names a size of 2^52 has to send its blocks, of which there are few.
    sizes = blocks(cuts)
    demand(len(nodes) == len(sizes), "ERR_PROOF_LENGTH")
    pieces = list(zip(sizes, map(fromhex, nodes)))
    found, end = [], 0
    for i, size in enumerate(sizes):
        end += size
        if end in cuts:
            found.append(fold(pieces[: i + 1]).hex())
    return found


# ------------------------------------------------------------------------------------- judging


def evidence(configuration, evidence):
    reader = open_bytes(evidence, 2**22)
    config = keytrans.CONFIGURATION[0](reader)
    end = reader.at
    reader.suite, reader.mode = config["ciphersuite"], config["mode"]
    accusation = read_whole(ACCUSATION, reader)
    demand(configuration in (None, reader.data[2:end].hex()), "ERR_EVIDENCE_LOG")
    log = Accused(config).own_keys()
    kind = accusation.pop("kind")
    accused, facts = KINDS[kind](log, **accusation)
    return {"kind": kind, "accused": accused} | facts


def fork(log, size, first, second):
    heads = []
    for side in (first, second):
        head = side["head"]
        found = roots([size] if size == head["treeSize"] else [size, head["treeSize"]], side["nodes"])
        log.head(head, found[-1])
        heads.append(
            {"signer": head["signer"], "treeSize": head["treeSize"], "root": found[-1], "rootAtSize": found[0]}
        )
    demand(heads[0]["rootAtSize"] != heads[1]["rootAtSize"], "ERR_EVIDENCE_AGREES")
    return list(dict.fromkeys(head["signer"] for head in heads)), {"size": size, "heads": heads}


def changed_version(log, label, version, vrfProof, first, second):
    a, b = [log.version(label, version, vrfProof, side) for side in (first, second)]
    demand(a["commitment"] != b["commitment"], "ERR_EVIDENCE_AGREES")
    demand(not log.expired(a, b), "ERR_EVIDENCE_EXPIRED")
    return ["log"], {"label": label, "version": version, "versions": [a, b]}


def reversed_time(log, treeHead, first, second, inclusion):
    placed = [(one["position"], one["entry"]["timestampMs"], one["entry"]["prefixTree"]) for one in (first, second)]
    (left, older, _), (right, younger, _) = placed
    demand(left < right and older > younger, "ERR_EVIDENCE_AGREES")
    log.entries(treeHead, placed, inclusion)
    entries = [{"position": x, "timestampMs": time} for x, time, _ in placed]
    return ["log"], {"treeSize": treeHead["treeSize"], "entries": entries}


def two_values(log, label, version, first, second):
    demand(log.mode == "thirdPartyManagement", "ERR_VALUE_SIGNATURE")
    demand(first["value"] != second["value"], "ERR_EVIDENCE_AGREES")
    for given in (first, second):
        log.value(label, version, given)
    return ["serviceOperator"], {"label": label, "version": version, "values": [first["value"], second["value"]]}


KINDS = {
    "fork": fork,
    "changedVersion": changed_version,
    "reversedTime": reversed_time,
    "twoValues": two_values,
}


def accused_by(configuration):
    return Accused(keytrans.JUDGES["KtConfiguration"](None, None, False, configuration)["value"])


def heads_comparison(configuration, own, peer):
    log, lists = accused_by(configuration), []
    for data in (own, peer):
        value = read_whole(SIGNED_HEADS, open_bytes(data, 2**20, log.config))
        log.own_keys()
        cuts = value["sizes"] + [value["head"]["treeSize"]]
        found = roots(cuts, value["nodes"])
        log.head(value["head"], found[-1])
        lists.append(dict(zip(cuts, found)))
    common = sorted(lists[0].keys() & lists[1].keys())
    demand(all(lists[0][size] == lists[1][size] for size in common), "ERR_LOG_FORK")
    return {"treeSize": common[-1] if common else None}


def versions_comparison(configuration, own, peer):
    log, proofs = accused_by(configuration), []
    for data in (own, peer):
        value = read_whole(VERSION_PROOF, open_bytes(data, 2**22, log.config))
        log.own_keys()
        proofs.append(((value["label"], value["version"]), log.version(**value)))
    (named, a), (other, b) = proofs
    if named != other:
        return {"same": False}
    if a["commitment"] != b["commitment"]:
        demand(not log.expired(a, b), "ERR_ENTRY_EXPIRED")
        raise Refused("ERR_VERSION_CHANGED")
    return {"same": True}


def values_comparison(configuration, label, version, own, peer):
    log = accused_by(configuration).own_keys()
    if own["value"] != peer["value"]:
        two_values(log, label, version, own, peer)
        raise Refused("ERR_VALUE_SIGNED_TWICE")
    return {}


JUDGES = {
    "Evidence": evidence,
    "SignedHeadsComparison": heads_comparison,
    "VersionProofComparison": versions_comparison,
    "SignedValuesComparison": values_comparison,
}
