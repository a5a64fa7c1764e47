"""Checkpoints under a policy: C2SP tlog-checkpoint, tlog-cosignature, tlog-policy."""

import hashlib

from .heads import read_head
from .notes import read_note, read_vkey, signature, signers, write_line
from .refusal import demand


def all_keys(policy):
    return policy["keys"] + [key for group in policy["groups"] for key in all_keys(group)]


def reached(policy, by):
    signed = {(one["name"], one["id"]) for one in by}
    members = [(key["name"], key["id"]) in signed for key in map(read_vkey, policy["keys"])]
    members += [reached(group, by) for group in policy["groups"]]
    return sum(members) >= policy["threshold"]


def checkpoint(note, origin, keys, witnesses, freshness):
    read = read_note(note.encode())
    of_log = [read_vkey(key) for key in keys]
    of_witnesses = [read_vkey(key) for key in all_keys(witnesses)] if witnesses else []
    found = signers(read, of_log + of_witnesses)

    def part(some):
        names = {(key["name"], key["id"]) for key in some}
        return [one for one in found if (one["name"], one["id"]) in names]

    by, witnessed = part(of_log), part(of_witnesses)
    demand(by, "ERR_NOTE_UNSIGNED")
    head = read_head(read[0])
    demand(head["origin"] == origin, "ERR_CHECKPOINT_ORIGIN")
    empty = hashlib.sha256(b"").hexdigest()
    demand(head["treeSize"] or head["root"] == empty, "ERR_CHECKPOINT_EMPTY")
    demand(not witnesses or reached(witnesses, witnessed), "ERR_WITNESSES")
    if freshness:
        least = freshness["nowMs"] - freshness["maxAgeMs"]
        most = freshness["nowMs"] + freshness["maxAheadMs"]
        fresh = [one for one in found if one["timestampMs"] is not None and least <= one["timestampMs"] <= most]
        enough = reached(witnesses, fresh) if witnesses else any(one in fresh for one in by)
        demand(enough, "ERR_CHECKPOINT_TIME")
    return {**head, "signedBy": by, "cosignedBy": witnessed}


def cosignature(note, origin, keys, witness, nowMs):
    checkpoint(note, origin, keys, None, None)
    text, lines = read_note(note.encode())
    added = signature(witness, text, nowMs)
    lines = [line for line in lines if line[:2] != added[:2]] + [added]
    return {"line": write_line(*added), "note": text + "\n" + "".join(write_line(*line) for line in lines)}
