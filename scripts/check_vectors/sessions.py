"""CKV/1, "The 8-digit code"."""

import hmac

from .keys import H, Reader, fromhex, labelled, vector16, whole
from .refusal import demand


def sas_commitment(purpose, session, initiator, nonce):
    head = bytes([1, purpose]) + session
    return H("sas commitment", head + vector16(initiator) + nonce)


def sas_code(purpose, session, initiator, responder, nonce_i, nonce_r):
    commitment = sas_commitment(purpose, session, initiator, nonce_i)
    content = bytes([1, purpose]) + session + vector16(initiator) + vector16(responder) + commitment
    mac = hmac.digest(nonce_i + nonce_r, labelled("sas code", content), "sha256")
    return f"{int.from_bytes(mac[:8], 'big') % 10**8:08}"


PURPOSES = {"contact": 1, "linking": 2}


def sas_transcript(purpose, sessionId, initiator, responder, initiatorNonce, responderNonce):
    number, session = PURPOSES[purpose], fromhex(sessionId)
    parties = fromhex(initiator), fromhex(responder)
    nonces = fromhex(initiatorNonce), fromhex(responderNonce)
    commitment = sas_commitment(number, session, parties[0], nonces[0])
    code = sas_code(number, session, *parties, *nonces)
    return {
        "commitment": commitment.hex(),
        "start": (bytes([1, 1, number]) + session + commitment).hex(),
        "reply": (bytes([1, 2]) + session + nonces[1]).hex(),
        "reveal": (bytes([1, 3]) + session + nonces[0]).hex(),
        "code": code,
        "display": f"{code[:4]} {code[4:]}",
    }


def read_message(reader):
    demand(reader.uint(1) == 1, "ERR_VERSION")
    kind = reader.uint(1)
    demand(kind in (1, 2, 3), "ERR_ENUM")
    purpose = reader.uint(1) if kind == 1 else None
    demand(purpose in (None, 1, 2), "ERR_ENUM")
    return kind, purpose, reader.take(16), reader.take(32)


def read_offer(reader):
    demand(reader.uint(1) == 1, "ERR_VERSION")
    reader.take(48)


def sas_side(role, purpose, own, peer, sessionId, initiatorNonce, responderNonce, seed, received):
    number = PURPOSES[purpose]
    own, peer = fromhex(own), fromhex(peer)
    nonce_i, nonce_r = (value and fromhex(value) for value in (initiatorNonce, responderNonce))
    begins = role == "initiator"
    for subject, initiates in ((own, begins), (peer, not begins)):
        whole(subject, read_offer if number == 2 and initiates else Reader.key)
    demand(own != peer, "ERR_SAS_OWN_KEY")

    events, sent, seen = [], [], []
    mine = theirs = session = reply = reveal = None
    if begins:
        session = fromhex(sessionId)
        mine = bytes([1, 1, number]) + session + sas_commitment(number, session, own, nonce_i)
        sent.append(mine)

    def answer():
        nonlocal session, reply, begins
        begins, session, reply = False, theirs[3:19], nonce_r
        sent.append(bytes([1, 2]) + session + reply)

    for message in map(fromhex, received):
        kind, about, of, value = whole(message, read_message)
        demand(not (kind == 1 and mine and value == mine[19:]), "ERR_SAS_REFLECTED")
        if message in seen:
            events.append("ignored-repeat")
        elif kind == 1:
            known = [start[3:19] for start in (mine, theirs) if start]
            demand(of not in known, "ERR_SAS_UNEXPECTED")
            if theirs:
                events.append("further-start")
                continue
            demand(about == number, "ERR_SAS_PURPOSE")
            theirs = message
            if mine is None:
                events.append("start-accepted")
                answer()
            elif value > mine[19:]:
                events.append("crossed-yielded")
                answer()
            else:
                events.append("crossed-kept")
            seen.append(message)
        elif of != session:
            events.append("ignored-foreign")
        elif kind == 2:
            demand(begins and reply is None, "ERR_SAS_UNEXPECTED")
            reply, reveal = value, nonce_i
            sent.append(bytes([1, 3]) + session + reveal)
            events.append("code-ready")
            seen.append(message)
        else:
            demand(not begins and reveal is None, "ERR_SAS_UNEXPECTED")
            demand(sas_commitment(number, session, peer, value) == theirs[19:], "ERR_SAS_COMMITMENT")
            reveal = value
            events.append("code-ready")
            seen.append(message)

    code = None
    if reveal is not None:
        parties = (own, peer) if begins else (peer, own)
        code = sas_code(number, session, *parties, reveal, reply)
    return {
        "events": events,
        "sent": [message.hex() for message in sent],
        "code": code,
        "display": code and f"{code[:4]} {code[4:]}",
    }
