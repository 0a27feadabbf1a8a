/*
 * Feeds every exported function NULL and garbage, as a careless caller would: it must answer, and the process must
 * live. Argument: the library. Its prototypes are those of generation-b.h and gowaku.h.
 */
#include <dlfcn.h>
#include <gowaku.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int answers;
static int failures;

static void on_answer(int ret, const char *msg, size_t len, void *userData) {
  (void)userData;
  pthread_mutex_lock(&lock);
  answers++;
  if (ret != 0 && (msg == NULL || len == 0)) {
    failures++;
    fprintf(stderr, "an error without words\n");
  }
  if (msg != NULL && len >= 8 && memcmp(msg, "a defect", 8) == 0) {
    failures++;
    fprintf(stderr, "%.*s\n", (int)len, msg);
  }
  pthread_mutex_unlock(&lock);
}

static int answered(void) {
  pthread_mutex_lock(&lock);
  int count = answers;
  pthread_mutex_unlock(&lock);
  return count;
}

static void expect(int holds, const char *what) {
  if (holds) return;
  failures++;
  fprintf(stderr, "failed: %s\n", what);
}

static void *library;

static void *symbol(const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) {
    fprintf(stderr, "missing: %s\n", name);
    exit(1);
  }
  return found;
}

/* Waits until that many calls are answered. */
static void await(int count, const char *name) {
  struct timespec pause = {0, 1000000};
  for (int waited = 0; answered() < count && waited < 20000; waited++) nanosleep(&pause, NULL);
  expect(answered() == count, name);
}

/* `call` is what follows the context, up to the callback. */
#define TRY(name, ...) \
  do { \
    __typeof__(&name) function = (__typeof__(&name))symbol(#name); \
    int before = answered(); \
    int ret = function(context __VA_ARGS__, on_answer, NULL); \
    expect(ret == 0 || (ret == 1 && answered() == before + 1), #name " returned without an answer"); \
    await(before + 1, #name " was not answered once"); \
    expect(function(context __VA_ARGS__, NULL, NULL) == 2, #name " without a callback is not 2"); \
  } while (0)

static void try_all(void *context, const char *text, int number) {
  char *writable = (char *)text;
  TRY(waku_version);
  TRY(waku_relay_publish, , text, text, (unsigned)number);
  TRY(gowaku_relay_publish_many, , text, text == NULL ? 100 : strlen(text), (unsigned)number);
  TRY(waku_relay_subscribe, , text);
  TRY(waku_relay_unsubscribe, , text);
  TRY(waku_relay_add_protected_shard, , number, number, writable);
  TRY(waku_relay_get_num_connected_peers, , text);
  TRY(waku_relay_get_connected_peers, , text);
  TRY(waku_relay_get_num_peers_in_mesh, , text);
  TRY(waku_relay_get_peers_in_mesh, , text);
  TRY(waku_connect, , text, (unsigned)number);
  TRY(waku_dial_peer, , text, text, number);
  TRY(waku_dial_peer_by_id, , text, text, number);
  TRY(waku_disconnect_peer_by_id, , text);
  TRY(waku_disconnect_all_peers);
  TRY(waku_get_connected_peers);
  TRY(waku_get_connected_peers_info);
  TRY(waku_get_peerids_from_peerstore);
  TRY(waku_get_peerids_by_protocol, , text);
  TRY(waku_listen_addresses);
  TRY(waku_get_my_enr);
  TRY(waku_get_my_peerid);
  TRY(waku_get_metrics);
  TRY(waku_is_online);
  TRY(waku_ping_peer, , text, number);
  TRY(waku_start_discv5);
  TRY(waku_stop_discv5);
  TRY(waku_discv5_update_bootnodes, , writable);
  TRY(waku_peer_exchange_request, , number);
  TRY(waku_store_query, , text, text, number);
  TRY(waku_lightpush_publish, , text, text);
  TRY(waku_filter_subscribe, , text, text);
  TRY(waku_filter_unsubscribe, , text, text);
  TRY(waku_filter_unsubscribe_all);
  /* Not enrtree: and no address, so that no name server is asked. */
  TRY(waku_dns_discovery, , "garbage", text, 1);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  __typeof__(&waku_new) create = (__typeof__(&waku_new))symbol("waku_new");
  __typeof__(&waku_set_event_callback) set_events =
      (__typeof__(&waku_set_event_callback))symbol("waku_set_event_callback");

  expect(create(NULL, on_answer, NULL) == NULL, "waku_new without a configuration");
  expect(create("{\"tcpPort\":", on_answer, NULL) == NULL, "waku_new with garbage");
  expect(create("{}", NULL, NULL) == NULL, "waku_new without a callback");
  expect(answered() == 2, "waku_new was not answered at once");

  void *strange[] = {NULL, (void *)1, (void *)(size_t)-1, &answers};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
    set_events(strange[i], on_answer, NULL);
    try_all(strange[i], NULL, 0);
  }

  const char *config = "{\"clusterId\":16,\"shards\":[1],\"tcpPort\":0,\"listenAddress\":\"127.0.0.1\",\"logLevel\":\"FATAL\"}";
  void *context = create(config, on_answer, NULL);
  expect(context != NULL, "waku_new");
  set_events(context, on_answer, NULL);
  set_events(context, NULL, NULL);
  for (int started = 0; started < 2; started++) {
    try_all(context, NULL, 0);
    try_all(context, "", -1);
    try_all(context, "\xff\xfe{\"", 1);
    TRY(waku_start);
  }
  TRY(waku_stop);
  TRY(waku_start);
  TRY(waku_destroy);
  TRY(waku_destroy);
  try_all(context, "x", 1);
  printf("%d answers, %d failures\n", answered(), failures);
  return failures == 0 ? 0 : 1;
}
