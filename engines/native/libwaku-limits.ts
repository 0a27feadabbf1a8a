/** For tests: what of the contract the real libwaku cannot keep, by the test's title, and why. */
export const NO_UNSUBSCRIBE = 'libwaku cannot unsubscribe: the node goes on relaying the topic';
export const NO_DETAILS = "libwaku does not tell a peer's agent, direction and shards";

export const LIBWAKU_LIMITS: Readonly<Record<string, string>> = {
  'unsubscribed hears nothing; subscribed again hears, and is back in the mesh': NO_UNSUBSCRIBE,
  'both sides know address, protocols, direction, origin and shards': NO_DETAILS,
  "both sides know the other's agent": NO_DETAILS,
};
