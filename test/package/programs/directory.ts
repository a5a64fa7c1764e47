/** A device list that is published in a log, and looked up. */

import { createContact, reviewContact } from 'contact-key-verification/contacts.js';
import {
  claimIdentifier,
  comparePeerHeads,
  encodeSeenHeads,
  lookUpDevices,
  publishDevices,
  verifyPublication,
} from 'contact-key-verification/directory.js';
import {
  deriveFirstPosition,
  draftFirstList,
  generatePrivateKey,
  signDeviceEntry,
  signDeviceList,
} from 'contact-key-verification/keys.js';
import { type AccessRule, createOperator, type Operator } from 'contact-key-verification/operator.js';
import { ed25519, KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';

const IDENTIFIER = 'tel:+15551234567';
const nowMs = 1_700_000_000_000;

export async function work(): Promise<string> {
  const secret = suite.signatures.scheme.generatePrivateKey();
  const vrfKey = suite.vrf.generatePrivateKey();
  const configuration = encodeConfiguration({
    ciphersuite: suite.id,
    mode: 'contactMonitoring',
    signaturePublicKey: suite.signatures.scheme.derivePublicKey(secret),
    vrfPublicKey: vrfKey.publicKey.encoded,
    maxAheadMs: 60_000,
    maxBehindMs: 60_000,
    reasonableMonitoringWindowMs: 86_400_000,
    maximumLifetimeMs: undefined,
  });
  const key = new SecretBytes(secret);
  const opened: { operator?: Operator } = {};
  const access: AccessRule<unknown> = async ({ operation, request }) => {
    if (operation === 'update') {
      verifyPublication(request, await (opened.operator as Operator).newest(request.label));
    }
    return true;
  };
  const signer = (treeHeadTbs: Uint8Array): Uint8Array => suite.signatures.sign(key, treeHeadTbs);
  const operator = await createOperator(configuration, { suite, vrfKey, signer, access });
  opened.operator = operator;
  await operator.insert([], { nowMs });

  const accountKey = generatePrivateKey(ed25519);
  const position = deriveFirstPosition({ identifier: IDENTIFIER, accountKey: accountKey.publicKey });
  const description = { id: 'phone', messagingKeys: new Uint8Array(32) };
  const device = signDeviceEntry(position, description, generatePrivateKey(ed25519));
  const list = signDeviceList(draftFirstList(position, [device]), [accountKey]);

  const client = createClient(configuration, { suite });
  const claim = claimIdentifier(client, { identifier: IDENTIFIER, start: 0 });
  const { after } = claim.review(await operator.ownerInit(claim.request), { nowMs });
  const publishing = publishDevices(client.at(after), list);
  const [sent] = await operator.update([{ request: publishing.request }], { nowMs });
  const { outcome } = publishing.review(sent?.responses ?? [], { nowMs });

  const lookUp = lookUpDevices(client, { identifier: IDENTIFIER });
  const { directory, log } = lookUp.review(await operator.search(lookUp.request), { nowMs });
  const stored = createContact({ identifier: list.identifier });
  const { trust, devices } = reviewContact({ stored, directory, log, nowMs });

  const walk = client.distinguishedHeads();
  const seen = walk.verify(await operator.distinguished(walk.request), { nowMs });
  const fork = comparePeerHeads(seen, encodeSeenHeads(seen));
  return `${outcome}, ${log.kind}, ${trust}, ${devices.length} device, ${fork.kind}`;
}
