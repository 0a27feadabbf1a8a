/* A bridge with a fixture behind it, and everything that it has told. */
#ifndef TEST_SESSION_H
#define TEST_SESSION_H

#include "../bridge/bridge.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct told {
  wb_record_header header;
  /* NUL-terminated. */
  char *text;
} told;

typedef struct test_session {
  wb_bridge *bridge;
  wb_options options;
  told *records;
  size_t count;
  size_t room;
  /* Size of the buffer that is drained into. */
  uint32_t buffer_size;
  /* By __atomic: what the wake-up saw. */
  int wake_ups;
  /* By __atomic: while 1, the wake-up does not return. */
  int block_wake_up;
} test_session;

/* Generation B of the fixture: libfixture-b; also "c", "a", "d", "old". False: see the check that failed. */
bool session_open(test_session *session, const char *fixture);
/* As above, with `options` (limits) set before. */
bool session_open_with(test_session *session, const char *fixture);
/* The above, and waku_new with this configuration answered OK. */
bool session_start(test_session *session, const char *fixture, const char *config);

/* Submits with texts and a number behind them, as the function's shape wants them. */
int32_t session_submit(test_session *session, const char *function, uint64_t call_id, const char *first, const char *second,
                       long long number);
/* Drains once into `records`. Returns the number of new ones. */
size_t session_drain(test_session *session);
/* Drains until a record of the kind and number (0: any) is there, at most ten seconds. NULL: it did not come. */
const told *session_wait(test_session *session, uint32_t kind, uint64_t number);
/* Submits and waits for the reply. */
const told *session_call(test_session *session, const char *function, uint64_t call_id, const char *first,
                         const char *second, long long number);
size_t session_count(const test_session *session, uint32_t kind);
/* Closes, waits for CLOSED, releases, frees. Returns the `ret` of CLOSED; -100: it did not come. */
int session_close(test_session *session, uint32_t deadline_ms);
/* Releases after CLOSED, and frees. False: it could not be released within ten seconds. */
bool session_release(test_session *session);
/* Waits until the call thread has begun every call, at most ten seconds. */
bool session_wait_begun(test_session *session);
/* The file of a fixture. */
void test_fixture_path(const char *fixture, char *path, size_t size);
void session_sleep_ms(unsigned ms);
wb_stats session_stats(const test_session *session);

#endif
