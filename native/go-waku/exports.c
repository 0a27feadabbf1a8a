/*
 * The exported functions, with the prototypes of generation-b.h and gowaku.h, which cgo alone cannot write (it knows no const).
 * Every one of them hands its arguments to gowaku_call or gowaku_call_with_bytes, which copies them before it returns.
 */
#include "_cgo_export.h"

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

enum { ANSWERED = 0, MISSING_CALLBACK = 2 };

static int call(void *ctx, const char *name, const char *text1, const char *text2, long long number1,
                long long number2, WakuCallBack callback, void *userData) {
  if (callback == NULL) return MISSING_CALLBACK;
  return gowaku_call((uintptr_t)ctx, (char *)name, (char *)text1, (char *)text2, number1, number2, callback, userData);
}

#define NO_TEXT NULL

EXPORT void *waku_new(const char *configJson, WakuCallBack callback, void *userData) {
  return callback == NULL ? NULL : (void *)gowaku_new((char *)configJson, callback, userData);
}

EXPORT void waku_set_event_callback(void *ctx, WakuCallBack callback, void *userData) {
  gowaku_set_event_callback((uintptr_t)ctx, callback, userData);
}

/* Functions by what they take between context and callback. */
#define PLAIN(name) \
  EXPORT int name(void *ctx, WakuCallBack callback, void *userData) { \
    return call(ctx, #name, NO_TEXT, NO_TEXT, 0, 0, callback, userData); \
  }
#define TEXT(name) \
  EXPORT int name(void *ctx, const char *text, WakuCallBack callback, void *userData) { \
    return call(ctx, #name, text, NO_TEXT, 0, 0, callback, userData); \
  }
#define TEXTS(name) \
  EXPORT int name(void *ctx, const char *text1, const char *text2, WakuCallBack callback, void *userData) { \
    return call(ctx, #name, text1, text2, 0, 0, callback, userData); \
  }
#define TEXT_NUMBER(name, number_type) \
  EXPORT int name(void *ctx, const char *text, number_type number, WakuCallBack callback, void *userData) { \
    return call(ctx, #name, text, NO_TEXT, number, 0, callback, userData); \
  }
#define TEXTS_NUMBER(name, number_type) \
  EXPORT int name(void *ctx, const char *text1, const char *text2, number_type number, WakuCallBack callback, \
                  void *userData) { \
    return call(ctx, #name, text1, text2, number, 0, callback, userData); \
  }

PLAIN(waku_start)
PLAIN(waku_stop)
PLAIN(waku_destroy)
PLAIN(waku_version)
PLAIN(waku_disconnect_all_peers)
PLAIN(waku_get_connected_peers)
PLAIN(waku_get_connected_peers_info)
PLAIN(waku_get_peerids_from_peerstore)
PLAIN(waku_listen_addresses)
PLAIN(waku_get_my_enr)
PLAIN(waku_get_my_peerid)
PLAIN(waku_get_metrics)
PLAIN(waku_is_online)
PLAIN(waku_start_discv5)
PLAIN(waku_stop_discv5)
PLAIN(waku_filter_unsubscribe_all)

TEXT(waku_relay_subscribe)
TEXT(waku_relay_unsubscribe)
TEXT(waku_relay_get_num_connected_peers)
TEXT(waku_relay_get_connected_peers)
TEXT(waku_relay_get_num_peers_in_mesh)
TEXT(waku_relay_get_peers_in_mesh)
TEXT(waku_disconnect_peer_by_id)
TEXT(waku_get_peerids_by_protocol)

TEXTS(waku_lightpush_publish)
TEXTS(waku_filter_subscribe)
TEXTS(waku_filter_unsubscribe)

TEXT_NUMBER(waku_connect, unsigned)
TEXT_NUMBER(waku_ping_peer, int)

TEXTS_NUMBER(waku_relay_publish, unsigned)
TEXTS_NUMBER(waku_dial_peer, int)
TEXTS_NUMBER(waku_dial_peer_by_id, int)
TEXTS_NUMBER(waku_dns_discovery, int)
TEXTS_NUMBER(waku_store_query, int)

EXPORT int waku_relay_add_protected_shard(void *ctx, int cluster, int shard, char *publicKey, WakuCallBack callback,
                                          void *userData) {
  return call(ctx, "waku_relay_add_protected_shard", publicKey, NO_TEXT, cluster, shard, callback, userData);
}

EXPORT int waku_discv5_update_bootnodes(void *ctx, char *jsonArrayOfEnr, WakuCallBack callback, void *userData) {
  return call(ctx, "waku_discv5_update_bootnodes", jsonArrayOfEnr, NO_TEXT, 0, 0, callback, userData);
}

EXPORT int waku_peer_exchange_request(void *ctx, int peers, WakuCallBack callback, void *userData) {
  return call(ctx, "waku_peer_exchange_request", NO_TEXT, NO_TEXT, peers, 0, callback, userData);
}

EXPORT int gowaku_relay_publish_many(void *ctx, const void *messages, size_t sizeBytes, unsigned timeoutMs,
                                     WakuCallBack callback, void *userData) {
  if (callback == NULL) return MISSING_CALLBACK;
  return gowaku_call_with_bytes((uintptr_t)ctx, "gowaku_relay_publish_many", (void *)messages,
                                messages == NULL ? 0 : sizeBytes, timeoutMs,
                                callback, userData);
}
