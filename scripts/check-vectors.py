#!/usr/bin/env python3
"""Checks vectors/*.json in another language: every valid case gives its output, every invalid one is refused.

Written from docs/protocol.md, vectors/README.md, the specifications of C2SP, the RFCs and the KEYTRANS draft, not from
the TypeScript beside it, with Python's standard library alone: both curves are big-integer arithmetic here, so nothing
is skipped. Slow, and not for secrets.

    python3 scripts/check-vectors.py [folder]

Prints, for each file, how many cases ran and how many refusals carry the very code of the vector; a refusal
under another code is listed, and no failure: codes belong to one library, refusing belongs to the protocol.
"""

import json
import pathlib
import sys

from check_vectors import (
    checkpoints,
    codes,
    directory,
    formats,
    heads,
    keytrans,
    keytrans_audits,
    keytrans_credentials,
    keytrans_evidence,
    keytrans_exchanges,
    keytrans_log,
    keytrans_management,
    keytrans_order,
    keytrans_search_digests,
    keytrans_searches,
    lists,
    notes,
    prefixes,
    sessions,
    suites,
    tiles,
    transfer,
    trees,
    vrf,
    witnessed_heads,
)
from check_vectors.keys import SCHEMES, check_key, fromhex, key_id, read_key
from check_vectors.refusal import Refused

JUDGES = {
    "Hex": lambda text: {"bytes": formats.text_form("hex", text).hex()},
    "Base64": lambda text: {"bytes": formats.text_form("base64", text).hex()},
    "Base64Url": lambda text: {"bytes": formats.text_form("base64url", text).hex()},
    "Utf8": lambda bytes: {"text": formats.utf8(fromhex(bytes))},
    "PublicKey": formats.public_key,
    "RawPublicKey": lambda scheme, key: formats.public_output(check_key(SCHEMES[scheme], fromhex(key))),
    "RawPrivateKey": formats.raw_private_key,
    "SubjectPublicKeyInfo": lambda der: formats.public_output(formats.read_spki(fromhex(der))),
    "PrivateKeyInfo": lambda der: formats.private_output(formats.read_pkcs8(fromhex(der))),
    "PublicJwk": lambda jwk: formats.public_output(formats.read_public_jwk(jwk)),
    "PrivateJwk": lambda jwk: formats.private_output(formats.read_private_jwk(jwk)),
    "PublicPem": lambda pem: formats.public_output(formats.read_spki(formats.read_pem("PUBLIC KEY", pem))),
    "PrivatePem": lambda pem: formats.private_output(
        formats.read_pkcs8(formats.read_pem("PRIVATE KEY", pem))
    ),
    "Labelled": formats.label,
    "P256Signature": formats.signature,
    "Ed25519Signature": formats.signature,
    "DeterministicSignature": formats.deterministic,
    "FirstSight": lists.device_list,
    "NextList": lists.device_list,
    "DeviceEntry": lists.device_entry,
    "SasTranscript": sessions.sas_transcript,
    "SasSide": sessions.sas_side,
    "PublicCodeOf": lambda publicKey: {"text": codes.public_code(key_id(read_key(fromhex(publicKey))))},
    "PublicCode": lambda text: {"keyId": codes.read_public_code(text).hex()},
    "PublicCodeComparison": codes.compare_public_code,
    "SafetyNumber": codes.safety_number,
    "AccountSafetyNumber": codes.account_safety_number,
    "ScannedSafetyNumber": codes.scanned_safety_number,
    "QrPayloadOf": codes.qr_payload_of,
    "QrPayload": codes.qr_payload,
    "LeafHash": lambda data: {"hash": trees.leaf(fromhex(data)).hex()},
    "NodeHash": lambda left, right: {"hash": trees.node(fromhex(left), fromhex(right)).hex()},
    "TreeRoot": lambda leafHashes: {"root": trees.tree_root(map(fromhex, leafHashes)).hex()},
    "Inclusion": trees.inclusion,
    "Consistency": trees.consistency,
    "LogEntryHash": keytrans_log.entry_hash,
    "KeytransTree": keytrans_log.tree,
    "BatchProofPlan": keytrans_log.plan,
    "BatchProof": keytrans_log.batch_proof,
    "KeytransTrees": keytrans_log.trees,
    "SearchTree": keytrans_order.search_tree,
    "SearchTreeEntry": keytrans_order.entry,
    "UpdateView": keytrans_order.update_view,
    "DistinguishedEntries": keytrans_order.distinguished,
    "Expiry": keytrans_order.expiry,
    "BaseLadder": keytrans_order.base_ladder,
    "MonitoringLadder": keytrans_order.monitoring_ladder,
    "SearchLadder": keytrans_order.search_ladder,
    "LadderResults": keytrans_order.ladder_results,
    "SearchTrees": keytrans_order.search_trees,
    "Ladders": keytrans_order.ladders,
    "SearchProof": keytrans_searches.search_proof,
    "SearchAnswer": keytrans_searches.search_answer,
    "Searches": keytrans_search_digests.digests,
    "VerifierKey": notes.verifier_key,
    "VerifierKeyOf": notes.verifier_key_of,
    "SignedNote": notes.signed_note,
    "OpenedNote": notes.opened_note,
    "NoteOf": notes.note_of,
    "CheckpointText": heads.read_head,
    "Checkpoint": checkpoints.checkpoint,
    "Cosignature": checkpoints.cosignature,
    "TilePath": tiles.read_path,
    "EntryBundlePath": lambda form, path: tiles.read_path(form, path, entries=True),
    "LogTiles": tiles.log_tiles,
    "Tile": tiles.tile,
    "TileInclusion": tiles.tile_inclusion,
    "TileConsistency": tiles.tile_consistency,
    "EntryBundle": tiles.entry_bundle,
    **directory.JUDGES,
    **keytrans.JUDGES,
    **keytrans_audits.JUDGES,
    **keytrans_evidence.JUDGES,
    **keytrans_exchanges.JUDGES,
    "ManagerUpdates": keytrans_management.manage,
    **keytrans_credentials.JUDGES,
    **vrf.JUDGES,
    **suites.JUDGES,
    **witnessed_heads.JUDGES,
    **transfer.JUDGES,
    "PrefixHistory": prefixes.history,
    "PrefixProofOf": prefixes.proof_of,
    "PrefixEvaluation": prefixes.evaluation,
    "PrefixUpdate": prefixes.update,
}


