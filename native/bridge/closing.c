/* The end of a bridge: orderly, or at a deadline. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

static const uint64_t NS_PER_MS = 1000000;

void wb_end(wb_bridge *bridge, int32_t ret, const char *text) {
  while (bridge->in_flight != NULL)
    wb_call_answer_ourselves(bridge, bridge->in_flight, WB_UNANSWERED,
                             "The bridge was closed before the library answered.");
  bridge->creation = NULL;
  wb_name_drop(bridge->events_name);
  wb_entry *entry = bridge->closed_entry;
  bridge->closed_entry = NULL;
  entry->ret = ret;
  wb_entry_set_text(entry, WB_WORDS, text);
  bridge->closed = true;
  wb_tell(bridge, entry);
  wb_condition_signal(&bridge->work);
  /* Also when JavaScript was told before: the notifier ends now. */
  wb_condition_signal(&bridge->news);
}

/* What the end is waiting for, in words. */
static void describe_hang(const wb_bridge *bridge, char *words, size_t words_size) {
  const char *what = bridge->at_work != NULL ? bridge->at_work : "the call thread";
  const char *lacks = bridge->at_work_returned ? "returned, but did not answer" : "did not return";
  unsigned long long since_ms = (wb_clock_ns() - bridge->at_work_since_ns) / NS_PER_MS;
  snprintf(words, words_size, "Let go after %u ms: %s (begun %llu ms ago) %s. The node may still run in this process.",
           bridge->deadline_ms, what, since_ms, lacks);
}

void wb_enforce_deadline(wb_bridge *bridge) {
  if (!bridge->closing || bridge->closed || wb_clock_ns() < bridge->deadline_ns) return;
  char words[WB_WORDS];
  describe_hang(bridge, words, sizeof words);
  wb_end(bridge, WB_UNANSWERED, words);
}

int32_t wb_close(wb_bridge *bridge, uint32_t deadline_ms) {
  if (bridge == NULL) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  if (bridge->closing) {
    wb_mutex_unlock(&wb_lock);
    return WB_BUSY;
  }
  bridge->closing = true;
  bridge->deadline_ms = deadline_ms;
  bridge->deadline_ns = wb_clock_ns() + deadline_ms * NS_PER_MS;
  while (bridge->first_queued != NULL) {
    wb_call *call = bridge->first_queued;
    bridge->first_queued = call->next_queued;
    if (call == bridge->creation) {
      bridge->creation = NULL;
      bridge->context_state = WB_CONTEXT_NONE;
    }
    wb_call_answer_ourselves(bridge, call, WB_CLOSING, "The call was not made: the bridge is closing.");
  }
  bridge->last_queued = NULL;
  wb_condition_signal(&bridge->work);
  wb_condition_signal(&bridge->news);
  wb_mutex_unlock(&wb_lock);
  return WB_OK;
}

int32_t wb_close_poll(wb_bridge *bridge) {
  if (bridge == NULL) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  wb_enforce_deadline(bridge);
  bool closed = bridge->closed;
  wb_mutex_unlock(&wb_lock);
  return closed ? WB_OK : WB_BUSY;
}

void wb_unlock_and_free_if_unused(wb_bridge *bridge) {
  bool unused = bridge->released && bridge->call_thread_ended && bridge->notifier_ended;
  wb_mutex_unlock(&wb_lock);
  if (!unused) return;
  wb_fifo_free(&bridge->fifo);
  wb_entry_free(bridge->loaded_entry);
  wb_entry_free(bridge->closed_entry);
  wb_condition_destroy(&bridge->work);
  wb_condition_destroy(&bridge->news);
  free(bridge->library_path);
  free(bridge);
}

int32_t wb_release(wb_bridge *bridge) {
  if (bridge == NULL) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  if (!bridge->closed || !bridge->notifier_ended) {
    wb_mutex_unlock(&wb_lock);
    return WB_BUSY;
  }
  bridge->released = true;
  /* A hung thread may keep the bridge for ever: not what is in it. */
  wb_fifo_free(&bridge->fifo);
  wb_unlock_and_free_if_unused(bridge);
  return WB_OK;
}
