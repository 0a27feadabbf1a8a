#include "library.h"
#include "platform.h"

#include <stdio.h>
#include <string.h>

#define FITTING                                                                               \
  "Waku Desk uses libwaku v0.35.0 to v0.37.4 (generation B), v0.38.0 and v0.38.1 (generation C), or its own " \
  "libgowaku (generation B)"

#define PUBLISH_MANY "gowaku_relay_publish_many"

/* Both generations have the same names; waku_new and the event callback are in neither table nor order. What does not
   begin with waku_ is libgowaku's alone, and no other library lacks it. */
const wb_function_info wb_functions[] = {
    {"waku_start", ""},
    {"waku_stop", ""},
    {"waku_destroy", ""},
    {"waku_version", ""},
    {"waku_relay_publish", "ttu"},
    {"waku_relay_subscribe", "t"},
    {"waku_relay_unsubscribe", "t"},
    {"waku_relay_add_protected_shard", "iit"},
    {"waku_relay_get_num_connected_peers", "t"},
    {"waku_relay_get_connected_peers", "t"},
    {"waku_relay_get_num_peers_in_mesh", "t"},
    {"waku_relay_get_peers_in_mesh", "t"},
    {"waku_connect", "tu"},
    {"waku_dial_peer", "tti"},
    {"waku_dial_peer_by_id", "tti"},
    {"waku_disconnect_peer_by_id", "t"},
    {"waku_disconnect_all_peers", ""},
    {"waku_get_connected_peers", ""},
    {"waku_get_connected_peers_info", ""},
    {"waku_get_peerids_from_peerstore", ""},
    {"waku_get_peerids_by_protocol", "t"},
    {"waku_listen_addresses", ""},
    {"waku_get_my_enr", ""},
    {"waku_get_my_peerid", ""},
    {"waku_get_metrics", ""},
    {"waku_is_online", ""},
    {"waku_ping_peer", "ti"},
    {"waku_start_discv5", ""},
    {"waku_stop_discv5", ""},
    {"waku_discv5_update_bootnodes", "t"},
    {"waku_dns_discovery", "tti"},
    {"waku_peer_exchange_request", "i"},
    {"waku_store_query", "tti"},
    {"waku_lightpush_publish", "tt"},
    {"waku_filter_subscribe", "tt"},
    {"waku_filter_unsubscribe", "tt"},
    {"waku_filter_unsubscribe_all", ""},
    {PUBLISH_MANY, "bu"},
    {NULL, NULL},
};

_Static_assert(sizeof wb_functions / sizeof *wb_functions - 1 <= WB_MAX_FUNCTIONS, "a place for every function");

/* Without these a library is not one that we know. */
static const char *const REQUIRED[] = {"waku_start", "waku_stop", "waku_destroy", "waku_relay_publish",
                                       "waku_relay_subscribe"};

int wb_function_index(const char *name) {
  for (int index = 0; wb_functions[index].name != NULL; index++)
    if (strcmp(wb_functions[index].name, name) == 0) return index;
  return -1;
}

char wb_library_generation(bool (*has)(const char *symbol, void *data), void *data, char *words, size_t words_size) {
  /* D still has waku_* functions, with request structs; A has the names of B, with calls that block. */
  if (has("logosdelivery_create_node", data)) {
    snprintf(words, words_size,
             "This is liblogosdelivery (generation D, since June 2026), which is not supported. " FITTING ".");
    return 0;
  }
  if (has("waku_setup", data)) {
    snprintf(words, words_size,
             "This is libwaku v0.34 or older (generation A, found by waku_setup), which is not supported. " FITTING ".");
    return 0;
  }
  bool of_b = has("waku_set_event_callback", data), of_c = has("set_event_callback", data);
  if (!has("waku_new", data) || (!of_b && !of_c)) {
    snprintf(words, words_size,
             "This library does not export %s: it is no libwaku that is known here. " FITTING ".",
             !has("waku_new", data) ? "waku_new" : "waku_set_event_callback or set_event_callback");
    return 0;
  }
  /* The wrong order of arguments corrupts memory without a word: no guessing. */
  if (of_b && of_c) {
    snprintf(words, words_size,
             "This library exports both waku_set_event_callback (generation B) and set_event_callback (generation C), "
             "so the order of its arguments is unknown. " FITTING ".");
    return 0;
  }
  for (size_t index = 0; index < sizeof REQUIRED / sizeof *REQUIRED; index++) {
    if (has(REQUIRED[index], data)) continue;
    snprintf(words, words_size, "This library looks like libwaku of generation %c, but does not export %s. " FITTING ".",
             of_b ? 'B' : 'C', REQUIRED[index]);
    return 0;
  }
  return of_b ? 'B' : 'C';
}

static bool has_symbol(const char *symbol, void *library) {
  return wb_library_symbol(library, symbol) != NULL;
}

/* Appends, as far as there is room. */
static void append(char *words, size_t words_size, const char *text) {
  size_t length = strlen(words);
  snprintf(words + length, words_size - length, "%s", text);
}

