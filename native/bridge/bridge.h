/*
 * The bridge between JavaScript and a Waku node library (libwaku or libgowaku): what koffi calls.
 *
 * No function here waits: it copies, queues or looks, and returns. The library is loaded and called on one
 * ordinary thread per bridge; what it answers and tells goes into one queue, which JavaScript drains in batches.
 * A second thread, the notifier, is the only one that wakes JavaScript and holds no lock while it does.
 *
 * All functions may be called from any thread unless they say otherwise. Texts are UTF-8. Times are nanoseconds of
 * wb_now_ns(). Functions that return int32_t answer WB_OK or one of the negative codes below.
 */
#ifndef WB_BRIDGE_H
#define WB_BRIDGE_H

#include <stdint.h>

#if defined(_WIN32)
#define WB_API __declspec(dllexport)
#else
#define WB_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a signature, a structure or a code changes. */
#define WB_ABI_VERSION 4

#define WB_OK 0
/* An argument is missing, malformed, or does not fit the function's shape. */
#define WB_BAD_ARGUMENT (-1)
/* Too many calls in flight, or something has not ended yet: try again later. */
#define WB_BUSY (-2)
/* The bridge is closing: the call was not made. */
#define WB_CLOSING (-3)
/* The node is not in the state for it: no library, no context, a failed context, a second waku_new. */
#define WB_WRONG_STATE (-4)
#define WB_NO_MEMORY (-5)
/* The buffer does not hold the next record; nothing was taken. */
#define WB_BUFFER_TOO_SMALL (-6)
/* The bridge knows no such function, or makes that call itself (waku_destroy, the event callback). */
#define WB_UNKNOWN_FUNCTION (-7)
/* The library is of a release that lacks the function. */
#define WB_MISSING_FUNCTION (-8)
/* wb_output_redirect has to come first: the library writes to descriptors 1 and 2. */
#define WB_OUTPUT_NOT_REDIRECTED (-9)
/* The system refused; the error text says what. */
#define WB_SYSTEM (-10)
/* Only as the `ret` of a reply: the library gave no answer (it returned without one, or was let go). */
#define WB_UNANSWERED (-11)
/* Only as the `ret` of a record: the library is refused or cannot be loaded; the text says why. */
#define WB_REFUSED (-12)

/* The library was loaded. The first record, unless loading itself hangs until the end. `ret`: WB_OK and a JSON text
   {"generation":"B"|"C","missing":["waku_…"],"batches":true|false} (functions that this release lacks; whether it has
   libgowaku's batches of messages, ../abi/gowaku.h), or WB_REFUSED and a sentence. */
#define WB_RECORD_LOADED 1
/* The answer to the call `number`. `ret`: the library's own code (0 OK, 1 error, 2 missing callback) with its
   text, or WB_CLOSING, WB_UNANSWERED, WB_WRONG_STATE, WB_NO_MEMORY with a sentence. */
#define WB_RECORD_REPLY 2
/* An event. `ret`: the library's code; `number`: events the library has sent so far, lost ones included. A batch of
   messages counts as so many events, here, in gaps and for the limits of the queue. */
#define WB_RECORD_EVENT 3
/* `number` events are missing here, because the queue was full. `time_ns`: of the first. */
#define WB_RECORD_GAP 4
/* The end; the last record of every bridge. `ret`: WB_OK orderly, WB_UNANSWERED hard; the text says which. */
#define WB_RECORD_CLOSED 5

/* A record in the buffer of wb_drain: this header, `length` bytes, then padding to a multiple of 8 bytes. In the
   machine's byte order (little-endian on every target). */
typedef struct wb_record_header {
  uint64_t time_ns;
  uint64_t number;
  uint32_t length;
  int32_t ret;
  uint32_t kind;
  /* Always 0. */
  uint32_t reserved;
} wb_record_header;

typedef struct wb_bridge wb_bridge;

/* Called by the notifier thread, without locks, when records wait and JavaScript was not told yet. At most one is
   outstanding: the next one comes only after wb_drain has emptied the queue. It may block. */
typedef void (*wb_wake)(void *user_data);

typedef struct wb_options {
  /* File of the node library; copied. */
  const char *library_path;
  wb_wake wake;
  void *wake_data;
  /* Limits of the queue for events; 0: 268,435,456 bytes and 131,072 events. */
  uint64_t max_event_bytes;
  uint32_t max_events;
  /* Calls in flight, admitted and unanswered; 0: 256. At most 4,096. */
  uint32_t max_calls;
  /* 1: load the library although the output is not redirected. For tests. */
  uint32_t keep_output;
  uint32_t reserved;
} wb_options;

