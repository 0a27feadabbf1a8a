/*
 * A bridge from the inside. One lock, wb_lock, guards every bridge, call, name and queue of the process: it is never
 * held while the library or JavaScript is called, nor while bytes are copied, so that nobody waits on it for long.
 */
#ifndef WB_INTERNAL_H
#define WB_INTERNAL_H

#include "bridge.h"
#include "fifo.h"
#include "library.h"
#include "names.h"
#include "platform.h"

/* Room for a sentence of ours. */
#define WB_WORDS 1024

extern wb_mutex wb_lock;

typedef struct wb_call {
  struct wb_call *next;
  struct wb_call *next_queued;
  uint64_t id;
  /* Index into wb_functions, or WB_CREATE. */
  int function;
  wb_value values[WB_MAX_VALUES];
  /* What the values point into. */
  char *bytes;
  void *name;
  /* Reserved at admission. NULL: nobody wants the answer (a call of the bridge's own, or a forgotten one). */
  wb_entry *reply;
  /* The call thread is inside the library for it. */
  bool inside;
  /* Answered, let go or forgotten: no longer in flight; freed as soon as the call thread has left it. */
  bool done;
  int32_t ret;
} wb_call;

/* No index: waku_new has a signature of its own. -1 is no function at all. */
#define WB_CREATE (-2)

typedef enum wb_context_state {
  WB_CONTEXT_NONE,
  /* waku_new is admitted; its outcome is not known. */
  WB_CONTEXT_CREATING,
  WB_CONTEXT_READY,
  /* waku_new failed. Whatever it returned is never touched. */
  WB_CONTEXT_FAILED,
  WB_CONTEXT_DESTROYED,
} wb_context_state;

typedef enum wb_library_state { WB_LIBRARY_LOADING, WB_LIBRARY_LOADED, WB_LIBRARY_REFUSED } wb_library_state;

struct wb_bridge {
  wb_wake wake;
  void *wake_data;
  char *library_path;
  uint32_t max_calls;

  /* For the call thread: something to do. For the notifier: something to tell. */
  wb_condition work;
  wb_condition news;

  wb_library library;
  wb_library_state library_state;

  wb_context_state context_state;
  void *context;
  /* waku_new's own call while CREATING: its answer waits here until waku_new has returned and events are connected. */
  wb_call *creation;
  bool creation_answered;
  bool started;
  bool stopped;
  /* The answer to the call that the bridge itself makes (waku_stop, waku_destroy), for its call thread. */
  bool own_call_answered;
  int32_t own_call_ret;

  wb_call *in_flight;
  uint32_t wanted_calls;
  wb_call *first_queued;
  wb_call *last_queued;
  /* What the call thread is at, for the words of a hard end. */
  const char *at_work;
  uint64_t at_work_since_ns;
  bool at_work_returned;

  void *events_name;
  uint64_t events;

  wb_fifo fifo;
  /* JavaScript was told that records wait, and has not emptied the queue since. */
  bool told;

  bool closing;
  uint64_t deadline_ns;
  uint32_t deadline_ms;
  /* Reserved, since the end may not fail. */
  wb_entry *closed_entry;
  wb_entry *loaded_entry;
  /* CLOSED is in the queue. */
  bool closed;
  bool released;
  bool call_thread_ended;
  bool notifier_ended;

  uint64_t calls;
  uint64_t replies;
  uint64_t wake_ups;
};

/* bridge.c. `error` may be NULL. */
void wb_say(char *error, uint32_t error_size, const char *text);
bool wb_is_silenced(void);

/* output.c. Under wb_lock. */
bool wb_output_is_redirected(void);

/* calls.c. All but the callbacks under wb_lock. */
/* Parses the arguments. NULL with a code in *status. Needs no lock. */
wb_call *wb_call_new(int function, uint64_t id, const uint8_t *arguments, size_t size, int32_t *status);
void wb_call_free(wb_call *call);
int wb_stop_function(void);
/* Gives it a name and puts it among those in flight. False: no name is free. */
bool wb_call_admit(wb_bridge *bridge, wb_call *call);
/* Answers a call that is not done with a code and a sentence of ours. */
void wb_call_answer_ourselves(wb_bridge *bridge, wb_call *call, int32_t ret, const char *text);
/* Hands out the answer that waku_new's call holds. */
void wb_call_answer_creation(wb_bridge *bridge);
/* Takes the call out of flight and frees it, unless the call thread is inside it and will. */
void wb_call_finish(wb_bridge *bridge, wb_call *call);
/* What the library calls. */
void wb_on_answer(int ret, const char *msg, size_t len, void *user_data);
void wb_on_event(int ret, const char *msg, size_t len, void *user_data);
/* Moves a record into the queue, now. */
void wb_tell(wb_bridge *bridge, wb_entry *entry);
uint64_t wb_strays(void);

/* call-thread.c */
void wb_run_calls(void *bridge);

/* notifier.c */
void wb_run_notifier(void *bridge);

/* closing.c. Under wb_lock. */
/* Ends the bridge: answers what is in flight, puts CLOSED into the queue. */
void wb_end(wb_bridge *bridge, int32_t ret, const char *text);
/* Ends it the hard way when the deadline has passed. */
void wb_enforce_deadline(wb_bridge *bridge);
/* Frees it when nobody uses it any more. Gives the lock back in either case. */
void wb_unlock_and_free_if_unused(wb_bridge *bridge);

#endif