bool wb_library_load(wb_library *library, const char *path, char *words, size_t words_size) {
  char why[512] = "";
  void *handle = wb_library_open(path, why, sizeof why);
  if (handle == NULL) {
    snprintf(words, words_size, "The library cannot be loaded: %s. " FITTING ".", why);
    return false;
  }
  *library = (wb_library){.generation = wb_library_generation(has_symbol, handle, words, words_size)};
  if (library->generation == 0) return false;

  library->create = wb_library_symbol(handle, "waku_new");
  library->set_event_callback =
      wb_library_symbol(handle, library->generation == 'B' ? "waku_set_event_callback" : "set_event_callback");
  snprintf(words, words_size, "{\"generation\":\"%c\",\"missing\":[", library->generation);
  const char *separator = "\"";
  for (int index = 0; wb_functions[index].name != NULL; index++) {
    library->functions[index] = wb_library_symbol(handle, wb_functions[index].name);
    if (library->functions[index] != NULL || strncmp(wb_functions[index].name, "waku_", 5) != 0) continue;
    append(words, words_size, separator);
    append(words, words_size, wb_functions[index].name);
    append(words, words_size, "\"");
    separator = ",\"";
  }
  bool batches = library->functions[wb_function_index(PUBLISH_MANY)] != NULL;
  append(words, words_size, batches ? "],\"batches\":true}" : "],\"batches\":false}");
  return true;
}

/* ISO C has no cast from an object pointer to a function pointer; every system here does. */
#define AS_FUNCTION(type, symbol) (((union { void *object; type function; }){.object = (symbol)}).function)

void *wb_library_create(const wb_library *library, const char *config, waku_callback callback, void *user_data) {
  typedef void *(*create)(const char *, waku_callback, void *);
  return AS_FUNCTION(create, library->create)(config, callback, user_data);
}

void wb_library_set_event_callback(const wb_library *library, void *context, waku_callback callback, void *user_data) {
  typedef void (*set)(void *, waku_callback, void *);
  AS_FUNCTION(set, library->set_event_callback)(context, callback, user_data);
}

typedef int (*invoker)(void *symbol, void *context, const wb_value *v, waku_callback callback, void *user_data);

/* One shape of arguments in both orders. TYPES and VALUES begin with a comma where there are any. */
#define LIST(...) __VA_ARGS__
#define SHAPE(name, TYPES, VALUES)                                                                          \
  static int name##_b(void *symbol, void *context, const wb_value *v, waku_callback callback, void *user_data) { \
    typedef int (*function)(void *TYPES, waku_callback, void *);                                            \
    (void)v;                                                                                                \
    return AS_FUNCTION(function, symbol)(context VALUES, callback, user_data);                              \
  }                                                                                                         \
  static int name##_c(void *symbol, void *context, const wb_value *v, waku_callback callback, void *user_data) { \
    typedef int (*function)(void *, waku_callback, void *TYPES);                                            \
    (void)v;                                                                                                \
    return AS_FUNCTION(function, symbol)(context, callback, user_data VALUES);                              \
  }

SHAPE(none, LIST(), LIST())
SHAPE(t, LIST(, const char *), LIST(, v[0].text))
SHAPE(tt, LIST(, const char *, const char *), LIST(, v[0].text, v[1].text))
SHAPE(i, LIST(, int), LIST(, v[0].number))
SHAPE(ti, LIST(, const char *, int), LIST(, v[0].text, v[1].number))
SHAPE(tu, LIST(, const char *, unsigned), LIST(, v[0].text, v[1].count))
SHAPE(tti, LIST(, const char *, const char *, int), LIST(, v[0].text, v[1].text, v[2].number))
SHAPE(ttu, LIST(, const char *, const char *, unsigned), LIST(, v[0].text, v[1].text, v[2].count))
SHAPE(bu, LIST(, const void *, size_t, unsigned), LIST(, v[0].bytes.start, v[0].bytes.size, v[1].count))
SHAPE(iit, LIST(, int, int, const char *), LIST(, v[0].number, v[1].number, v[2].text))

static const struct {
  const char *shape;
  invoker b, c;
} INVOKERS[] = {
    {"", none_b, none_c}, {"t", t_b, t_c},       {"tt", tt_b, tt_c},    {"i", i_b, i_c},      {"ti", ti_b, ti_c},
    {"tu", tu_b, tu_c},   {"tti", tti_b, tti_c}, {"ttu", ttu_b, ttu_c}, {"iit", iit_b, iit_c},
    {"bu", bu_b, bu_c},
};

int wb_library_call(const wb_library *library, int function, void *context, const wb_value *values,
                    waku_callback callback, void *user_data) {
  for (size_t index = 0; index < sizeof INVOKERS / sizeof *INVOKERS; index++) {
    if (strcmp(INVOKERS[index].shape, wb_functions[function].shape) != 0) continue;
    invoker invoke = library->generation == 'B' ? INVOKERS[index].b : INVOKERS[index].c;
    return invoke(library->functions[function], context, values, callback, user_data);
  }
  /* A shape without an invoker is a defect that the unit tests find. */
  return 2;
}
