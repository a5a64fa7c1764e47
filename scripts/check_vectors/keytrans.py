"""Structures of draft-ietf-keytrans-protocol (editor's copy at 526cc8a): read, and written again.

A form is a pair of functions, `read(reader) -> value` and `write(value, reader) -> bytes`; when writing, the reader is
only the context. What is read is written again and compared.
"""

from .keys import fromhex
from .refusal import demand

SAFE = 2**53 - 1
VALUE_MAX = 2**20
LIMITS = {
    "Configuration": 2**18,
    **dict.fromkeys(
        (
            "SearchRequest",
            "ContactMonitorRequest",
            "OwnerInitRequest",
            "OwnerMonitorRequest",
            "DistinguishedRequest",
        ),
        4096,
    ),
}


class Reader:
    """A cursor over bytes, with what the log and the request add."""

    def __init__(self, data, suite, mode, names_version):
        self.data, self.at = data, 0
        self.suite, self.mode, self.names_version = suite, mode, names_version

    @property
    def left(self):
        return len(self.data) - self.at

    def take(self, length):
        demand(length <= self.left, "ERR_TRUNCATED")
        self.at += length
        return self.data[self.at - length : self.at]

    def uint(self, width):
        value = int.from_bytes(self.take(width), "big")
        demand(value <= SAFE, "ERR_INTEGER")
        return value

    def enum(self, names):
        value = self.uint(1)
        demand(1 <= value <= len(names), "ERR_ENUM")
        return names[value - 1]


def uint(width):
    return (lambda r: r.uint(width), lambda v, r: v.to_bytes(width, "big"))


def fixed(length_of):
    return (lambda r: r.take(length_of(r)).hex(), lambda v, r: fromhex(v))


