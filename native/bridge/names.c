#include "names.h"
#include "platform.h"

#include <stddef.h>
#include <stdint.h>

/* A power of two, above twice the calls that one bridge may have in flight. */
#define PLACES 16384u

/* Names before the first is used again: days at thousands a second. The smaller one is for limited address space. */
static const size_t RANGES[] = {(size_t)1 << 30, (size_t)1 << 24};

static char *base;
static size_t range;
static size_t next;
static wb_named places[PLACES];

static bool have_range(void) {
  for (size_t index = 0; base == NULL && index < sizeof RANGES / sizeof *RANGES; index++) {
    range = RANGES[index];
    base = wb_reserve_addresses(range);
  }
  return base != NULL;
}

void *wb_name_give(struct wb_bridge *bridge, struct wb_call *call) {
  if (!have_range()) return NULL;
  for (unsigned tries = 0; tries < PLACES; tries++) {
    size_t offset = next++ % range;
    wb_named *place = &places[offset % PLACES];
    if (place->name != NULL) continue;
    *place = (wb_named){base + offset, bridge, call};
    return base + offset;
  }
  return NULL;
}

static wb_named *place_of(const void *name) {
  uintptr_t offset = (uintptr_t)name - (uintptr_t)base;
  if (base == NULL || offset >= range) return NULL;
  wb_named *place = &places[offset % PLACES];
  return place->name == name ? place : NULL;
}

const wb_named *wb_name_find(const void *name) {
  return place_of(name);
}

void wb_name_drop(const void *name) {
  wb_named *place = place_of(name);
  if (place != NULL) *place = (wb_named){0};
}
