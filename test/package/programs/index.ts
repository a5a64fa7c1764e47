/** The main flows from the main entry alone: publish, accept, look up in a log. */

import {
  comparePublicCode,
  deriveFirstPosition,
  derivePublicCode,
  draftFirstList,
  ed25519,
  generatePrivateKey,
  hashLeaf,
  p256,
  signDeviceEntry,
  signDeviceList,
  treeRoot,
  verifyDeviceList,
  verifyInclusion,
} from 'contact-key-verification';

export function work(): string {
  const identifier = 'tel:+15551234567';
  const account = generatePrivateKey(ed25519);
  const position = deriveFirstPosition({ identifier, accountKey: account.publicKey });
  const entry = { id: 'phone', messagingKeys: Uint8Array.of(1) };
  const phone = signDeviceEntry(position, entry, generatePrivateKey(p256));
  const published = signDeviceList(draftFirstList(position, [phone]), [account]).encoded;

  const list = verifyDeviceList(published, { identifier });
  const code = comparePublicCode(derivePublicCode(account.publicKey), list);

  const leafHash = hashLeaf(published);
  const head = { treeSize: 1, root: treeRoot(leafHash) };
  const { index } = verifyInclusion(head, { index: 0, leafHash, proof: [] });
  return `list ${list.sequence} of ${list.devices.length} device, code ${code}, leaf ${index} of 1`;
}
