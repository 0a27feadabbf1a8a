/* Calls from admission to answer, and what the library calls back. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Longer texts are garbage, and do not fit into one drain. */
static const size_t MOST_BYTES = (size_t)1 << 30;

static uint64_t strays;

uint64_t wb_strays(void) {
  return strays;
}

int wb_stop_function(void) {
  return wb_function_index("waku_stop");
}

static uint32_t read_u32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* Fills the values from the bytes that wb_submit describes. Texts and bytes are copied to `to`, each with a NUL. */
static bool read_values(wb_value *values, const char *shape, const uint8_t *from, size_t size, char *to) {
  for (; *shape != 0; shape++, values++) {
    if (size < 4) return false;
    uint32_t number = read_u32(from);
    from += 4;
    size -= 4;
    if (*shape == 'u') {
      values->count = number;
      continue;
    }
    if (*shape == 'i') {
      memcpy(&values->number, &number, sizeof number);
      continue;
    }
    if (number > size) return false;
    /* The library would take a NUL for the end of the text, and send less than it was given. */
    if (*shape == 't' && number > 0 && memchr(from, 0, number) != NULL) return false;
    if (number > 0) memcpy(to, from, number);
    to[number] = 0;
    if (*shape == 't') {
      values->text = to;
    } else {
      values->bytes.start = to;
      values->bytes.size = number;
    }
    to += number + 1;
    from += number;
    size -= number;
  }
  return size == 0;
}

wb_call *wb_call_new(int function, uint64_t id, const uint8_t *arguments, size_t size, int32_t *status) {
  const char *shape = function == WB_CREATE ? "t" : wb_functions[function].shape;
  wb_call *call = calloc(1, sizeof *call);
  char *bytes = malloc(size + WB_MAX_VALUES);
  *status = WB_NO_MEMORY;
  if (call == NULL || bytes == NULL) {
    free(call);
    free(bytes);
    return NULL;
  }
  *call = (wb_call){.id = id, .function = function, .bytes = bytes};
  if (!read_values(call->values, shape, arguments, size, bytes)) {
    *status = WB_BAD_ARGUMENT;
    wb_call_free(call);
    return NULL;
  }
  if (id != 0) {
    call->reply = wb_entry_new(WB_RECORD_REPLY, id, WB_WORDS);
    if (call->reply == NULL) {
      wb_call_free(call);
      return NULL;
    }
  }
  *status = WB_OK;
  return call;
}

void wb_call_free(wb_call *call) {
  wb_entry_free(call->reply);
  free(call->bytes);
  free(call);
}

bool wb_call_admit(wb_bridge *bridge, wb_call *call) {
  call->name = wb_name_give(bridge, call);
  if (call->name == NULL) return false;
  call->next = bridge->in_flight;
  bridge->in_flight = call;
  if (call->reply != NULL) bridge->wanted_calls++;
  return true;
}

void wb_call_finish(wb_bridge *bridge, wb_call *call) {
  wb_name_drop(call->name);
  call->done = true;
  wb_call **link = &bridge->in_flight;
  while (*link != NULL && *link != call) link = &(*link)->next;
  if (*link == call) *link = call->next;
  if (call->reply != NULL) bridge->wanted_calls--;
  wb_entry_free(call->reply);
  call->reply = NULL;
  if (!call->inside) wb_call_free(call);
}

void wb_tell(wb_bridge *bridge, wb_entry *entry) {
  entry->time_ns = wb_clock_ns();
  wb_fifo_push(&bridge->fifo, entry);
  if (!bridge->told) wb_condition_signal(&bridge->news);
}

/* Sends the reply that the call holds, and finishes the call. */
static void send_reply(wb_bridge *bridge, wb_call *call) {
  wb_entry *reply = call->reply;
  if (reply != NULL) {
    call->reply = NULL;
    bridge->wanted_calls--;
    bridge->replies++;
    wb_tell(bridge, reply);
  }
  if (call->id == 0) {
    bridge->own_call_answered = true;
    bridge->own_call_ret = call->ret;
    wb_condition_signal(&bridge->work);
  }
  wb_call_finish(bridge, call);
}

