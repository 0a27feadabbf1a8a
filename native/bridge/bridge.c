/* The doors of the bridge: opening, submitting, draining. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_EVENT_BYTES ((uint64_t)256 << 20)
#define DEFAULT_EVENTS 131072u
#define DEFAULT_CALLS 256u
#define MOST_CALLS 4096u

_Static_assert(sizeof(wb_record_header) == 32, "JavaScript reads it by offset");

wb_mutex wb_lock = WB_MUTEX_INITIALIZER;
static bool silenced;

uint32_t wb_abi_version(void) {
  return WB_ABI_VERSION;
}

uint64_t wb_now_ns(void) {
  return wb_clock_ns();
}

void wb_silence(void) {
  wb_mutex_lock(&wb_lock);
  silenced = true;
  wb_mutex_unlock(&wb_lock);
}

bool wb_is_silenced(void) {
  return silenced;
}

void wb_say(char *error, uint32_t error_size, const char *text) {
  if (error != NULL && error_size > 0) snprintf(error, error_size, "%s", text);
}

int32_t wb_function(uint32_t index, const char **name, const char **shape) {
  static const wb_function_info CREATE = {"waku_new", "t"};
  if (name == NULL || shape == NULL || index >= WB_MAX_FUNCTIONS) return WB_BAD_ARGUMENT;
  const wb_function_info *info = &CREATE;
  for (uint32_t at = 0; at < index; at++) {
    info = &wb_functions[at];
    if (info->name == NULL) return WB_BAD_ARGUMENT;
  }
  *name = info->name;
  *shape = info->shape;
  return WB_OK;
}

static void free_unstarted(wb_bridge *bridge) {
  bridge->released = bridge->call_thread_ended = bridge->notifier_ended = true;
  wb_mutex_lock(&wb_lock);
  wb_name_drop(bridge->events_name);
  wb_unlock_and_free_if_unused(bridge);
}

static char *copy_text(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  if (copy != NULL) memcpy(copy, text, size);
  return copy;
}

/* NULL without memory. */
static wb_bridge *new_bridge(const wb_options *options) {
  wb_bridge *bridge = calloc(1, sizeof *bridge);
  if (bridge == NULL) return NULL;
  bridge->wake = options->wake;
  bridge->wake_data = options->wake_data;
  bridge->max_calls = options->max_calls != 0 ? options->max_calls : DEFAULT_CALLS;
  bridge->library_path = copy_text(options->library_path);
  bridge->loaded_entry = wb_entry_new(WB_RECORD_LOADED, 0, (size_t)WB_WORDS * 2);
  bridge->closed_entry = wb_entry_new(WB_RECORD_CLOSED, 0, WB_WORDS);
  wb_condition_init(&bridge->work);
  wb_condition_init(&bridge->news);
  wb_fifo_init(&bridge->fifo, options->max_event_bytes != 0 ? options->max_event_bytes : DEFAULT_EVENT_BYTES,
               options->max_events != 0 ? options->max_events : DEFAULT_EVENTS);
  wb_mutex_lock(&wb_lock);
  bridge->events_name = wb_name_give(bridge, NULL);
  wb_mutex_unlock(&wb_lock);
  if (bridge->library_path != NULL && bridge->loaded_entry != NULL && bridge->closed_entry != NULL &&
      bridge->events_name != NULL)
    return bridge;
  free_unstarted(bridge);
  return NULL;
}

/* Starts both threads. The second one may fail: then the first ends by itself, and frees the bridge. */
static bool start_threads(wb_bridge *bridge) {
  if (!wb_thread_start(wb_run_notifier, bridge)) {
    free_unstarted(bridge);
    return false;
  }
  if (wb_thread_start(wb_run_calls, bridge)) return true;
  wb_mutex_lock(&wb_lock);
  bridge->call_thread_ended = bridge->released = bridge->closed = true;
  wb_name_drop(bridge->events_name);
  wb_condition_signal(&bridge->news);
  wb_mutex_unlock(&wb_lock);
  return false;
}

int32_t wb_open(const wb_options *options, wb_bridge **bridge, char *error, uint32_t error_size) {
  wb_say(error, error_size, "");
  if (bridge == NULL) return WB_BAD_ARGUMENT;
  *bridge = NULL;
  if (options == NULL || options->library_path == NULL || *options->library_path == 0 || options->wake == NULL) {
    wb_say(error, error_size, "A library and a wake-up are needed.");
    return WB_BAD_ARGUMENT;
  }
  if (options->max_calls > MOST_CALLS) {
    wb_say(error, error_size, "At most 4096 calls can be in flight.");
    return WB_BAD_ARGUMENT;
  }
  wb_mutex_lock(&wb_lock);
  bool safe = options->keep_output != 0 || wb_output_is_redirected();
  wb_mutex_unlock(&wb_lock);
  if (!safe) {
    wb_say(error, error_size, "The output has to be redirected before the library is loaded.");
    return WB_OUTPUT_NOT_REDIRECTED;
  }

  wb_bridge *made = new_bridge(options);
  if (made == NULL) {
    wb_say(error, error_size, "There is no memory for a bridge.");
    return WB_NO_MEMORY;
  }
  if (!start_threads(made)) {
    wb_say(error, error_size, "The system refused to start a thread.");
    return WB_SYSTEM;
  }
  *bridge = made;
  return WB_OK;
}

