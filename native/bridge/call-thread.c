/* The thread that loads the library and makes every call into it. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

static const char *name_of(const wb_call *call) {
  return call->function == WB_CREATE ? "waku_new" : wb_functions[call->function].name;
}

static void begin_work(wb_bridge *bridge, const char *what) {
  bridge->at_work = what;
  bridge->at_work_since_ns = wb_clock_ns();
  bridge->at_work_returned = false;
}

static void end_work(wb_bridge *bridge) {
  bridge->at_work_returned = true;
}

/* Makes a call that is in flight. Under wb_lock, except while inside the library. */
static void make_call(wb_bridge *bridge, wb_call *call) {
  call->inside = true;
  if (call->function == wb_function_index("waku_start")) bridge->started = true;
  begin_work(bridge, name_of(call));
  void *name = call->name;
  int32_t ret = 0;
  void *context = NULL;
  wb_mutex_unlock(&wb_lock);
  if (call->function == WB_CREATE)
    context = wb_library_create(&bridge->library, call->values[0].text, wb_on_answer, name);
  else
    ret = wb_library_call(&bridge->library, call->function, bridge->context, call->values, wb_on_answer, name);
  wb_mutex_lock(&wb_lock);
  call->inside = false;
  end_work(bridge);
  if (call->done) {
    wb_call_free(call);
    return;
  }
  if (call->function == WB_CREATE) bridge->context = context;
  /* The arguments are the library's only during the call. */
  free(call->bytes);
  call->bytes = NULL;

  char words[WB_WORDS];
  if (ret != 0) {
    snprintf(words, sizeof words, "%s returned %d without an answer.", name_of(call), ret);
    wb_call_answer_ourselves(bridge, call, WB_UNANSWERED, words);
  } else if (call == bridge->creation && context == NULL && !bridge->creation_answered) {
    bridge->context_state = WB_CONTEXT_FAILED;
    bridge->creation = NULL;
    wb_call_answer_ourselves(bridge, call, WB_UNANSWERED, "waku_new returned no context and gave no answer.");
  }
}

/* waku_new has returned and answered: there is a context now, or never. */
static void finish_creation(wb_bridge *bridge) {
  wb_call *call = bridge->creation;
  if (call->ret == 0 && bridge->context != NULL) {
    begin_work(bridge, "the event callback");
    wb_mutex_unlock(&wb_lock);
    wb_library_set_event_callback(&bridge->library, bridge->context, wb_on_event, bridge->events_name);
    wb_mutex_lock(&wb_lock);
    end_work(bridge);
    if (bridge->closed) return;
    bridge->context_state = WB_CONTEXT_READY;
    wb_call_answer_creation(bridge);
    return;
  }
  bridge->context_state = WB_CONTEXT_FAILED;
  bridge->context = NULL;
  if (call->ret == 0) {
    bridge->creation = NULL;
    wb_call_answer_ourselves(bridge, call, WB_UNANSWERED, "waku_new answered OK, but returned no context.");
  } else {
    wb_call_answer_creation(bridge);
  }
}

static bool can_finish_creation(const wb_bridge *bridge) {
  return bridge->creation != NULL && bridge->creation_answered && !bridge->creation->inside;
}

/* Makes a call of the bridge's own and waits for its answer. WB_UNANSWERED: let go meanwhile, or it could not be made. */
static int32_t make_own_call(wb_bridge *bridge, const char *function) {
  int32_t status;
  wb_call *call = wb_call_new(wb_function_index(function), 0, NULL, 0, &status);
  if (call == NULL || !wb_call_admit(bridge, call)) {
    if (call != NULL) wb_call_free(call);
    return WB_UNANSWERED;
  }
  /* Kept through make_call and the wait: the answer may come at any time. */
  bridge->own_call_answered = false;
  make_call(bridge, call);
  while (!bridge->own_call_answered && !bridge->closed) wb_condition_wait(&bridge->work, &wb_lock);
  return bridge->closed ? WB_UNANSWERED : bridge->own_call_ret;
}

static bool stop_is_in_flight(const wb_bridge *bridge) {
  for (const wb_call *call = bridge->in_flight; call != NULL; call = call->next)
    if (call->function == wb_stop_function()) return true;
  return false;
}

/* The orderly end. Returns early when the deadline has closed the bridge. */
static void close_node(wb_bridge *bridge) {
  while (bridge->creation != NULL && !bridge->closed) {
    if (can_finish_creation(bridge)) finish_creation(bridge);
    else wb_condition_wait(&bridge->work, &wb_lock);
  }
  if (bridge->closed) return;
  if (bridge->context_state != WB_CONTEXT_READY) {
    wb_end(bridge, WB_OK, "Closed. There was no node to stop.");
    return;
  }

  /* The caller may have begun it. */
  while (stop_is_in_flight(bridge) && !bridge->closed) wb_condition_wait(&bridge->work, &wb_lock);
  if (bridge->closed) return;
  int32_t stop_ret = bridge->started && !bridge->stopped ? make_own_call(bridge, "waku_stop") : 0;
  if (bridge->closed) return;
  int32_t destroy_ret = make_own_call(bridge, "waku_destroy");
  if (bridge->closed) return;
  bridge->context_state = WB_CONTEXT_DESTROYED;
  bridge->context = NULL;
  if (stop_ret == 0 && destroy_ret == 0) {
    wb_end(bridge, WB_OK, "Closed. The node was stopped and destroyed.");
    return;
  }
  char words[WB_WORDS];
  snprintf(words, sizeof words, "Closed, but the library reported an error: waku_stop %d, waku_destroy %d.", stop_ret,
           destroy_ret);
  wb_end(bridge, WB_OK, words);
}

static void load(wb_bridge *bridge) {
  begin_work(bridge, "loading the library");
  wb_mutex_unlock(&wb_lock);
  char words[WB_WORDS * 2];
  wb_library library = {0};
  bool loaded = wb_library_load(&library, bridge->library_path, words, sizeof words);
  wb_mutex_lock(&wb_lock);
  end_work(bridge);
  if (bridge->closed) return;
  bridge->library = library;
  bridge->library_state = loaded ? WB_LIBRARY_LOADED : WB_LIBRARY_REFUSED;
  wb_entry *entry = bridge->loaded_entry;
  bridge->loaded_entry = NULL;
  entry->ret = loaded ? WB_OK : WB_REFUSED;
  wb_entry_set_text(entry, sizeof words, words);
  wb_tell(bridge, entry);
}

void wb_run_calls(void *data) {
  wb_bridge *bridge = data;
  wb_mutex_lock(&wb_lock);
  load(bridge);
  while (!bridge->closed) {
    if (bridge->closing) {
      close_node(bridge);
    } else if (can_finish_creation(bridge)) {
      finish_creation(bridge);
    } else if (bridge->first_queued != NULL) {
      wb_call *call = bridge->first_queued;
      bridge->first_queued = call->next_queued;
      if (bridge->first_queued == NULL) bridge->last_queued = NULL;
      make_call(bridge, call);
    } else {
      wb_condition_wait(&bridge->work, &wb_lock);
    }
  }
  bridge->call_thread_ended = true;
  wb_unlock_and_free_if_unused(bridge);
}
