#include "../bridge/library.h"
#include "../bridge/bridge.h"
#include "runner.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

static bool in_list(const char *symbol, void *list) {
  for (const char *const *at = list; *at != NULL; at++)
    if (strcmp(*at, symbol) == 0) return true;
  return false;
}

#define KNOWN "waku_new", "waku_start", "waku_stop", "waku_destroy", "waku_relay_publish", "waku_relay_subscribe"

static char generation(const char *const *symbols, char *words) {
  words[0] = 0;
  return wb_library_generation(in_list, (void *)(size_t)symbols, words, 1024);
}

static void tells_generations(void) {
  char words[1024];
  CHECK_EQUAL(generation((const char *[]){KNOWN, "waku_set_event_callback", NULL}, words), 'B');
  CHECK_EQUAL(generation((const char *[]){KNOWN, "set_event_callback", NULL}, words), 'C');
}

static void refuses_the_rest(void) {
  char words[1024];
  CHECK_EQUAL(generation((const char *[]){KNOWN, "waku_set_event_callback", "waku_setup", NULL}, words), 0);
  CHECK_CONTAINS(words, "generation A, found by waku_setup");
  CHECK_CONTAINS(words, "v0.35.0 to v0.37.4");
  CHECK_EQUAL(generation((const char *[]){KNOWN, "set_event_callback", "logosdelivery_create_node", NULL}, words), 0);
  CHECK_CONTAINS(words, "liblogosdelivery (generation D");
  CHECK_EQUAL(generation((const char *[]){KNOWN, "set_event_callback", "waku_set_event_callback", NULL}, words), 0);
  CHECK_CONTAINS(words, "order of its arguments is unknown");
  CHECK_EQUAL(generation((const char *[]){"sqlite3_open", NULL}, words), 0);
  CHECK_CONTAINS(words, "does not export waku_new");
  CHECK_EQUAL(generation((const char *[]){KNOWN, NULL}, words), 0);
  CHECK_CONTAINS(words, "waku_set_event_callback or set_event_callback");
  CHECK_EQUAL(generation((const char *[]){"waku_new", "waku_start", "waku_set_event_callback", NULL}, words), 0);
  CHECK_CONTAINS(words, "does not export waku_stop");
}

static void lists_functions(void) {
  const char *name, *shape;
  CHECK_EQUAL(wb_function(0, &name, &shape), WB_OK);
  CHECK_EQUAL(strcmp(name, "waku_new"), 0);
  uint32_t count = 1;
  while (wb_function(count, &name, &shape) == WB_OK) CHECK_EQUAL(wb_function_index(name), count++ - 1);
  CHECK_EQUAL(count, 39);
  CHECK_EQUAL(wb_function(1000000, &name, &shape), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_function_index("waku_new"), -1);
}

/* What the fake functions below were given. */
static char seen[256];
static int callback_seen;

static void on_answer(int ret, const char *msg, size_t len, void *user_data) {
  (void)msg, (void)len;
  callback_seen = ret + *(int *)user_data;
}

static int fake_b(void *context, const char *a, const char *b, unsigned number, waku_callback callback, void *data) {
  snprintf(seen, sizeof seen, "%s %s %s %u", (char *)context, a, b, number);
  callback(1, NULL, 0, data);
  return 0;
}

static int fake_c(void *context, waku_callback callback, void *data, const char *a, const char *b, unsigned number) {
  return fake_b(context, a, b, number, callback, data);
}

static void keeps_the_order(void) {
  int data = 41;
  int publish = wb_function_index("waku_relay_publish");
  wb_value values[3] = {{.text = "topic"}, {.text = "message"}, {.count = 4000000000u}};
  for (int generation_c = 0; generation_c <= 1; generation_c++) {
    wb_library library = {.generation = generation_c ? 'C' : 'B'};
    int (*b)(void *, const char *, const char *, unsigned, waku_callback, void *) = fake_b;
    int (*c)(void *, waku_callback, void *, const char *, const char *, unsigned) = fake_c;
    memcpy(&library.functions[publish], generation_c ? (void *)&c : (void *)&b, sizeof(void *));
    callback_seen = 0;
    CHECK_EQUAL(wb_library_call(&library, publish, (char *)(size_t) "context", values, on_answer, &data), 0);
    CHECK_EQUAL(strcmp(seen, "context topic message 4000000000"), 0);
    CHECK_EQUAL(callback_seen, 42);
  }
}

