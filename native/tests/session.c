#include "session.h"
#include "../bridge/platform.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned WAIT_MS = 10000;

#if defined(_WIN32)
#define SUFFIX ".dll"
#elif defined(__APPLE__)
#define SUFFIX ".dylib"
#else
#define SUFFIX ".so"
#endif

void session_sleep_ms(unsigned ms) {
  wb_mutex mutex = WB_MUTEX_INITIALIZER;
  wb_condition condition;
  wb_condition_init(&condition);
  uint64_t end_ns = wb_clock_ns() + ms * (uint64_t)1000000;
  wb_mutex_lock(&mutex);
  while (wb_clock_ns() < end_ns) wb_condition_wait_until(&condition, &mutex, end_ns);
  wb_mutex_unlock(&mutex);
  wb_condition_destroy(&condition);
}

static void wake(void *data) {
  test_session *session = data;
  __atomic_add_fetch(&session->wake_ups, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&session->block_wake_up, __ATOMIC_SEQ_CST) != 0) session_sleep_ms(1);
}

void test_fixture_path(const char *fixture, char *path, size_t size) {
  snprintf(path, size, "%s/libfixture-%s" SUFFIX, test_libraries, fixture);
}

bool session_open_with(test_session *session, const char *fixture) {
  char path[1024], error[256];
  test_fixture_path(fixture, path, sizeof path);
  session->options.library_path = path;
  session->options.wake = wake;
  session->options.wake_data = session;
  session->options.keep_output = 1;
  if (session->buffer_size == 0) session->buffer_size = 1 << 16;
  int32_t status = wb_open(&session->options, &session->bridge, error, sizeof error);
  if (status != WB_OK) test_failed_equal(__FILE__, __LINE__, error, status, WB_OK);
  return status == WB_OK;
}

bool session_open(test_session *made, const char *fixture) {
  *made = (test_session){0};
  return session_open_with(made, fixture);
}

bool session_start(test_session *session, const char *fixture, const char *config) {
  if (!session_open(session, fixture) || session_wait(session, WB_RECORD_LOADED, 0) == NULL) return false;
  const told *reply = session_call(session, "waku_new", 1, config, NULL, 0);
  if (reply != NULL && reply->header.ret != 0) test_failed_text(__FILE__, __LINE__, "waku_new", reply->text, "OK");
  return reply != NULL && reply->header.ret == 0;
}

static size_t put(uint8_t *at, const void *bytes, size_t size) {
  memcpy(at, bytes, size);
  return size;
}

int32_t session_submit(test_session *session, const char *function, uint64_t call_id, const char *first, const char *second,
                       long long number) {
  const char *name = NULL, *shape = "";
  for (uint32_t index = 0; wb_function(index, &name, &shape) == WB_OK; index++)
    if (strcmp(name, function) == 0) break;
  size_t room = 64 + (first != NULL ? strlen(first) : 0) + (second != NULL ? strlen(second) : 0);
  uint8_t *bytes = malloc(room);
  size_t size = 0;
  int texts = 0;
  for (; *shape != 0; shape++) {
    if (*shape != 't') {
      int32_t value = (int32_t)number;
      size += put(bytes + size, &value, sizeof value);
      continue;
    }
    const char *text = texts++ == 0 ? first : second;
    uint32_t length = (uint32_t)strlen(text);
    size += put(bytes + size, &length, sizeof length);
    size += put(bytes + size, text, length);
  }
  int32_t status = wb_submit(session->bridge, function, call_id, bytes, (uint32_t)size);
  wb_begin(session->bridge);
  /* They are copied. */
  memset(bytes, '#', room);
  free(bytes);
  return status;
}

static void keep(test_session *session, const wb_record_header *header, const uint8_t *bytes) {
  if (session->count == session->room) {
    session->room = session->room * 2 + 64;
    session->records = realloc(session->records, session->room * sizeof *session->records);
  }
  char *text = malloc(header->length + 1);
  memcpy(text, bytes, header->length);
  text[header->length] = 0;
  session->records[session->count++] = (told){*header, text};
}

size_t session_drain(test_session *session) {
  uint8_t *buffer = malloc(session->buffer_size);
  uint32_t needed = 0, more = 0;
  size_t before = session->count;
  int32_t written = wb_drain(session->bridge, buffer, session->buffer_size, &needed, &more);
  if (written == WB_BUFFER_TOO_SMALL) session->buffer_size = needed;
  for (int32_t at = 0; at < written;) {
    wb_record_header header;
    memcpy(&header, buffer + at, sizeof header);
    keep(session, &header, buffer + at + sizeof header);
    at += (int32_t)(sizeof header + ((header.length + 7) & ~7u));
  }
  free(buffer);
  return session->count - before;
}

static const told *find(const test_session *session, size_t from, uint32_t kind, uint64_t number) {
  for (size_t index = from; index < session->count; index++) {
    const told *record = &session->records[index];
    if (record->header.kind == kind && (number == 0 || record->header.number == number)) return record;
  }
  return NULL;
}

const told *session_wait(test_session *session, uint32_t kind, uint64_t number) {
  size_t looked = 0;
  uint64_t end_ns = wb_clock_ns() + WAIT_MS * (uint64_t)1000000;
  for (;;) {
    const told *found = find(session, looked, kind, number);
    if (found != NULL) return found;
    looked = session->count;
    if (session_drain(session) > 0) continue;
    if (wb_clock_ns() > end_ns) break;
    session_sleep_ms(1);
  }
  test_failed_equal(__FILE__, __LINE__, "the record that did not come", (long long)number, kind);
  return NULL;
}

const told *session_call(test_session *session, const char *function, uint64_t call_id, const char *first,
                         const char *second, long long number) {
  int32_t status = session_submit(session, function, call_id, first, second, number);
  if (status != WB_OK) {
    test_failed_equal(__FILE__, __LINE__, function, status, WB_OK);
    return NULL;
  }
  return session_wait(session, WB_RECORD_REPLY, call_id);
}

size_t session_count(const test_session *session, uint32_t kind) {
  size_t count = 0;
  for (size_t index = 0; index < session->count; index++)
    if (session->records[index].header.kind == kind) count++;
  return count;
}

bool session_release(test_session *session) {
  int32_t status = WB_BUSY;
  for (unsigned tries = 0; tries < WAIT_MS && status == WB_BUSY; tries++) {
    status = wb_release(session->bridge);
    if (status == WB_BUSY) session_sleep_ms(1);
  }
  for (size_t index = 0; index < session->count; index++) free(session->records[index].text);
  free(session->records);
  session->records = NULL;
  session->count = session->room = 0;
  return status == WB_OK;
}

int session_close(test_session *session, uint32_t deadline_ms) {
  wb_close(session->bridge, deadline_ms);
  const told *closed = session_wait(session, WB_RECORD_CLOSED, 0);
  int ret = closed != NULL ? closed->header.ret : -100;
  return session_release(session) ? ret : -100;
}

bool session_wait_begun(test_session *session) {
  for (unsigned ms = 0; ms < WAIT_MS && session_stats(session).calls_waiting > 0; ms++) session_sleep_ms(1);
  return session_stats(session).calls_waiting == 0;
}

wb_stats session_stats(const test_session *session) {
  wb_stats stats;
  wb_get_stats(session->bridge, &stats);
  return stats;
}
