/*
 * libwaku v0.38.0 and v0.38.1, the last libwaku, as we know its ABI: the names of generation B with the callback
 * directly behind the context (not so in waku_new). Recorded by us; see generation-b.h.
 */
#ifndef WAKU_ABI_GENERATION_C_H
#define WAKU_ABI_GENERATION_C_H

#include <stddef.h>

/* ret: 0 OK, 1 error, 2 missing callback. msg: not NUL-terminated, valid during the call, NULL allowed with len 0. */
typedef void (*WakuCallBack)(int ret, const char *msg, size_t len, void *userData);

void *waku_new(const char *configJson, WakuCallBack callback, void *userData);
void set_event_callback(void *ctx, WakuCallBack callback, void *userData);
int waku_start(void *ctx, WakuCallBack callback, void *userData);
int waku_stop(void *ctx, WakuCallBack callback, void *userData);
int waku_destroy(void *ctx, WakuCallBack callback, void *userData);
int waku_version(void *ctx, WakuCallBack callback, void *userData);
int waku_relay_publish(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic, const char *messageJson, unsigned timeoutMs);
int waku_relay_subscribe(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_relay_unsubscribe(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_relay_add_protected_shard(void *ctx, WakuCallBack callback, void *userData, int cluster, int shard, char *publicKey);
int waku_relay_get_num_connected_peers(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_relay_get_connected_peers(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_relay_get_num_peers_in_mesh(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_relay_get_peers_in_mesh(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic);
int waku_connect(void *ctx, WakuCallBack callback, void *userData, const char *multiaddr, unsigned timeoutMs);
int waku_dial_peer(void *ctx, WakuCallBack callback, void *userData, const char *multiaddr, const char *protocol, int timeoutMs);
int waku_dial_peer_by_id(void *ctx, WakuCallBack callback, void *userData, const char *peerId, const char *protocol, int timeoutMs);
int waku_disconnect_peer_by_id(void *ctx, WakuCallBack callback, void *userData, const char *peerId);
int waku_disconnect_all_peers(void *ctx, WakuCallBack callback, void *userData);
int waku_get_connected_peers(void *ctx, WakuCallBack callback, void *userData);
int waku_get_connected_peers_info(void *ctx, WakuCallBack callback, void *userData);
int waku_get_peerids_from_peerstore(void *ctx, WakuCallBack callback, void *userData);
int waku_get_peerids_by_protocol(void *ctx, WakuCallBack callback, void *userData, const char *protocol);
int waku_listen_addresses(void *ctx, WakuCallBack callback, void *userData);
int waku_get_my_enr(void *ctx, WakuCallBack callback, void *userData);
int waku_get_my_peerid(void *ctx, WakuCallBack callback, void *userData);
int waku_get_metrics(void *ctx, WakuCallBack callback, void *userData);
int waku_is_online(void *ctx, WakuCallBack callback, void *userData);
int waku_ping_peer(void *ctx, WakuCallBack callback, void *userData, const char *multiaddr, int timeoutMs);
int waku_start_discv5(void *ctx, WakuCallBack callback, void *userData);
int waku_stop_discv5(void *ctx, WakuCallBack callback, void *userData);
int waku_discv5_update_bootnodes(void *ctx, WakuCallBack callback, void *userData, char *jsonArrayOfEnr);
int waku_dns_discovery(void *ctx, WakuCallBack callback, void *userData, const char *enrTreeUrl, const char *nameServer, int timeoutMs);
int waku_peer_exchange_request(void *ctx, WakuCallBack callback, void *userData, int peers);
int waku_store_query(void *ctx, WakuCallBack callback, void *userData, const char *queryJson, const char *peerAddr, int timeoutMs);
int waku_lightpush_publish(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic, const char *messageJson);
int waku_filter_subscribe(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic, const char *contentTopics);
int waku_filter_unsubscribe(void *ctx, WakuCallBack callback, void *userData, const char *pubsubTopic, const char *contentTopics);
int waku_filter_unsubscribe_all(void *ctx, WakuCallBack callback, void *userData);

#endif
