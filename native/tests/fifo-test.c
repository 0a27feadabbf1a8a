#include "../bridge/fifo.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

static wb_entry *event(uint64_t number, size_t length) {
  wb_entry *entry = wb_entry_new(WB_RECORD_EVENT, number, length);
  entry->time_ns = number;
  entry->length = (uint32_t)length;
  memset(entry->bytes, 'e', length);
  return entry;
}

static void offer(wb_fifo *fifo, uint64_t number, size_t length) {
  wb_entry *entry = event(number, length);
  if (!wb_fifo_offer_event(fifo, entry)) wb_entry_free(entry);
}

static void push_reply(wb_fifo *fifo, uint64_t number) {
  wb_entry *entry = wb_entry_new(WB_RECORD_REPLY, number, 0);
  wb_fifo_push(fifo, entry);
}

/* Takes everything with a buffer of that size; writes "e1 e2 g3 r4 …" into `order`. */
static void take_all(wb_fifo *fifo, size_t size, char *order) {
  static const char LETTERS[] = "?lregc";
  uint8_t *buffer = malloc(size);
  order[0] = 0;
  for (;;) {
    wb_batch batch;
    size_t needed, written = wb_fifo_take(fifo, size, &batch, &needed);
    if (written == 0) break;
    wb_batch_write(&batch, buffer);
    for (size_t at = 0; at < written;) {
      wb_record_header header;
      memcpy(&header, buffer + at, sizeof header);
      size_t length = strlen(order);
      order[length] = LETTERS[header.kind];
      order[length + 1] = (char)('0' + header.number);
      order[length + 2] = ' ';
      order[length + 3] = 0;
      at += sizeof header + ((header.length + 7) & ~7u);
    }
  }
  free(buffer);
}

static void keeps_order(void) {
  wb_fifo fifo;
  char order[64];
  wb_fifo_init(&fifo, 100, 10);
  offer(&fifo, 1, 3);
  push_reply(&fifo, 2);
  offer(&fifo, 3, 0);
  push_reply(&fifo, 4);
  take_all(&fifo, 4096, order);
  CHECK_CONTAINS(order, "e1 r2 e3 r4 ");
  CHECK(wb_fifo_is_empty(&fifo));
  CHECK_EQUAL(fifo.event_bytes, 0);
  CHECK_EQUAL(fifo.records, 0);
}

static void one_gap_at_its_place(void) {
  for (size_t size = 32; size < 300; size += 8) {
    wb_fifo fifo;
    char order[64];
    wb_fifo_init(&fifo, 1000, 2);
    offer(&fifo, 1, 0);
    offer(&fifo, 2, 0);
    offer(&fifo, 3, 0);
    push_reply(&fifo, 7);
    offer(&fifo, 4, 0);
    offer(&fifo, 5, 0);
    push_reply(&fifo, 8);
    CHECK_EQUAL(fifo.lost, 3);
    CHECK_EQUAL(fifo.gaps, 1);
    take_all(&fifo, size, order);
    CHECK_EQUAL(strcmp(order, "e1 e2 g3 r7 r8 "), 0);
  }
}

static void new_gap_after_an_admitted_event(void) {
  wb_fifo fifo;
  wb_batch batch;
  uint8_t buffer[64];
  char order[64];
  size_t needed;
  wb_fifo_init(&fifo, 1000, 2);
  for (uint64_t number = 1; number <= 3; number++) offer(&fifo, number, 0);
  /* One leaves, one is admitted, and the next is lost again. */
  CHECK_EQUAL(wb_fifo_take(&fifo, 32, &batch, &needed), 32);
  wb_batch_write(&batch, buffer);
  offer(&fifo, 4, 0);
  offer(&fifo, 5, 0);
  offer(&fifo, 6, 0);
  take_all(&fifo, 4096, order);
  CHECK_EQUAL(strcmp(order, "e2 g1 e4 g2 "), 0);
}

