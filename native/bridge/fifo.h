/* The queue of records towards JavaScript: order, the bounds of events, gaps. It has no lock of its own. */
#ifndef WB_FIFO_H
#define WB_FIFO_H

#include "bridge.h"

#include <stdbool.h>
#include <stddef.h>

/* One record. Created before it is needed where it may not be lost. */
typedef struct wb_entry {
  struct wb_entry *next;
  uint64_t time_ns;
  uint64_t number;
  uint32_t kind;
  int32_t ret;
  uint32_t length;
  /* Events in it, of an event. */
  uint32_t weight;
  /* Events lost directly behind this record: a gap needs no memory when there is none. */
  uint64_t gap_count;
  uint64_t gap_ns;
  /* Owned: freed with the entry, unless they are the inline ones. */
  uint8_t *bytes;
} wb_entry;

/* The bytes directly behind an entry, as many as it was made for. */
static inline uint8_t *wb_inline_bytes(wb_entry *entry) {
  return (uint8_t *)(entry + 1);
}

typedef struct wb_fifo {
  /* Stands before the first record and holds the gap there. */
  wb_entry head;
  wb_entry *last;
  /* The record behind which events are being lost, until one is admitted again or that gap was taken. */
  wb_entry *gap_holder;
  uint64_t max_event_bytes;
  uint64_t max_events;
  uint64_t records;
  uint64_t events;
  uint64_t event_bytes;
  uint64_t lost;
  uint64_t gaps;
} wb_fifo;

/* Records that left the queue and are not written yet. */
typedef struct wb_batch {
  uint64_t gap_count;
  uint64_t gap_ns;
  wb_entry *first;
} wb_batch;

/* NULL without memory. The entry has room for `capacity` bytes. */
wb_entry *wb_entry_new(uint32_t kind, uint64_t number, size_t capacity);
/* The text, cut to the capacity that the entry was made with. */
void wb_entry_set_text(wb_entry *entry, size_t capacity, const char *text);
void wb_entry_free(wb_entry *entry);

void wb_fifo_init(wb_fifo *fifo, uint64_t max_event_bytes, uint64_t max_events);
void wb_fifo_free(wb_fifo *fifo);
/* Nothing to take, not even a gap. */
bool wb_fifo_is_empty(const wb_fifo *fifo);
/* Admits a record that is never lost. */
void wb_fifo_push(wb_fifo *fifo, wb_entry *entry);
/* Admits an event, or counts it as lost: then the entry stays the caller's. */
bool wb_fifo_offer_event(wb_fifo *fifo, wb_entry *entry);
/* Counts events that could not even be copied. */
void wb_fifo_lose_events(wb_fifo *fifo, uint32_t count, uint64_t time_ns);
/* Takes the oldest records that fit; returns their size once written. `needed`: the size of the first. */
size_t wb_fifo_take(wb_fifo *fifo, size_t size, wb_batch *batch, size_t *needed);
/* Writes a batch, as wb_drain describes it, and frees it. */
void wb_batch_write(wb_batch *batch, uint8_t *buffer);

#endif