typedef struct wb_stats {
  uint64_t calls;            /* admitted */
  uint64_t calls_in_flight;  /* admitted, not answered, not forgotten */
  uint64_t calls_waiting;    /* of these, not yet begun by the call thread */
  uint64_t replies;          /* put into the queue */
  uint64_t events;           /* sent by the library, lost ones included */
  uint64_t events_lost;
  uint64_t gaps;
  uint64_t wake_ups;
  uint64_t queued_records;
  uint64_t queued_events;
  uint64_t queued_event_bytes;
  /* Answers and events of the whole process that belong to no call and no bridge: late, or given twice. */
  uint64_t strays;
} wb_stats;

WB_API uint32_t wb_abi_version(void);

/* The clock of all records: monotonic, the one of Node's process.hrtime. */
WB_API uint64_t wb_now_ns(void);

/*
 * Points descriptors 1 and 2 of the whole process at a file, until wb_output_restore. `saved` receives descriptors
 * that still reach the old ones, for the program's own output; -1 where there was none, and on Windows, where the
 * program's own runtime keeps its descriptors. The file is appended to. Once a second it is looked at: larger than
 * half of max_bytes, it becomes `<path>.1`, replacing the last one, and a new one begins. A second call answers WB_BUSY.
 */
WB_API int32_t wb_output_redirect(const char *path, uint64_t max_bytes, int32_t saved[2], char *error,
                                  uint32_t error_size);
/* Undoes wb_output_redirect and closes the saved descriptors. WB_WRONG_STATE when there is nothing to undo. */
WB_API int32_t wb_output_restore(void);

/*
 * Begins a bridge: starts its threads, which load the library. The outcome is the record LOADED. A library is never
 * unloaded. On failure a sentence stands in `error` (NUL-terminated, cut to error_size) and *bridge is NULL.
 */
WB_API int32_t wb_open(const wb_options *options, wb_bridge **bridge, char *error, uint32_t error_size);

/*
 * Submits a call; its answer is the REPLY with number `call_id` (chosen by the caller, never 0, not in flight).
 * WB_OK: admitted, with its place for the answer reserved; it is made behind the next wb_begin at the latest. Otherwise
 * no reply will come.
 *
 * `arguments` holds what the function takes between its context and its callback, in order, for each letter of its
 * shape (wb_function): t: uint32 length in bytes and that many bytes without NUL; b: the same with any bytes; i: int32;
 * u: uint32. Nothing is padded. The bytes are copied before this returns. waku_new comes first and once; its
 * configuration is its text.
 */
WB_API int32_t wb_submit(wb_bridge *bridge, const char *function, uint64_t call_id, const uint8_t *arguments,
                         uint32_t arguments_size);

/* Wakes the call thread for what was submitted: once for many calls, since waking costs more than a call does. */
WB_API int32_t wb_begin(wb_bridge *bridge);

/*
 * The caller no longer wants that answer: a call that has not begun is not made, the answer of another is discarded
 * and counted as stray. No reply will come. WB_BAD_ARGUMENT: no such call is in flight; its reply may be queued.
 */
WB_API int32_t wb_forget(wb_bridge *bridge, uint64_t call_id);

/*
 * Moves records into `buffer`, oldest first, as many as fit whole. Returns the bytes written, 0 when there are none, or
 * WB_BUFFER_TOO_SMALL with the size that is needed in *needed. `more` becomes 1 when records remain: then drain again,
 * for no wake-up comes until the queue has been empty once.
 */
WB_API int32_t wb_drain(wb_bridge *bridge, uint8_t *buffer, uint32_t buffer_size, uint32_t *needed, uint32_t *more);

WB_API int32_t wb_get_stats(wb_bridge *bridge, wb_stats *stats);

/*
 * Begins the end: calls not begun are answered WB_CLOSING, then the node is stopped and destroyed, and CLOSED is the
 * last record. When that takes longer than deadline_ms, the bridge lets go of everything without waiting for threads
 * that hang inside the library, answers what is in flight with WB_UNANSWERED, and CLOSED says so. Answers WB_BUSY when
 * the end has begun already.
 */
WB_API int32_t wb_close(wb_bridge *bridge, uint32_t deadline_ms);

/* WB_OK once CLOSED is in the queue (drained or not), WB_BUSY before; enforces the deadline of wb_close itself, so that
   polling ends also while the notifier is blocked in its wake-up. */
WB_API int32_t wb_close_poll(wb_bridge *bridge);

/*
 * Frees the bridge; not one of these functions may use it afterwards. WB_BUSY: not closed, or the notifier is still in
 * its wake-up: try again after JavaScript has run. After WB_OK `wake` is never called again. What threads that hang in
 * the library still hold stays allocated.
 */
WB_API int32_t wb_release(wb_bridge *bridge);

/* For a process that is about to exit with bridges open: no wake-up begins after this, in any bridge. */
WB_API void wb_silence(void);

/* The functions that can be submitted, by index from 0: their names and shapes. WB_BAD_ARGUMENT behind the last. */
WB_API int32_t wb_function(uint32_t index, const char **name, const char **shape);

#ifdef __cplusplus
}
#endif

#endif
