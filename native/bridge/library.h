/* The node library: which generation of the ABI it has, its functions, and calling them in their order. */
#ifndef WB_LIBRARY_H
#define WB_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `msg` is not NUL-terminated, belongs to the library, is valid during the call only, and may be NULL with len 0. */
typedef void (*waku_callback)(int ret, const char *msg, size_t len, void *user_data);

#define WB_MAX_FUNCTIONS 64
#define WB_MAX_VALUES 3

typedef struct wb_function_info {
  const char *name;
  /* What it takes between the context and the callback: t text, i int, u unsigned, b bytes and their number. */
  const char *shape;
} wb_function_info;

/* Terminated by a NULL name. */
extern const wb_function_info wb_functions[];

typedef struct wb_library {
  /* 'B' or 'C'. */
  char generation;
  void *create;
  void *set_event_callback;
  /* By index into wb_functions; NULL: this release lacks it. */
  void *functions[WB_MAX_FUNCTIONS];
} wb_library;

typedef union wb_value {
  const char *text;
  int32_t number;
  uint32_t count;
  struct {
    const void *start;
    size_t size;
  } bytes;
} wb_value;

/* -1: unknown. */
int wb_function_index(const char *name);

/*
 * Loads and probes. True: `words` is the JSON of WB_RECORD_LOADED. False: `words` is a sentence that names what was
 * found and which releases fit. Called on the thread that will call the library.
 */
bool wb_library_load(wb_library *library, const char *path, char *words, size_t words_size);

/* The calls return what the library returned. */
void *wb_library_create(const wb_library *library, const char *config, waku_callback callback, void *user_data);
void wb_library_set_event_callback(const wb_library *library, void *context, waku_callback callback, void *user_data);
int wb_library_call(const wb_library *library, int function, void *context, const wb_value *values,
                    waku_callback callback, void *user_data);

/* Exported for tests: the generation that a set of symbols shows, or the sentence that refuses it. */
char wb_library_generation(bool (*has)(const char *symbol, void *data), void *data, char *words, size_t words_size);

#endif