/* Whether a call may be admitted now. Under wb_lock. */
static int32_t admission(const wb_bridge *bridge, int function) {
  if (bridge->closing) return WB_CLOSING;
  if (bridge->library_state != WB_LIBRARY_LOADED) return WB_WRONG_STATE;
  if (bridge->wanted_calls >= bridge->max_calls) return WB_BUSY;
  if (function == WB_CREATE) return bridge->context_state == WB_CONTEXT_NONE ? WB_OK : WB_WRONG_STATE;
  if (bridge->library.functions[function] == NULL) return WB_MISSING_FUNCTION;
  return bridge->context_state == WB_CONTEXT_READY ? WB_OK : WB_WRONG_STATE;
}

int32_t wb_submit(wb_bridge *bridge, const char *function, uint64_t call_id, const uint8_t *arguments,
                  uint32_t arguments_size) {
  if (bridge == NULL || function == NULL || call_id == 0) return WB_BAD_ARGUMENT;
  if (arguments == NULL && arguments_size > 0) return WB_BAD_ARGUMENT;
  int index = strcmp(function, "waku_new") == 0 ? WB_CREATE : wb_function_index(function);
  /* Destroying is the end's, which stops the node first. */
  if (index == -1 || strcmp(function, "waku_destroy") == 0) return WB_UNKNOWN_FUNCTION;

  int32_t status;
  wb_call *call = wb_call_new(index, call_id, arguments, arguments_size, &status);
  if (call == NULL) return status;

  wb_mutex_lock(&wb_lock);
  status = admission(bridge, index);
  if (status == WB_OK && !wb_call_admit(bridge, call)) status = WB_BUSY;
  if (status == WB_OK) {
    if (index == WB_CREATE) {
      bridge->context_state = WB_CONTEXT_CREATING;
      bridge->creation = call;
    }
    if (bridge->last_queued != NULL) bridge->last_queued->next_queued = call;
    else bridge->first_queued = call;
    bridge->last_queued = call;
    bridge->calls++;
  }
  wb_mutex_unlock(&wb_lock);
  if (status != WB_OK) wb_call_free(call);
  return status;
}

int32_t wb_begin(wb_bridge *bridge) {
  if (bridge == NULL) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  wb_condition_signal(&bridge->work);
  wb_mutex_unlock(&wb_lock);
  return WB_OK;
}

/* Takes the call out of the queue of those not begun. False: it is not in there. */
static bool unqueue(wb_bridge *bridge, wb_call *call) {
  wb_call *before = NULL;
  wb_call *at = bridge->first_queued;
  for (; at != NULL && at != call; at = at->next_queued) before = at;
  if (at == NULL) return false;
  if (before != NULL) before->next_queued = call->next_queued;
  else bridge->first_queued = call->next_queued;
  if (bridge->last_queued == call) bridge->last_queued = before;
  return true;
}

/* Nobody wants its answer any more. waku_new goes on: what it creates has to be destroyed. */
static void forget(wb_bridge *bridge, wb_call *call) {
  bool begun = !unqueue(bridge, call);
  if (call != bridge->creation) {
    wb_call_finish(bridge, call);
  } else if (begun) {
    wb_entry_free(call->reply);
    call->reply = NULL;
    bridge->wanted_calls--;
  } else {
    bridge->creation = NULL;
    bridge->context_state = WB_CONTEXT_NONE;
    wb_call_finish(bridge, call);
  }
}

int32_t wb_forget(wb_bridge *bridge, uint64_t call_id) {
  if (bridge == NULL || call_id == 0) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  wb_call *call = bridge->in_flight;
  while (call != NULL && (call->id != call_id || call->reply == NULL)) call = call->next;
  if (call != NULL) forget(bridge, call);
  wb_mutex_unlock(&wb_lock);
  return call != NULL ? WB_OK : WB_BAD_ARGUMENT;
}

int32_t wb_drain(wb_bridge *bridge, uint8_t *buffer, uint32_t buffer_size, uint32_t *needed, uint32_t *more) {
  if (bridge == NULL || buffer == NULL || needed == NULL || more == NULL) return WB_BAD_ARGUMENT;
  /* What is written is returned as int32. */
  if (buffer_size > INT32_MAX) buffer_size = INT32_MAX;
  wb_batch batch;
  size_t first_size;
  wb_mutex_lock(&wb_lock);
  size_t written = wb_fifo_take(&bridge->fifo, buffer_size, &batch, &first_size);
  bool empty = wb_fifo_is_empty(&bridge->fifo);
  if (empty) bridge->told = false;
  wb_mutex_unlock(&wb_lock);
  *needed = (uint32_t)first_size;
  *more = empty ? 0 : 1;
  if (written == 0) return empty ? 0 : WB_BUFFER_TOO_SMALL;
  wb_batch_write(&batch, buffer);
  return (int32_t)written;
}

int32_t wb_get_stats(wb_bridge *bridge, wb_stats *stats) {
  if (bridge == NULL || stats == NULL) return WB_BAD_ARGUMENT;
  wb_mutex_lock(&wb_lock);
  uint64_t waiting = 0;
  for (const wb_call *call = bridge->first_queued; call != NULL; call = call->next_queued) waiting++;
  *stats = (wb_stats){
      .calls = bridge->calls,
      .calls_in_flight = bridge->wanted_calls,
      .calls_waiting = waiting,
      .replies = bridge->replies,
      .events = bridge->events,
      .events_lost = bridge->fifo.lost,
      .gaps = bridge->fifo.gaps,
      .wake_ups = bridge->wake_ups,
      .queued_records = bridge->fifo.records,
      .queued_events = bridge->fifo.events,
      .queued_event_bytes = bridge->fifo.event_bytes,
      .strays = wb_strays(),
  };
  wb_mutex_unlock(&wb_lock);
  return WB_OK;
}
