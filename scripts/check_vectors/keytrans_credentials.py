"""Credentials of IETF Key Transparency, and their final verification.

A user is what it knows: of each recent distinguished entry the log when that entry was its last.
"""

from . import keytrans_log, keytrans_order as order, keytrans_searches as searches
from . import keytrans_users as users, keytrans_walks as walks
from .keys import fromhex
from .refusal import demand


class Reader(users.User):
    """Verifies what is signed for one log, without a state."""

    def __init__(self, configuration, label):
        self.config = users.read("Configuration", configuration)
        self.suite, self.mode = self.config["ciphersuite"], self.config["mode"]
        self.window = self.config["reasonableMonitoringWindowMs"]
        self.request = {"label": label}

    def read_through(self, size, base, versions, proof, walk):
        """What a proof shows to one who knows an earlier tree: what the walk found, the later tree, its nodes."""
        known = {
            version: (fromhex(output), commitment and fromhex(commitment))
            for version, (output, commitment) in versions.items()
        }
        demand(size >= base["treeSize"], "ERR_HEAD_ORDER")
        book = searches.Notebook(size, base, known, proof)
        for x in order.update_view(size, base["treeSize"])["positions"]:
            book.time(x)
        found, met = walk(book), {}
        log = book.close(base, None, met)
        return found, log | {"treeSize": size}, met

    def open(self, base, credential):
        """@returns versions and, of a provisional credential, where its search ends and in which tree"""
        value, version, position = credential["value"], credential["version"], credential["position"]
        commitment = self.commitment(credential["opening"], version, **value)
        ladder = order.base_ladder(version)["versions"]
        versions = self.ladder(ladder, credential["binaryLadder"], lambda one: one < version)
        versions[version] = versions[version][0], commitment
        if credential["credentialType"] == "standard":

            def look(book):
                demand(book.ladder(position, version, omit=False) == 0, "ERR_GREATEST_VERSION")

            proof = {"timestampsMs": [], "prefixProofs": [credential["distinguished"]], "prefixRoots": []}
            self.read_through(base["treeSize"], base, versions, proof | {"inclusion": {"elements": []}}, look)
            return versions, None

        def search(book):
            found = searches.greatest(book, self.window, version)
            demand(found["terminal"] > position, "ERR_CREDENTIAL_TERMINAL")
            return found["terminal"]

        head = credential["treeHead"]
        demand(head["treeSize"] > position, "ERR_HEAD_ORDER")
        end, tree, met = self.read_through(head["treeSize"], base, versions, credential["search"], search)
        key, signature = self.config["signaturePublicKey"], head["signature"]
        signed = self.is_signed(key, "TreeHeadTbs", signature, treeSize=head["treeSize"], root=tree["root"])
        demand(signed, "ERR_SIGNATURE")
        return versions, (end, tree, met)


def last(view):
    return view["frontier"][-1]


def verification(configuration, known, label, credential):
    reader = Reader(configuration, label)
    credential = reader.read("Credential", credential)
    demand(credential["label"] == label, "ERR_CREDENTIAL_LABEL")
    position = credential["position"]
    demand(known and position <= last(known[-1])["position"], "ERR_CREDENTIAL_EARLY")
    base = [one for one in known if last(one)["position"] == position]
    demand(base, "ERR_CREDENTIAL_POSITION")
    _, shown = reader.open(base[0], credential)
    return {
        "kind": credential["credentialType"],
        "version": credential["version"],
        "value": credential["value"]["value"],
        "position": position,
        "timestampMs": last(shown[1] if shown else base[0])["timestampMs"],
        "terminal": shown[0] if shown else None,
    }


def settlement(configuration, known, base, credential, update):
    reader = Reader(configuration, None)
    credential = reader.read("Credential", credential)
    reader.request = {"label": credential["label"]}
    versions, (end, tree, met) = reader.open(base, credential)
    update = None if update is None else reader.read("CredentialUpdate", update)["monitor"]
    for view in known:
        if view["treeSize"] == end + 1:
            [shown] = [one for one in tree["frontier"] if one["position"] == end]
            demand(shown["prefixTree"] == last(view)["prefixTree"], "ERR_ENTRY_ROOT")
            demand(keytrans_log.older_root(end + 1, met).hex() == root(view), "ERR_RETAINED_SUBTREE")
            return {"isVerified": True}
    behind = [view for view in known if view["treeSize"] > end + 1 and view["treeSize"] >= tree["treeSize"]]
    if not behind or update is None:
        return {"isVerified": False}

    def follow(book):
        if reader.mode == "contactMonitoring":
            walks.contact(book, reader.window, [(end, credential["version"])])

    view = behind[0]
    _, extended, _ = reader.read_through(view["treeSize"], tree, versions, update, follow)
    demand(extended["root"] == root(view), "ERR_PROOF_ROOT")
    return {"isVerified": True}


def root(view):
    return keytrans_log.batch_proof(view["treeSize"], [], view, None, [])["root"]


JUDGES = {"CredentialVerification": verification, "CredentialSettlement": settlement}