static int bytes_b(void *context, const void *bytes, size_t size, unsigned number, waku_callback callback, void *data) {
  snprintf(seen, sizeof seen, "%s %zu %d %u", (char *)context, size, memcmp(bytes, "a\0b", size), number);
  callback(1, NULL, 0, data);
  return 0;
}

static int bytes_c(void *context, waku_callback callback, void *data, const void *bytes, size_t size, unsigned number) {
  return bytes_b(context, bytes, size, number, callback, data);
}

static void gives_bytes(void) {
  int data = 41;
  int function = wb_function_index("gowaku_relay_publish_many");
  wb_value values[3] = {{.bytes = {"a\0b", 3}}, {.count = 7}};
  for (int generation_c = 0; generation_c <= 1; generation_c++) {
    wb_library library = {.generation = generation_c ? 'C' : 'B'};
    int (*b)(void *, const void *, size_t, unsigned, waku_callback, void *) = bytes_b;
    int (*c)(void *, waku_callback, void *, const void *, size_t, unsigned) = bytes_c;
    memcpy(&library.functions[function], generation_c ? (void *)&c : (void *)&b, sizeof(void *));
    CHECK_EQUAL(wb_library_call(&library, function, (char *)(size_t) "context", values, on_answer, &data), 0);
    CHECK_EQUAL(strcmp(seen, "context 3 0 7"), 0);
  }
}

/* The real libraries deadlock when they are called from inside a callback; the fixture tells, or hangs too. */
typedef struct inner_call {
  wb_library library;
  void *context;
  wb_value value;
  int function;
  bool begun;
  bool returned;
  int ret;
} inner_call;

static void on_inner_answer(int ret, const char *msg, size_t len, void *user_data) {
  (void)ret, (void)msg, (void)len, (void)user_data;
}

static void call_from_inside(int ret, const char *msg, size_t len, void *user_data) {
  (void)ret, (void)msg, (void)len;
  inner_call *call = user_data;
  __atomic_store_n(&call->begun, true, __ATOMIC_SEQ_CST);
  call->ret = wb_library_call(&call->library, call->function, call->context, &call->value, on_inner_answer, NULL);
  __atomic_store_n(&call->returned, true, __ATOMIC_SEQ_CST);
}

static bool becomes(bool *flag, unsigned most_ms) {
  for (unsigned ms = 0; ms < most_ms && !__atomic_load_n(flag, __ATOMIC_SEQ_CST); ms++) session_sleep_ms(1);
  return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

static void calls_from_inside_hang(void) {
  /* Not on this stack: the hanging thread keeps it. */
  static inner_call calls[2];
  static const char *const CONFIGS[] = {"{}", "{\"fixture\":{\"quirks\":\"hangsInsideCallbacks\"}}"};
  char path[1024], words[2048];
  test_fixture_path("b", path, sizeof path);
  for (int hangs = 0; hangs <= 1; hangs++) {
    inner_call *call = &calls[hangs];
    CHECK(wb_library_load(&call->library, path, words, sizeof words));
    call->context = wb_library_create(&call->library, CONFIGS[hangs], on_inner_answer, NULL);
    call->function = wb_function_index("waku_version");
    CHECK_EQUAL(wb_library_call(&call->library, call->function, call->context, &call->value, call_from_inside, call), 0);
    CHECK(becomes(&call->begun, 5000));
    CHECK_EQUAL(becomes(&call->returned, hangs ? 100 : 5000), !hangs);
  }
  CHECK_EQUAL(calls[0].ret, 1);
}

const test library_tests[] = {
    {"generations B and C are told by their symbols", tells_generations},
    {"A, D, halves, both and strangers are refused, with what was found and what fits", refuses_the_rest},
    {"the functions can be listed", lists_functions},
    {"the fixture refuses calls from inside its callbacks, or hangs", calls_from_inside_hang},
    {"arguments come in the order of the generation", keeps_the_order},
    {"bytes come with their number, zeros and all", gives_bytes},
    {NULL, NULL},
};
