#include "fifo.h"

#include <stdlib.h>
#include <string.h>

wb_entry *wb_entry_new(uint32_t kind, uint64_t number, size_t capacity) {
  wb_entry *entry = malloc(sizeof *entry + capacity);
  if (entry == NULL) return NULL;
  *entry = (wb_entry){.kind = kind, .number = number, .weight = 1};
  entry->bytes = wb_inline_bytes(entry);
  return entry;
}

void wb_entry_set_text(wb_entry *entry, size_t capacity, const char *text) {
  size_t length = strlen(text);
  if (length > capacity) length = capacity;
  if (entry->bytes != wb_inline_bytes(entry)) free(entry->bytes);
  entry->bytes = wb_inline_bytes(entry);
  memcpy(wb_inline_bytes(entry), text, length);
  entry->length = (uint32_t)length;
}

void wb_entry_free(wb_entry *entry) {
  if (entry == NULL) return;
  if (entry->bytes != wb_inline_bytes(entry)) free(entry->bytes);
  free(entry);
}

void wb_fifo_init(wb_fifo *fifo, uint64_t max_event_bytes, uint64_t max_events) {
  *fifo = (wb_fifo){.max_event_bytes = max_event_bytes, .max_events = max_events};
  fifo->last = &fifo->head;
}

void wb_fifo_free(wb_fifo *fifo) {
  for (wb_entry *entry = fifo->head.next; entry != NULL;) {
    wb_entry *next = entry->next;
    wb_entry_free(entry);
    entry = next;
  }
  wb_fifo_init(fifo, fifo->max_event_bytes, fifo->max_events);
}

bool wb_fifo_is_empty(const wb_fifo *fifo) {
  return fifo->records == 0 && fifo->head.gap_count == 0;
}

void wb_fifo_push(wb_fifo *fifo, wb_entry *entry) {
  entry->next = NULL;
  fifo->last->next = entry;
  fifo->last = entry;
  fifo->records++;
}

bool wb_fifo_offer_event(wb_fifo *fifo, wb_entry *entry) {
  if (fifo->events >= fifo->max_events || entry->length > fifo->max_event_bytes - fifo->event_bytes) {
    wb_fifo_lose_events(fifo, entry->weight, entry->time_ns);
    return false;
  }
  fifo->gap_holder = NULL;
  fifo->events += entry->weight;
  fifo->event_bytes += entry->length;
  wb_fifo_push(fifo, entry);
  return true;
}

void wb_fifo_lose_events(wb_fifo *fifo, uint32_t count, uint64_t time_ns) {
  fifo->lost += count;
  if (fifo->gap_holder == NULL) {
    fifo->gap_holder = fifo->last;
    /* The holder may carry a closed gap whose record was not taken: the two are the same place. */
    if (fifo->gap_holder->gap_count == 0) {
      fifo->gap_holder->gap_ns = time_ns;
      fifo->gaps++;
    }
  }
  fifo->gap_holder->gap_count += count;
}

static size_t padded(size_t length) {
  return (length + 7) & ~(size_t)7;
}

static size_t size_of(const wb_entry *entry) {
  return sizeof(wb_record_header) + padded(entry->length);
}

/* Moves the gap behind `from` to the head, from where it is taken next. */
static void move_gap_to_head(wb_fifo *fifo, wb_entry *from) {
  fifo->head.gap_count = from->gap_count;
  fifo->head.gap_ns = from->gap_ns;
  from->gap_count = 0;
  if (fifo->gap_holder == from) fifo->gap_holder = &fifo->head;
}

size_t wb_fifo_take(wb_fifo *fifo, size_t size, wb_batch *batch, size_t *needed) {
  *batch = (wb_batch){0};
  *needed = 0;
  if (wb_fifo_is_empty(fifo)) return 0;

  *needed = fifo->head.gap_count > 0 ? sizeof(wb_record_header) : size_of(fifo->head.next);
  if (*needed > size) return 0;

  size_t used = 0;
  if (fifo->head.gap_count > 0) {
    batch->gap_count = fifo->head.gap_count;
    batch->gap_ns = fifo->head.gap_ns;
    fifo->head.gap_count = 0;
    if (fifo->gap_holder == &fifo->head) fifo->gap_holder = NULL;
    used = sizeof(wb_record_header);
  }

  wb_entry *taken_last = NULL;
  for (wb_entry *entry = fifo->head.next; entry != NULL && used + size_of(entry) <= size; entry = fifo->head.next) {
    fifo->head.next = entry->next;
    if (entry->next == NULL) fifo->last = &fifo->head;
    entry->next = NULL;
    fifo->records--;
    if (entry->kind == WB_RECORD_EVENT) {
      fifo->events -= entry->weight;
      fifo->event_bytes -= entry->length;
    }
    used += size_of(entry);
    if (taken_last == NULL) batch->first = entry;
    else taken_last->next = entry;
    taken_last = entry;

    if (entry->gap_count == 0) continue;
    if (used + sizeof(wb_record_header) > size) {
      move_gap_to_head(fifo, entry);
      break;
    }
    if (fifo->gap_holder == entry) fifo->gap_holder = NULL;
    used += sizeof(wb_record_header);
  }
  return used;
}

static uint8_t *write_header(uint8_t *at, uint64_t time_ns, uint64_t number, uint32_t kind, int32_t ret,
                             uint32_t length) {
  wb_record_header header = {.time_ns = time_ns, .number = number, .length = length, .ret = ret, .kind = kind};
  memcpy(at, &header, sizeof header);
  return at + sizeof header;
}

void wb_batch_write(wb_batch *batch, uint8_t *buffer) {
  uint8_t *at = buffer;
  if (batch->gap_count > 0) at = write_header(at, batch->gap_ns, batch->gap_count, WB_RECORD_GAP, 0, 0);
  for (wb_entry *entry = batch->first; entry != NULL;) {
    at = write_header(at, entry->time_ns, entry->number, entry->kind, entry->ret, entry->length);
    if (entry->length > 0) memcpy(at, entry->bytes, entry->length);
    memset(at + entry->length, 0, padded(entry->length) - entry->length);
    at += padded(entry->length);
    if (entry->gap_count > 0) at = write_header(at, entry->gap_ns, entry->gap_count, WB_RECORD_GAP, 0, 0);
    wb_entry *next = entry->next;
    wb_entry_free(entry);
    entry = next;
  }
}
