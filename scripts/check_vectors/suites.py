"""The cipher suites of KEYTRANS: commitments, and signatures over what has no label."""

import hmac

from .ed25519 import ed_public, ed_sign, ed_verify
from .keys import SCHEMES, check_key, fromhex
from .p256 import FN, p256_public, p256_sign, p256_verify
from .refusal import demand
from .vrf import P256, Edwards25519


def commit(commitmentValue):
    fixed = fromhex("d821f8790d97709796b4d7903357c3f5")
    return {"commitment": hmac.digest(fixed, fromhex(commitmentValue), "sha256").hex()}


def opening(commitment, commitmentValue):
    demand(commit(commitmentValue)["commitment"] == commitment, "ERR_COMMITMENT")
    return {}


SUITES = {"KT_128_SHA256_P256": "P-256", "KT_128_SHA256_Ed25519": "Ed25519"}


def signing(suite, secret, message):
    secret, message = fromhex(secret), fromhex(message)
    if SUITES[suite] == "Ed25519":
        Edwards25519.scalar(secret)
        return {"publicKey": ed_public(secret).hex(), "signature": ed_sign(secret, message).hex()}
    P256.scalar(secret)
    signature = p256_sign(secret, message)
    s = int.from_bytes(signature[32:], "big")
    lower = signature[:32] + min(s, FN - s).to_bytes(32, "big")
    return {"publicKey": p256_public(secret).hex(), "signature": lower.hex()}


def signature(suite, publicKey, message, signature):
    _, encoding = check_key(SCHEMES[SUITES[suite]], fromhex(publicKey))
    verify = ed_verify if SUITES[suite] == "Ed25519" else p256_verify
    demand(verify(encoding, fromhex(message), fromhex(signature)), "ERR_SIGNATURE")
    return {}


JUDGES = {
    "Commitment": commit,
    "CommitmentOpening": opening,
    "SuiteSigning": signing,
    "SuiteSignature": signature,
}
