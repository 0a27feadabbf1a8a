/*
 * Names for what the library hands back to us as user data. A name is an address that nobody can read, used once: a
 * late or second answer finds nothing instead of another call. (Small numbers would not do: Go refuses them as
 * pointers.) The caller holds the bridge's lock.
 */
#ifndef WB_NAMES_H
#define WB_NAMES_H

#include <stdbool.h>

struct wb_bridge;
struct wb_call;

typedef struct wb_named {
  const char *name;
  struct wb_bridge *bridge;
  /* NULL: the name stands for the bridge's events. */
  struct wb_call *call;
} wb_named;

/* NULL: no address range, or all places taken. */
void *wb_name_give(struct wb_bridge *bridge, struct wb_call *call);
/* NULL: a stranger. */
const wb_named *wb_name_find(const void *name);
/* Ignores strangers and NULL. */
void wb_name_drop(const void *name);

#endif