def opaque(width, most=None):
    def read(r):
        length = r.uint(width)
        demand(most is None or length <= most, "ERR_LENGTH")
        return r.take(length).hex()

    return (read, lambda v, r: (len(v) // 2).to_bytes(width, "big") + fromhex(v))


def optional(form):
    def read(r):
        present = r.uint(1)
        demand(present <= 1, "ERR_ENUM")
        return form[0](r) if present else None

    return (read, lambda v, r: b"\0" if v is None else b"\1" + form[1](v, r))


def present_if(rule, form):
    """There, or null without a trace."""
    return (
        lambda r: form[0](r) if rule(r) else None,
        lambda v, r: form[1](v, r) if rule(r) else b"",
    )


def vector(width, form, least):
    """`least` is a function of the context: bytes that every element has."""

    def read(r):
        count = r.uint(width)
        demand(count * least(r) <= r.left, "ERR_TRUNCATED")
        return [form[0](r) for _ in range(count)]

    def write(values, r):
        return len(values).to_bytes(width, "big") + b"".join(form[1](v, r) for v in values)

    return (read, write)


def struct(**fields):
    return (
        lambda r: {name: form[0](r) for name, form in fields.items()},
        lambda v, r: b"".join(form[1](v[name], r) for name, form in fields.items()),
    )


def joined(*structs):
    def read(r):
        value = {}
        for form in structs:
            value |= form[0](r)
        return value

    return (read, lambda v, r: b"".join(form[1](v, r) for form in structs))


def select(tag, **cases):
    """An enum from 1 on, and what follows each of its values."""
    names = list(cases)

    def read(r):
        name = r.enum(names)
        return {tag: name} | cases[name][0](r)

    def write(v, r):
        return bytes([names.index(v[tag]) + 1]) + cases[v[tag]][1](v, r)

    return (read, write)


def sized(length):
    return lambda r: length


U8, U32, U64 = uint(1), uint(4), uint(8)
HASH = fixed(sized(32))
OPENING = fixed(sized(16))
LABEL, SIGNATURE, VALUE = opaque(1), opaque(2), opaque(4, VALUE_MAX)
HASHES_8, HASHES_16 = vector(1, HASH, sized(32)), vector(2, HASH, sized(32))


def managed(r):
    return r.mode == "thirdPartyManagement"


def audited(r):
    return r.mode == "thirdPartyAuditing"


def proof_length(r):
    return {1: 81, 2: 80}[r.suite]


# ------------------------------------------------------------------------------------ configuration


def key(lengths):
    """Two bytes of length, of which the suite allows one. `own_suite` is the configuration's."""

    def read(r):
        demand(r.uint(2) == lengths[r.own_suite], "ERR_KEY_LENGTH")
        return r.take(lengths[r.own_suite]).hex()

    return (read, SIGNATURE[1])


SIGNATURE_KEY, VRF_KEY = key({1: 65, 2: 32}), key({1: 33, 2: 32})
KEYS = dict(signaturePublicKey=SIGNATURE_KEY, vrfPublicKey=VRF_KEY)
DURATIONS = dict(
    maxAheadMs=U64, maxBehindMs=U64, reasonableMonitoringWindowMs=U64, maximumLifetimeMs=optional(U64)
)
MODES = select(
    "mode",
    contactMonitoring=struct(**KEYS, **DURATIONS),
    thirdPartyManagement=struct(**KEYS, leafPublicKey=SIGNATURE_KEY, **DURATIONS),
    thirdPartyAuditing=struct(
        **KEYS, maxAuditorLagMs=U64, auditorStartPos=U64, auditorPublicKey=SIGNATURE_KEY, **DURATIONS
    ),
)


def read_configuration(r):
    r.own_suite = r.uint(2)
    demand(r.own_suite != 0, "ERR_ENUM")
    demand(r.own_suite in (1, 2), "ERR_CIPHER_SUITE")
    value = {"ciphersuite": r.own_suite} | MODES[0](r)
    lifetime = value["maximumLifetimeMs"]
    demand(lifetime is None or lifetime > value["reasonableMonitoringWindowMs"], "ERR_CONFIGURATION")
    return value


CONFIGURATION = (
    read_configuration,
    lambda v, r: v["ciphersuite"].to_bytes(2, "big") + MODES[1](v, r),
)

# --------------------------------------------------------------------------------- heads and values

TREE_HEAD = struct(treeSize=U64, signature=SIGNATURE)
AUDITOR_TREE_HEAD = struct(timestampMs=U64, treeSize=U64, signature=SIGNATURE)
FULL_TREE_HEAD = select(
    "headType",
    same=struct(),
    updated=struct(treeHead=TREE_HEAD, auditorTreeHead=present_if(audited, AUDITOR_TREE_HEAD)),
)
SUFFIX = struct(signature=present_if(managed, SIGNATURE))
UPDATE_VALUE = struct(value=VALUE, suffix=SUFFIX)


def least_suffix(r):
    return 2 if managed(r) else 0


# ------------------------------------------------------------------------------------------- proofs

INCLUSION = struct(elements=HASHES_16)
LEAF = struct(vrfOutput=HASH, commitment=HASH)
LEAVES = vector(2, LEAF, sized(64))
RESULT = select(
    "resultType",
    inclusion=struct(depth=U8),
    nonInclusionLeaf=struct(leaf=LEAF, depth=U8),
    nonInclusionParent=struct(depth=U8),
)
PREFIX_PROOF = struct(results=vector(1, RESULT, sized(2)), elements=HASHES_16)
COMBINED = struct(
    timestampsMs=vector(1, U64, sized(8)),
    prefixProofs=vector(1, PREFIX_PROOF, sized(3)),
    prefixRoots=HASHES_8,
    inclusion=INCLUSION,
)

# ----------------------------------------------------------------------------------------- messages

LAST = dict(last=optional(U64), label=LABEL)
GREATEST = dict(greatestVersion=optional(U32))
HEAD = dict(fullTreeHead=FULL_TREE_HEAD)
STEP = struct(proof=fixed(proof_length), commitment=optional(HASH))
LADDER_8 = vector(1, STEP, lambda r: proof_length(r) + 1)
LADDER_16 = vector(2, STEP, lambda r: proof_length(r) + 1)
MONITOR_MAP = vector(1, struct(position=U64, version=U32), sized(12))
LABEL_VALUES = vector(1, struct(value=VALUE), sized(4))

STRUCTURES = {
    "Configuration": CONFIGURATION,
    "TreeHeadTbs": struct(config=CONFIGURATION, treeSize=U64, root=HASH),
    "AuditorTreeHead": AUDITOR_TREE_HEAD,
    "AuditorTreeHeadTbs": struct(config=CONFIGURATION, timestampMs=U64, treeSize=U64, root=HASH),
    "FullTreeHead": FULL_TREE_HEAD,
    "UpdateTbs": struct(config=CONFIGURATION, label=LABEL, version=U32, value=VALUE),
    "CommitmentValue": struct(opening=OPENING, label=LABEL, version=U32, update=UPDATE_VALUE),
    "VrfInput": struct(label=LABEL, version=U32),
    "LogEntry": struct(timestampMs=U64, prefixTree=HASH),
    "InclusionProof": INCLUSION,
    "PrefixProof": PREFIX_PROOF,
    "CombinedTreeProof": COMBINED,
    "SearchRequest": struct(**LAST, version=optional(U32)),
    "SearchResponse": struct(
        **HEAD,
        version=present_if(lambda r: not r.names_version, U32),
        opening=OPENING,
        value=UPDATE_VALUE,
        binaryLadder=LADDER_8,
        search=COMBINED,
    ),
    "ContactMonitorRequest": struct(**LAST, entries=MONITOR_MAP),
    "ContactMonitorResponse": struct(**HEAD, monitor=COMBINED),
    "OwnerInitRequest": struct(**LAST, start=U64),
    "OwnerInitResponse": struct(
        **HEAD, greatestVersions=vector(1, U32, sized(4)), binaryLadder=LADDER_16, init=COMBINED
    ),
    "OwnerMonitorRequest": struct(**LAST, entries=MONITOR_MAP, start=U64, **GREATEST),
    "OwnerMonitorResponse": struct(**HEAD, monitor=COMBINED),
    "UpdateRequest": struct(**LAST, **GREATEST, values=LABEL_VALUES),
    "UpdateResponse": struct(
        **HEAD,
        position=U64,
        skippedVersions=present_if(managed, U32),
        values=LABEL_VALUES,
        info=vector(1, struct(opening=OPENING, suffix=SUFFIX), lambda r: 16 + least_suffix(r)),
        binaryLadder=LADDER_8,
        update=COMBINED,
    ),
    "DistinguishedRequest": struct(last=optional(U64), stop=optional(U64)),
    "DistinguishedResponse": struct(**HEAD, distinguished=COMBINED),
    "DistinguishedHead": struct(heads=HASHES_8),
    "Credential": joined(
        struct(
            label=LABEL,
            version=U32,
            opening=OPENING,
            value=UPDATE_VALUE,
            binaryLadder=LADDER_8,
            position=U64,
        ),
        select(
            "credentialType",
            standard=struct(distinguished=PREFIX_PROOF),
            provisional=struct(treeHead=TREE_HEAD, search=COMBINED),
        ),
    ),
    "CredentialUpdate": struct(monitor=COMBINED),
    "ManagerUpdateRequest": struct(
        **LAST,
        **GREATEST,
        values=vector(1, UPDATE_VALUE, lambda r: 4 + least_suffix(r)),
        signedVersion=U32,
    ),
    "AuditorUpdate": struct(timestampMs=U64, added=LEAVES, removed=LEAVES, proof=PREFIX_PROOF),
}


def judge(name):
    read, write = STRUCTURES[name]

    def run(ciphersuite, mode, namesVersion, bytes):
        data = fromhex(bytes)
        demand(len(data) <= LIMITS.get(name, 2**24), "ERR_TOO_LARGE")
        reader = Reader(data, ciphersuite, mode, namesVersion)
        value = read(reader)
        demand(reader.left == 0, "ERR_TRAILING_BYTES")
        if write(value, reader) != data:
            raise AssertionError("written otherwise")
        return {"value": value}

    return run


JUDGES = {f"Kt{name}": judge(name) for name in STRUCTURES}
