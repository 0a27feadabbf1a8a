/*
 * libwaku v0.35.0 to v0.37.4, as we know its ABI; libgowaku exports the same. Recorded by us, one prototype per
 * entry. The fixture is compiled against it, and the bridge's table is compared with it.
 * Behind v0.36: the lists of connected and mesh peers, waku_disconnect_all_peers, waku_get_connected_peers_info,
 * waku_is_online.
 */
#ifndef WAKU_ABI_GENERATION_B_H
#define WAKU_ABI_GENERATION_B_H

#include <stddef.h>

/* ret: 0 OK, 1 error, 2 missing callback. msg: not NUL-terminated, valid during the call, NULL allowed with len 0. */
typedef void (*WakuCallBack)(int ret, const char *msg, size_t len, void *userData);

void *waku_new(const char *configJson, WakuCallBack callback, void *userData);
void waku_set_event_callback(void *ctx, WakuCallBack callback, void *userData);
int waku_start(void *ctx, WakuCallBack callback, void *userData);
int waku_stop(void *ctx, WakuCallBack callback, void *userData);
int waku_destroy(void *ctx, WakuCallBack callback, void *userData);
int waku_version(void *ctx, WakuCallBack callback, void *userData);
int waku_relay_publish(void *ctx, const char *pubsubTopic, const char *messageJson, unsigned timeoutMs, WakuCallBack callback, void *userData);
int waku_relay_subscribe(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_relay_unsubscribe(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_relay_add_protected_shard(void *ctx, int cluster, int shard, char *publicKey, WakuCallBack callback, void *userData);
int waku_relay_get_num_connected_peers(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_relay_get_connected_peers(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_relay_get_num_peers_in_mesh(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_relay_get_peers_in_mesh(void *ctx, const char *pubsubTopic, WakuCallBack callback, void *userData);
int waku_connect(void *ctx, const char *multiaddr, unsigned timeoutMs, WakuCallBack callback, void *userData);
int waku_dial_peer(void *ctx, const char *multiaddr, const char *protocol, int timeoutMs, WakuCallBack callback, void *userData);
int waku_dial_peer_by_id(void *ctx, const char *peerId, const char *protocol, int timeoutMs, WakuCallBack callback, void *userData);
int waku_disconnect_peer_by_id(void *ctx, const char *peerId, WakuCallBack callback, void *userData);
int waku_disconnect_all_peers(void *ctx, WakuCallBack callback, void *userData);
int waku_get_connected_peers(void *ctx, WakuCallBack callback, void *userData);
int waku_get_connected_peers_info(void *ctx, WakuCallBack callback, void *userData);
int waku_get_peerids_from_peerstore(void *ctx, WakuCallBack callback, void *userData);
int waku_get_peerids_by_protocol(void *ctx, const char *protocol, WakuCallBack callback, void *userData);
int waku_listen_addresses(void *ctx, WakuCallBack callback, void *userData);
int waku_get_my_enr(void *ctx, WakuCallBack callback, void *userData);
int waku_get_my_peerid(void *ctx, WakuCallBack callback, void *userData);
int waku_get_metrics(void *ctx, WakuCallBack callback, void *userData);
int waku_is_online(void *ctx, WakuCallBack callback, void *userData);
int waku_ping_peer(void *ctx, const char *multiaddr, int timeoutMs, WakuCallBack callback, void *userData);
int waku_start_discv5(void *ctx, WakuCallBack callback, void *userData);
int waku_stop_discv5(void *ctx, WakuCallBack callback, void *userData);
int waku_discv5_update_bootnodes(void *ctx, char *jsonArrayOfEnr, WakuCallBack callback, void *userData);
int waku_dns_discovery(void *ctx, const char *enrTreeUrl, const char *nameServer, int timeoutMs, WakuCallBack callback, void *userData);
int waku_peer_exchange_request(void *ctx, int peers, WakuCallBack callback, void *userData);
int waku_store_query(void *ctx, const char *queryJson, const char *peerAddr, int timeoutMs, WakuCallBack callback, void *userData);
int waku_lightpush_publish(void *ctx, const char *pubsubTopic, const char *messageJson, WakuCallBack callback, void *userData);
int waku_filter_subscribe(void *ctx, const char *pubsubTopic, const char *contentTopics, WakuCallBack callback, void *userData);
int waku_filter_unsubscribe(void *ctx, const char *pubsubTopic, const char *contentTopics, WakuCallBack callback, void *userData);
int waku_filter_unsubscribe_all(void *ctx, WakuCallBack callback, void *userData);

#endif