def check(path):
    """@returns problems; prints one line, and one for each refusal under another code."""
    content = json.loads(path.read_text(encoding="utf-8"))
    problems, others, same = [], [], 0
    ends = {case["name"]: case["output"] for case in content["valid"]}

    def judge(case):
        given = case["input"]
        if given.get("before") is not None:
            # A story goes on: what was kept after the exchange of that name.
            given = given | {"before": ends[given["before"]]["after"]}
        return JUDGES[case["structure"]](**given)

    for case in content["valid"]:
        try:
            output = judge(case)
        except Refused as refused:
            output = str(refused)
        if output != case["output"]:
            problems.append(f"{case['name']}: {output}")
    for case in content["invalid"]:
        try:
            judge(case)
            problems.append(f"{case['name']}: accepted")
        except Refused as refused:
            if str(refused) == case["code"]:
                same += 1
            else:
                others.append(f"  {case['name']}: {refused} instead of {case['code']}")
    if "rolling" in content and trees.rolling(content["rolling"]["trees"]) != content["rolling"]:
        problems.append("the rolling digests differ")
    if "rollingPrefix" in content and (
        prefixes.rolling(content["rollingPrefix"]["trees"]) != content["rollingPrefix"]
    ):
        problems.append("the rolling digests differ")
    valid, invalid = len(content["valid"]), len(content["invalid"])
    print(f"{content['file']}: {valid} valid, {invalid} invalid, {same} of these with the same code")
    for line in others + [f"  WRONG {problem}" for problem in problems]:
        print(line)
    return problems


def main():
    here = pathlib.Path(__file__).parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "vectors"
    files = [path for path in sorted(root.glob("*.json")) if path.name != "schema.json"]
    if not files:
        sys.exit(f"no vectors in {root}")
    problems = [problem for path in files for problem in check(path)]
    sys.exit(f"{len(problems)} cases are wrong" if problems else 0)


main()
