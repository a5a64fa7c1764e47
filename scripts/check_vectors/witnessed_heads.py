"""Head logs of key transparency logs: docs/keytrans.md ("Witnesses") and C2SP tlog-witness."""

import hashlib
import re

from . import checkpoints, keytrans, suites, trees
from .formats import text_form
from .heads import read_head
from .keys import cached, fromhex
from .keytrans_searches import CURVES
from .keytrans_users import read as read_wire
from .notes import read_note, read_vkey, signers, write_line
from .refusal import Refused, demand

MODES = ["contactMonitoring", "thirdPartyManagement", "thirdPartyAuditing"]

# ------------------------------------------------------------------------------------- entries


def log_id(config):
    numbers = bytes([config["ciphersuite"], MODES.index(config["mode"]) + 1])
    keys = fromhex(config["signaturePublicKey"]) + fromhex(config["vrfPublicKey"])
    return hashlib.sha256(numbers + keys).digest()


class Bytes:
    def __init__(self, data):
        self.data = data

    def take(self, count):
        demand(len(self.data) >= count, "ERR_TRUNCATED")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def uint(self, width):
        value = int.from_bytes(self.take(width), "big")
        demand(value < 2**53, "ERR_INTEGER")
        return value


def read_entry(config, data):
    demand(len(data) <= 1024, "ERR_TOO_LARGE")
    r = Bytes(data)
    demand(r.uint(2) == 1, "ERR_VERSION")
    log = r.take(32)
    head = {"position": r.uint(8), "timestampMs": r.uint(8), "root": r.take(32).hex()}
    signature = r.take(r.uint(2)).hex()
    demand(not r.data, "ERR_TRAILING_BYTES")
    demand(log == log_id(config), "ERR_HEAD_LOG_OTHER")
    reader = keytrans.Reader(b"", config["ciphersuite"], config["mode"], False)
    tbs = {"config": config, "treeSize": head["position"] + 1, "root": head["root"]}
    message = keytrans.STRUCTURES["TreeHeadTbs"][1](tbs, reader).hex()
    suite, _ = CURVES[config["ciphersuite"]]
    try:
        cached(suites.signature, suite, config["signaturePublicKey"], message, signature)
    except Refused as refused:
        raise Refused("ERR_SIGNATURE") from refused
    return head


def head_log_entries(configuration, entries):
    config = read_wire("Configuration", configuration)
    found = []
    for entry in entries:
        head = read_entry(config, fromhex(entry))
        if found:
            before = found[-1]
            fork = head["position"] == before["position"] and head["root"] != before["root"]
            demand(not fork, "ERR_HEAD_MISMATCH")
            demand(head["position"] > before["position"], "ERR_HEAD_LOG_ORDER")
            demand(head["timestampMs"] >= before["timestampMs"], "ERR_TIMESTAMP_ORDER")
        found.append(head)
    return {"heads": found, "root": trees.tree_root(trees.leaf(fromhex(entry)) for entry in entries).hex()}


# ------------------------------------------------------------------------------------- witnesses


def read_size(text):
    demand(int(text) < 2**53, "ERR_INTEGER")
    return int(text)


def add_checkpoint(body):
    opening, blank, checkpoint = body.partition("\n\n")
    first, *lines = opening.split("\n")
    match = re.fullmatch("old (0|[1-9][0-9]{0,15})", first, re.A)
    demand(blank and match, "ERR_NOTE_FORMAT")
    size = read_size(match[1])
    demand(len(lines) <= 63, "ERR_LENGTH")
    proof = [text_form("base64", line) for line in lines]
    demand(all(len(hash) == 32 for hash in proof), "ERR_LENGTH")
    return {"oldSize": size, "proof": [hash.hex() for hash in proof], "checkpoint": checkpoint}


