import { createMemoryNodeStore } from 'contact-key-verification/prefix.js';
import { KT_128_SHA256_Ed25519 as suite, SecretBytes } from 'contact-key-verification/suites.js';
import { createClient, encodeConfiguration } from 'contact-key-verification/transparency.js';

const keyPair = () => {
  const secret = suite.signatures.scheme.generatePrivateKey();
  return { key: new SecretBytes(secret), publicKey: suite.signatures.scheme.derivePublicKey(secret) };
};
const [headKeys, leafKeys] = [keyPair(), keyPair()];
const vrfKey = suite.vrf.generatePrivateKey();
const configuration = encodeConfiguration({
  ciphersuite: suite.id,
  mode: 'thirdPartyManagement',
  signaturePublicKey: headKeys.publicKey,
  vrfPublicKey: vrfKey.publicKey.encoded,
  leafPublicKey: leafKeys.publicKey,
  maxAheadMs: 300_000,
  maxBehindMs: 3_600_000,
  reasonableMonitoringWindowMs: 86_400_000,
  maximumLifetimeMs: undefined,
});
const signTreeHead = (treeHeadTbs: Uint8Array): Uint8Array =>
  suite.signatures.sign(headKeys.key, treeHeadTbs);
const signValue = (updateTbs: Uint8Array): Uint8Array => suite.signatures.sign(leafKeys.key, updateTbs);
const [managersStore, store] = [createMemoryNodeStore(), createMemoryNodeStore()];
const label = new TextEncoder().encode('bob');
const values = [new TextEncoder().encode('a device list')];
// ---
import { createOperator, createServiceOperator } from 'contact-key-verification/operator.js';

// The manager: the log, as in every other mode. What the service has not signed does not get in.
const manager = await createOperator(configuration, {
  suite,
  signer: signTreeHead,
  vrfKey,
  store: managersStore,
});
await manager.insert([], { nowMs: Date.now() });

// You: one value for each version, and one log for all your users.
const service = await createServiceOperator(configuration, { suite, signer: signValue, store });

/** Verifies the manager's newest head: it extends what was seen before, or this throws. */
async function follow(): Promise<void> {
  const { request, verify } = service.follow();
  await verify(await manager.distinguished(request), { nowMs: Date.now() });
}

/** The request of a user who may change the label: your rule has said so. */
async function update(updateRequest: Uint8Array): Promise<readonly Uint8Array[]> {
  const { request } = await service.authorize(updateRequest); // signed: now no other value can have its versions
  const [outcome] = await manager.update([{ request }], { nowMs: Date.now() });
  if (outcome?.responses === undefined) throw outcome?.refusal;
  await follow();
  for (const response of outcome.responses) service.checkResponse(response);
  return outcome.responses;
}

/** Now and then, and when `authorize` says `ERR_UNSETTLED`: which versions came to be. */
async function review(): Promise<number> {
  const { request, verify } = service.review(label);
  const { version } = await verify(await manager.search(request), { nowMs: Date.now() });
  return version;
}

const nobody = createClient(configuration, { suite });
const claim = nobody.initializeOwner(label, 0);
const { after } = claim.verify(await manager.ownerInit(claim.request), { nowMs: Date.now() });
const publishing = nobody.at(after).update(label, values);
const published = publishing.verify(await update(publishing.request), { nowMs: Date.now() });
console.log(published.isCreated ? 'published as version' : 'told of version', await review());