static void gap_without_a_record_before_it(void) {
  wb_fifo fifo;
  char order[64];
  wb_fifo_init(&fifo, 10, 2);
  offer(&fifo, 1, 11);
  CHECK(!wb_fifo_is_empty(&fifo));
  offer(&fifo, 2, 11);
  push_reply(&fifo, 5);
  offer(&fifo, 3, 10);
  offer(&fifo, 4, 1);
  take_all(&fifo, 48, order);
  CHECK_EQUAL(strcmp(order, "g2 r5 e3 g1 "), 0);
}

static void open_gap_moves_with_the_taker(void) {
  wb_fifo fifo;
  wb_batch batch;
  uint8_t buffer[64];
  char order[64];
  size_t needed;
  wb_fifo_init(&fifo, 1000, 1);
  offer(&fifo, 1, 0);
  offer(&fifo, 2, 0);
  push_reply(&fifo, 5);
  /* Room for the event, not for the gap behind it. */
  CHECK_EQUAL(wb_fifo_take(&fifo, 40, &batch, &needed), 32);
  wb_batch_write(&batch, buffer);
  wb_fifo_lose_events(&fifo, 1, 9);
  CHECK_EQUAL(fifo.gaps, 1);
  take_all(&fifo, 4096, order);
  CHECK_EQUAL(strcmp(order, "g2 r5 "), 0);
}

static void bounds_bytes_and_count(void) {
  wb_fifo fifo;
  wb_fifo_init(&fifo, 100, 3);
  offer(&fifo, 1, 60);
  offer(&fifo, 2, 41);
  offer(&fifo, 3, 40);
  offer(&fifo, 4, 0);
  offer(&fifo, 5, 0);
  CHECK_EQUAL(fifo.events, 3);
  CHECK_EQUAL(fifo.event_bytes, 100);
  CHECK_EQUAL(fifo.lost, 2);
  CHECK_EQUAL(fifo.gaps, 2);
  wb_fifo_free(&fifo);
}

static void counts_what_is_in_a_batch(void) {
  wb_fifo fifo;
  char order[64];
  wb_fifo_init(&fifo, 1000, 5);
  for (uint64_t number = 1; number <= 3; number++) {
    wb_entry *entry = event(number, 0);
    entry->weight = 3;
    if (!wb_fifo_offer_event(&fifo, entry)) wb_entry_free(entry);
  }
  CHECK_EQUAL(fifo.events, 6);
  CHECK_EQUAL(fifo.lost, 3);
  take_all(&fifo, 4096, order);
  CHECK_EQUAL(strcmp(order, "e1 e2 g3 "), 0);
  CHECK_EQUAL(fifo.events, 0);
}

static void says_what_is_needed(void) {
  wb_fifo fifo;
  wb_batch batch;
  size_t needed;
  wb_fifo_init(&fifo, 1000, 10);
  CHECK_EQUAL(wb_fifo_take(&fifo, 0, &batch, &needed), 0);
  CHECK_EQUAL(needed, 0);
  offer(&fifo, 1, 9);
  CHECK_EQUAL(wb_fifo_take(&fifo, 47, &batch, &needed), 0);
  CHECK_EQUAL(needed, 48);
  CHECK_EQUAL(fifo.records, 1);
  wb_fifo_free(&fifo);
}

const test fifo_tests[] = {
    {"the queue keeps the order of replies and events", keeps_order},
    {"an overflow leaves one gap at its place, whatever is drained at once", one_gap_at_its_place},
    {"an admitted event ends a gap", new_gap_after_an_admitted_event},
    {"a gap can stand before the first record", gap_without_a_record_before_it},
    {"a gap that did not fit into a drain goes on counting", open_gap_moves_with_the_taker},
    {"events are bounded by bytes and by count, replies are not", bounds_bytes_and_count},
    {"a batch counts as the events in it, admitted and lost", counts_what_is_in_a_batch},
    {"a drain into a small buffer takes nothing and says what it needs", says_what_is_needed},
    {NULL, NULL},
};
