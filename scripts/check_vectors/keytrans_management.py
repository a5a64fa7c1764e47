"""The manager of a log of IETF Key Transparency ("Management"): what it makes of a service operator's requests.

The log is a list of what its entries have inserted; nothing of it is hashed here.
"""

from . import keytrans, keytrans_searches as searches, keytrans_users as users, suites
from .keys import cached
from .refusal import demand, Refused

# An UpdateResponse has at most 255 steps, 64 of which the ladder of one version can take.
VERSIONS_OF_AN_ENTRY = 255 - 64


def manage(configuration, signatureKey, vrfKey, requests):
    config, log = users.read("Configuration", configuration), []
    demand(config["mode"] == "thirdPartyManagement", "ERR_DEPLOYMENT_MODE")
    return {"outcomes": [answer(config, log, request) for request in requests]}


def answer(config, log, data):
    request = users.read("ManagerUpdateRequest", data, config["ciphersuite"], config["mode"])
    label, values, signed = request["label"], request["values"], request["signedVersion"]
    demand(values or signed == 0, "ERR_SIGNED_NOTHING")
    history = [one for name, one in log if name == label]
    lasts = [one["firstVersion"] + one["skipped"] + len(one["values"]) - 1 for one in history]
    known = -1 if request["greatestVersion"] is None else request["greatestVersion"]
    # A version that the label has, and the last of those that its entry made; or none at all.
    demand(known in [-1, *lasts], "ERR_KNOWN_VERSION")
    greatest = lasts[-1] if lasts else -1
    if known < greatest:
        return {"isTaken": False, "insertions": [one for one in history if one["firstVersion"] > known]}
    demand(values, "ERR_UPDATE_EMPTY")
    demand(signed > greatest, "ERR_SIGNED_VERSION")
    skipped = signed - (greatest + 1)
    demand(skipped + len(values) <= VERSIONS_OF_AN_ENTRY, "ERR_ENTRY_FULL")
    for i, update in enumerate(values):
        verify(config, label, signed + i, update)
    inserted = {
        "position": len(log),
        "firstVersion": greatest + 1,
        "skipped": skipped,
        "values": [update["value"] for update in values],
    }
    log.append((label, inserted))
    return {"isTaken": True, "insertions": [inserted]}


def verify(config, label, version, update):
    reader = keytrans.Reader(b"", config["ciphersuite"], config["mode"], False)
    fields = {"config": config, "label": label, "version": version, "value": update["value"]}
    tbs = keytrans.STRUCTURES["UpdateTbs"][1](fields, reader).hex()
    signing, _ = searches.CURVES[config["ciphersuite"]]
    signature = update["suffix"]["signature"]
    try:
        cached(suites.signature, signing, config["leafPublicKey"], tbs, signature)
    except Refused:
        raise Refused("ERR_VALUE_SIGNATURE") from None