def witness_answer(status, body, checkpoint, keys):
    answer = {"outcome": "refused", "lines": None, "cosignedBy": None, "treeSize": None, "status": None}
    if status == 409 and body:
        match = re.fullmatch("(0|[1-9][0-9]{0,15})\n", body, re.A)
        demand(match, "ERR_CHECKPOINT_FORMAT")
        return answer | {"outcome": "conflict", "treeSize": read_size(match[1])}
    if status != 200:
        return answer | {"status": status}
    keys = [read_vkey(key) for key in keys]
    names = [(key["name"], key["id"]) for key in keys]
    text, _ = read_note(checkpoint.encode())
    _, lines = read_note(f"{text}\n{body}".encode())
    own = [line for line in lines if line[:2] in names]
    by = signers((text, own), keys)
    demand(by, "ERR_NOTE_UNSIGNED")
    demand(all(one["timestampMs"] for one in by), "ERR_SIGNATURE")
    return answer | {"outcome": "cosigned", "lines": "".join(write_line(*line) for line in own), "cosignedBy": by}


def witness_decision(body, logs, latest):
    def answer(status, size=None):
        return {"status": status, "size": size}

    try:
        request = add_checkpoint(body)
    except Refused:
        return answer(400)
    note = request["checkpoint"]
    log = next((log for log in logs if log["origin"] == note.split("\n")[0]), None)
    if log is None:
        return answer(404)
    try:
        checkpoints.checkpoint(note, log["origin"], log["keys"], None, None)
    except Refused as refused:
        unsigned = str(refused) in ("ERR_SIGNATURE", "ERR_NOTE_UNSIGNED")
        return answer(403 if unsigned else 422 if str(refused) == "ERR_CHECKPOINT_EMPTY" else 400)
    head = read_head(read_note(note.encode())[0])
    known = latest["treeSize"] if latest else 0
    if request["oldSize"] > head["treeSize"]:
        return answer(400)
    if request["oldSize"] != known:
        return answer(409, known)
    if known == 0:
        return answer(422 if request["proof"] else 200)
    try:
        trees.consistency(known, latest["root"], head["treeSize"], head["root"], request["proof"])
    except Refused:
        return answer(422)
    return answer(200)


# ------------------------------------------------------------------------------------- comparing


def compare(matched, pending, heads, oldestMs):
    nothing = {"witnessed": None, "proven": None, "matched": None, "pending": 0, "skipped": 0}
    known = ([matched] if matched else []) + pending
    of_user = {head["position"]: head for head in heads}
    of_log = {head["position"]: head for head in known}

    def covers(positions, position):
        return bool(positions) and min(positions) <= position <= max(positions)

    for position, witnessed in of_log.items():
        if covers(of_user, position):
            proven = of_user.get(position)
            both = {"witnessed": witnessed, "proven": proven}
            if proven is None:
                return nothing | {"outcome": "foreign"} | both
            if proven["root"] != witnessed["root"]:
                return nothing | {"outcome": "other-root"} | both
            if proven["timestampMs"] != witnessed["timestampMs"]:
                return nothing | {"outcome": "other-time"} | both
    for position, proven in of_user.items():
        if covers(of_log, position) and position not in of_log:
            return nothing | {"outcome": "omitted", "proven": proven}
    last = max((p for p in of_log if p in of_user), default=matched["position"] if matched else -1)
    waiting = [head for head in pending if head["position"] > last]
    skipped = sum(head["position"] < last and head["position"] not in of_user for head in pending)
    if last >= 0 and of_log[last]["timestampMs"] >= oldestMs:
        found = {"matched": of_log[last], "pending": len(waiting), "skipped": skipped}
        return nothing | {"outcome": "gap" if skipped else "same"} | found
    for head in waiting:
        if head["timestampMs"] >= oldestMs and head["position"] > max(of_user, default=-1):
            return nothing | {"outcome": "log-late", "witnessed": head}
    return nothing | {"outcome": "head-log-late"}


JUDGES = {
    "HeadLogEntries": head_log_entries,
    "AddCheckpoint": add_checkpoint,
    "WitnessAnswer": witness_answer,
    "WitnessDecision": witness_decision,
    "WitnessedComparison": compare,
}