void wb_call_answer_ourselves(wb_bridge *bridge, wb_call *call, int32_t ret, const char *text) {
  call->ret = ret;
  if (call->reply != NULL) {
    call->reply->ret = ret;
    wb_entry_set_text(call->reply, WB_WORDS, text);
  }
  send_reply(bridge, call);
}

void wb_call_answer_creation(wb_bridge *bridge) {
  wb_call *call = bridge->creation;
  bridge->creation = NULL;
  send_reply(bridge, call);
}

/* Puts the library's answer into the reserved reply. `bytes` becomes the reply's; NULL although len > 0: no memory. */
static void fill_reply(wb_entry *reply, int ret, uint8_t *bytes, size_t length) {
  if (bytes == NULL && length > 0) {
    reply->ret = WB_NO_MEMORY;
    wb_entry_set_text(reply, WB_WORDS, "The answer was lost: no memory for it.");
    return;
  }
  reply->ret = ret;
  reply->length = (uint32_t)length;
  if (bytes != NULL) reply->bytes = bytes;
}

void wb_on_answer(int ret, const char *msg, size_t len, void *user_data) {
  if (msg == NULL) len = 0;
  uint8_t *bytes = len > 0 && len <= MOST_BYTES ? malloc(len) : NULL;
  if (bytes != NULL) memcpy(bytes, msg, len);

  wb_mutex_lock(&wb_lock);
  const wb_named *named = wb_name_find(user_data);
  if (named == NULL || named->call == NULL) {
    strays++;
    wb_mutex_unlock(&wb_lock);
    free(bytes);
    return;
  }
  wb_bridge *bridge = named->bridge;
  wb_call *call = named->call;
  call->ret = ret;
  if (call->reply != NULL) fill_reply(call->reply, ret, bytes, len);
  else free(bytes);

  if (call == bridge->creation) {
    wb_name_drop(call->name);
    bridge->creation_answered = true;
    wb_condition_signal(&bridge->work);
  } else {
    /* An end that waits for this stop may go on. */
    if (call->function == wb_stop_function()) wb_condition_signal(&bridge->work);
    if (call->function == wb_stop_function() && ret == 0) bridge->stopped = true;
    send_reply(bridge, call);
  }
  wb_mutex_unlock(&wb_lock);
}

/* What an event counts for: the batches of libgowaku (../abi/gowaku.h) begin with a 0, and the messages in them count. */
static uint32_t weight_of(int ret, const char *msg, size_t len) {
  uint32_t count = 0;
  if (ret == 0 && len >= 8 && msg[0] == 0) memcpy(&count, msg + 4, sizeof count);
  return count > 0 && count <= len ? count : 1;
}

void wb_on_event(int ret, const char *msg, size_t len, void *user_data) {
  if (msg == NULL) len = 0;
  uint32_t weight = weight_of(ret, msg, len);
  wb_entry *entry = len <= MOST_BYTES ? wb_entry_new(WB_RECORD_EVENT, 0, len) : NULL;
  if (entry != NULL) {
    entry->weight = weight;
    entry->ret = ret;
    entry->length = (uint32_t)len;
    if (len > 0) memcpy(wb_inline_bytes(entry), msg, len);
  }

  wb_mutex_lock(&wb_lock);
  const wb_named *named = wb_name_find(user_data);
  if (named == NULL || named->call != NULL) {
    strays++;
  } else {
    wb_bridge *bridge = named->bridge;
    uint64_t now_ns = wb_clock_ns();
    bridge->events += weight;
    if (entry == NULL) {
      wb_fifo_lose_events(&bridge->fifo, weight, now_ns);
    } else {
      entry->number = bridge->events;
      entry->time_ns = now_ns;
      if (wb_fifo_offer_event(&bridge->fifo, entry)) entry = NULL;
    }
    if (!bridge->told) wb_condition_signal(&bridge->news);
  }
  wb_mutex_unlock(&wb_lock);
  wb_entry_free(entry);
}
