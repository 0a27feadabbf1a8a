#include "runner.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC "/waku/2/rs/66/0"
#define MESSAGE "{\"payload\":\"aGVsbG8=\",\"contentTopic\":\"/a/1/b/proto\",\"timestamp\":\"1700000000123456789\"}"

static void speaks(const char *fixture, const char *version) {
  test_session s;
  CHECK(session_start(&s, fixture, "{\"fixture\":{\"meshPeers\":3}}"));
  const told *loaded = session_wait(&s, WB_RECORD_LOADED, 0);
  CHECK_EQUAL(loaded->header.ret, WB_OK);
  const told *reply = session_call(&s, "waku_version", 2, NULL, NULL, 0);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, version);
  CHECK(session_call(&s, "waku_start", 3, NULL, NULL, 0) != NULL);
  reply = session_call(&s, "waku_relay_subscribe", 4, TOPIC, NULL, 0);
  CHECK(reply != NULL && reply->header.ret == 0);
  reply = session_call(&s, "waku_relay_publish", 5, TOPIC, MESSAGE, 1000);
  CHECK(reply != NULL);
  CHECK_EQUAL(reply->header.ret, 0);
  CHECK_CONTAINS(reply->text, "0x");
  CHECK_EQUAL(session_count(&s, WB_RECORD_EVENT), 2);
  reply = session_call(&s, "waku_dial_peer", 6, "address", "protocol", -7);
  CHECK(reply != NULL && reply->header.ret == 0);
  reply = session_call(&s, "waku_store_query", 7, "{}", "peer", -7);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "waku_store_query({}|peer|-7)");
  reply = session_call(&s, "waku_relay_add_protected_shard", 8, "key", NULL, 5);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "waku_relay_add_protected_shard(key||5005)");
  reply = session_call(&s, "waku_filter_subscribe", 9, TOPIC, "/a/1/b/proto", 0);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "waku_filter_subscribe(" TOPIC "|/a/1/b/proto|0)");
  reply = session_call(&s, "waku_peer_exchange_request", 10, NULL, NULL, 12);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "waku_peer_exchange_request(||12)");
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void speaks_b(void) {
  speaks("b", "v0.37.1-fixture");
}

static void speaks_c(void) {
  speaks("c", "v0.38.1-fixture");
}

static void refuses_libraries(void) {
  static const struct {
    const char *fixture, *words;
  } CASES[] = {{"a", "generation A"}, {"d", "generation D"}, {"missing", "cannot be loaded"}};
  for (size_t index = 0; index < 3; index++) {
    test_session s;
    CHECK(session_open(&s, CASES[index].fixture));
    const told *loaded = session_wait(&s, WB_RECORD_LOADED, 0);
    CHECK(loaded != NULL);
    CHECK_EQUAL(loaded->header.ret, WB_REFUSED);
    CHECK_CONTAINS(loaded->text, CASES[index].words);
    CHECK_EQUAL(session_submit(&s, "waku_new", 1, "{}", NULL, 0), WB_WRONG_STATE);
    CHECK_EQUAL(session_close(&s, 5000), WB_OK);
  }
}

static void knows_older_releases(void) {
  test_session s;
  CHECK(session_start(&s, "old", "{}"));
  CHECK_CONTAINS(s.records[0].text, "\"missing\":[\"waku_relay_get_connected_peers\"");
  CHECK_EQUAL(session_submit(&s, "waku_is_online", 2, NULL, NULL, 0), WB_MISSING_FUNCTION);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void checks_arguments(void) {
  test_session s;
  char error[64];
  wb_bridge *none;
  CHECK_EQUAL(wb_open(&(wb_options){.library_path = "x"}, &none, error, sizeof error), WB_BAD_ARGUMENT);
  CHECK_EQUAL(strlen(error) > 0, 1);
  CHECK(session_start(&s, "b", "{}"));
  uint8_t cut[6] = {3, 0, 0, 0, 'a', 'b'}, with_nul[6] = {2, 0, 0, 0, 'a', 0}, longer[6] = {1, 0, 0, 0, 'a', 'b'};
  const char *subscribe = "waku_relay_subscribe";
  CHECK_EQUAL(wb_submit(s.bridge, subscribe, 2, cut, 6), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_submit(s.bridge, subscribe, 2, with_nul, 6), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_submit(s.bridge, subscribe, 2, longer, 6), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_submit(s.bridge, subscribe, 2, NULL, 0), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_submit(s.bridge, subscribe, 0, longer, 5), WB_BAD_ARGUMENT);
  uint8_t bytes[10] = {2, 0, 0, 0, 'a', 0, 7, 0, 0, 0};
  const char *many = "gowaku_relay_publish_many";
  CHECK_EQUAL(wb_submit(s.bridge, many, 2, bytes, 9), WB_BAD_ARGUMENT);
  /* Zeros are fine in bytes; the fixture is not libgowaku. */
  CHECK_EQUAL(wb_submit(s.bridge, many, 2, bytes, 10), WB_MISSING_FUNCTION);
  CHECK_CONTAINS(s.records[0].text, "\"missing\":[],\"batches\":false}");
  CHECK_EQUAL(session_submit(&s, "waku_destroy", 2, NULL, NULL, 0), WB_UNKNOWN_FUNCTION);
  CHECK_EQUAL(session_submit(&s, "waku_set_event_callback", 2, NULL, NULL, 0), WB_UNKNOWN_FUNCTION);
  CHECK_EQUAL(session_submit(&s, "waku_new", 2, "{}", NULL, 0), WB_WRONG_STATE);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void never_touches_a_failed_context(void) {
  static const char *const CONFIGS[] = {
      "{\"nat\":\"none\",\"fixture\":{\"quirks\":\"contextAndLaterError\"}}",
      "{\"nat\":\"none\",\"fixture\":{\"quirks\":\"contextAndLaterError\",\"insideIn\":\"waku_new\"}}",
      "{\"nat\":\"none\"}",
  };
  for (size_t index = 0; index < 3; index++) {
    test_session s;
    CHECK(session_open(&s, "b"));
    CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
    const told *reply = session_call(&s, "waku_new", 1, CONFIGS[index], NULL, 0);
    CHECK(reply != NULL);
    CHECK_EQUAL(reply->header.ret, 1);
    CHECK_CONTAINS(reply->text, "invalid value of nat");
    /* Any call on that context would crash. */
    CHECK_EQUAL(session_submit(&s, "waku_start", 2, NULL, NULL, 0), WB_WRONG_STATE);
    CHECK_EQUAL(session_close(&s, 5000), WB_OK);
  }
}

static void answers_whatever_the_library_does(void) {
  test_session s;
  CHECK(session_start(&s, "b",
                      "{\"fixture\":{\"insideIn\":\"waku_version\",\"twiceIn\":\"waku_get_my_enr\","
                      "\"returnsIn\":\"waku_ping_peer\",\"errorIn\":\"waku_connect\"}}"));
  uint64_t strays = session_stats(&s).strays;
  const told *reply = session_call(&s, "waku_version", 2, NULL, NULL, 0);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "fixture");
  CHECK(session_call(&s, "waku_get_my_enr", 3, NULL, NULL, 0) != NULL);
  reply = session_call(&s, "waku_ping_peer", 4, "address", NULL, 10);
  CHECK(reply != NULL);
  CHECK_EQUAL(reply->header.ret, WB_UNANSWERED);
  CHECK_CONTAINS(reply->text, "waku_ping_peer returned 1 without an answer");
  reply = session_call(&s, "waku_connect", 5, "address", NULL, 10);
  CHECK(reply != NULL);
  CHECK_EQUAL(reply->header.ret, 1);
  CHECK_CONTAINS(reply->text, "as told");
  CHECK_EQUAL(session_stats(&s).strays - strays, 1);
  CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), 5);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void forgets_calls(void) {
  test_session s;
  s = (test_session){.options = {.max_calls = 2}};
  CHECK(session_open_with(&s, "b"));
  CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
  CHECK(session_call(&s, "waku_new", 1, "{\"fixture\":{\"silentIn\":\"waku_ping_peer\",\"delayIn\":\"waku_connect\"}}", NULL,
                     0) != NULL);
  uint64_t strays = session_stats(&s).strays;
  CHECK_EQUAL(session_submit(&s, "waku_ping_peer", 2, "a", NULL, 0), WB_OK);
  CHECK_EQUAL(session_submit(&s, "waku_connect", 3, "a", NULL, 0), WB_OK);
  CHECK_EQUAL(session_submit(&s, "waku_version", 4, NULL, NULL, 0), WB_BUSY);
  CHECK(session_wait_begun(&s));
  CHECK_EQUAL(wb_forget(s.bridge, 2), WB_OK);
  CHECK_EQUAL(wb_forget(s.bridge, 2), WB_BAD_ARGUMENT);
  CHECK_EQUAL(wb_forget(s.bridge, 3), WB_OK);
  CHECK_EQUAL(session_stats(&s).calls_in_flight, 0);
  CHECK(session_call(&s, "waku_version", 4, NULL, NULL, 0) != NULL);
  CHECK_EQUAL(session_stats(&s).strays - strays, 1);
  CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), 2);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void blocks_nobody(void) {
  test_session s;
  CHECK(session_start(&s, "b", "{\"fixture\":{\"threads\":3,\"burst\":20000,\"eventThreads\":4}}"));
  /* As JavaScript that is busy: the wake-up hangs and nobody drains. */
  while (session_drain(&s) > 0) continue;
  __atomic_store_n(&s.block_wake_up, 1, __ATOMIC_SEQ_CST);
  CHECK_EQUAL(session_submit(&s, "waku_start", 2, NULL, NULL, 0), WB_OK);
  for (uint64_t id = 3; id < 103; id++) CHECK_EQUAL(session_submit(&s, "waku_version", id, NULL, NULL, 0), WB_OK);
  for (int tries = 0; tries < 10000 && session_stats(&s).queued_records < 20101; tries++) session_sleep_ms(1);
  wb_stats stats = session_stats(&s);
  CHECK_EQUAL(stats.queued_records, 20101);
  CHECK_EQUAL(stats.events, 20000);
  CHECK_EQUAL(stats.calls_in_flight, 0);
  int wake_ups = __atomic_load_n(&s.wake_ups, __ATOMIC_SEQ_CST);
  __atomic_store_n(&s.block_wake_up, 0, __ATOMIC_SEQ_CST);
  session_sleep_ms(20);
  CHECK_EQUAL(__atomic_load_n(&s.wake_ups, __ATOMIC_SEQ_CST), wake_ups);
  while (session_drain(&s) > 0) continue;
  CHECK_EQUAL(session_count(&s, WB_RECORD_EVENT), 20000);
  CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), 102);
  /* In order, and the times with it. */
  uint64_t last_event = 0, last_ns = 0;
  for (size_t index = 0; index < s.count; index++) {
    const wb_record_header *header = &s.records[index].header;
    CHECK(header->time_ns >= last_ns);
    last_ns = header->time_ns;
    if (header->kind == WB_RECORD_EVENT) CHECK_EQUAL(header->number, ++last_event);
  }
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void counts_a_burst_exactly(void) {
  test_session s = {.options = {.max_events = 1000}};
  CHECK(session_open_with(&s, "b"));
  CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
  CHECK(session_call(&s, "waku_new", 1, "{\"fixture\":{\"burst\":100000,\"eventThreads\":4,\"eventBytes\":8}}", NULL, 0) !=
        NULL);
  CHECK_EQUAL(session_submit(&s, "waku_start", 2, NULL, NULL, 0), WB_OK);
  for (int tries = 0; tries < 20000 && session_stats(&s).events < 100000; tries++) {
    if (tries % 50 == 49) session_drain(&s);
    session_sleep_ms(1);
  }
  while (session_drain(&s) > 0) continue;
  uint64_t events = 0, lost = 0;
  bool after_gap = false;
  for (size_t index = 0; index < s.count; index++) {
    const wb_record_header *header = &s.records[index].header;
    if (header->kind == WB_RECORD_GAP) {
      CHECK(!after_gap);
      after_gap = true;
      lost += header->number;
    } else if (header->kind == WB_RECORD_EVENT) {
      after_gap = false;
      events++;
      /* The event's own number tells what was lost before it. */
      CHECK_EQUAL(header->number, events + lost);
    }
  }
  CHECK_EQUAL(events + lost, 100000);
  CHECK(lost > 0);
  CHECK_EQUAL(session_stats(&s).events_lost, lost);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void takes_many_calls_from_many_threads(void) {
  test_session s;
  CHECK(session_start(&s, "c", "{\"fixture\":{\"threads\":4}}"));
  uint64_t next = 2;
  while (next < 5000) {
    int32_t status = session_submit(&s, "waku_store_query", next, "{}", "p", (long long)next);
    if (status == WB_OK) next++;
    else CHECK_EQUAL(status, WB_BUSY);
    if (status == WB_BUSY) session_drain(&s);
  }
  for (uint64_t id = 2; id < 5000; id += 499) {
    const told *reply = session_wait(&s, WB_RECORD_REPLY, id);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "waku_store_query({}|p|%llu)", (unsigned long long)id);
    CHECK(reply != NULL);
    CHECK_CONTAINS(reply->text, wanted);
  }
  while (session_stats(&s).calls_in_flight > 0) session_sleep_ms(1);
  while (session_drain(&s) > 0) continue;
  CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), 4999);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

static void closes_under_traffic(void) {
  test_session s;
  CHECK(session_start(&s, "b", "{\"fixture\":{\"burst\":1000000000,\"eventThreads\":3,\"threads\":2,\"destroyMs\":30}}"));
  CHECK_EQUAL(session_submit(&s, "waku_start", 2, NULL, NULL, 0), WB_OK);
  CHECK(session_wait(&s, WB_RECORD_REPLY, 2) != NULL);
  uint64_t admitted = 2;
  for (uint64_t id = 3; id < 203; id++)
    if (session_submit(&s, "waku_version", id, NULL, NULL, 0) == WB_OK) admitted++;
  CHECK_EQUAL(wb_close(s.bridge, 8000), WB_OK);
  CHECK_EQUAL(wb_close(s.bridge, 8000), WB_BUSY);
  CHECK_EQUAL(session_submit(&s, "waku_version", 999, NULL, NULL, 0), WB_CLOSING);
  const told *closed = session_wait(&s, WB_RECORD_CLOSED, 0);
  CHECK(closed != NULL);
  CHECK_EQUAL(closed->header.ret, WB_OK);
  CHECK_CONTAINS(closed->text, "stopped and destroyed");
  CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), admitted);
  CHECK_EQUAL(s.records[s.count - 1].header.kind, WB_RECORD_CLOSED);
  CHECK(session_release(&s));
}

static void events_behind_the_end_find_nobody(void) {
  test_session s, next;
  CHECK(session_start(&s, "b",
                      "{\"fixture\":{\"quirks\":\"eventsAfterDestroy\",\"burst\":300,\"eventGapMs\":1}}"));
  CHECK(session_call(&s, "waku_start", 2, NULL, NULL, 0) != NULL);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
  CHECK(session_start(&next, "b", "{}"));
  uint64_t strays = session_stats(&next).strays;
  for (int tries = 0; tries < 1000 && session_stats(&next).strays == strays; tries++) session_sleep_ms(1);
  CHECK(session_stats(&next).strays > strays);
  session_drain(&next);
  CHECK_EQUAL(session_count(&next, WB_RECORD_EVENT), 0);
  /* Its threads end before the test does. */
  session_sleep_ms(500);
  CHECK_EQUAL(session_close(&next, 5000), WB_OK);
}

static void ends_hard(void) {
  static const struct {
    const char *config, *words;
  } CASES[] = {
      {"{\"fixture\":{\"hangIn\":\"waku_stop\"}}", "waku_stop"},
      {"{\"fixture\":{\"hangIn\":\"waku_destroy\"}}", "did not return"},
      {"{\"fixture\":{\"silentIn\":\"waku_stop\"}}", "returned, but did not answer"},
      {"{\"fixture\":{\"destroyMs\":700}}", "waku_destroy"},
      {"{\"fixture\":{\"hangIn\":\"waku_version\"}}", "waku_version"},
  };
  for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
    test_session s;
    CHECK(session_start(&s, "b", CASES[index].config));
    CHECK(session_call(&s, "waku_start", 2, NULL, NULL, 0) != NULL);
    CHECK_EQUAL(session_submit(&s, "waku_version", 3, NULL, NULL, 0), WB_OK);
    CHECK(session_wait_begun(&s));
    uint64_t begun_ns = wb_now_ns();
    CHECK_EQUAL(wb_close(s.bridge, 200), WB_OK);
    CHECK_EQUAL(wb_close_poll(s.bridge), WB_BUSY);
    const told *closed = session_wait(&s, WB_RECORD_CLOSED, 0);
    CHECK(closed != NULL);
    CHECK_EQUAL(closed->header.ret, WB_UNANSWERED);
    CHECK_CONTAINS(closed->text, "Let go after 200 ms");
    CHECK_CONTAINS(closed->text, CASES[index].words);
    uint64_t took_ms = (wb_now_ns() - begun_ns) / 1000000;
    CHECK(took_ms >= 200 && took_ms < 5000);
    CHECK_EQUAL(session_count(&s, WB_RECORD_REPLY), 3);
    CHECK(session_release(&s));
  }
  /* The slow destroy ends and must find nothing of ours. */
  session_sleep_ms(700);
}

static void ends_hard_while_creating(void) {
  static const char *const CONFIGS[] = {"{\"fixture\":{\"silentIn\":\"waku_new\"}}",
                                        "{\"fixture\":{\"hangIn\":\"waku_new\"}}"};
  for (size_t index = 0; index < 2; index++) {
    test_session s;
    CHECK(session_open(&s, "b"));
    CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
    CHECK_EQUAL(session_submit(&s, "waku_new", 1, CONFIGS[index], NULL, 0), WB_OK);
    CHECK(session_wait_begun(&s));
    CHECK_EQUAL(session_close(&s, 100), WB_UNANSWERED);
  }
}

static void destroys_what_was_created_late(void) {
  test_session s;
  CHECK(session_open(&s, "b"));
  CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
  CHECK_EQUAL(session_submit(&s, "waku_new", 1, "{\"fixture\":{\"delayIn\":\"waku_new\",\"delayMs\":100}}", NULL, 0), WB_OK);
  CHECK(session_wait_begun(&s));
  CHECK_EQUAL(wb_forget(s.bridge, 1), WB_OK);
  CHECK_EQUAL(session_submit(&s, "waku_start", 2, NULL, NULL, 0), WB_WRONG_STATE);
  CHECK_EQUAL(wb_close(s.bridge, 5000), WB_OK);
  const told *closed = session_wait(&s, WB_RECORD_CLOSED, 0);
  CHECK(closed != NULL);
  CHECK_CONTAINS(closed->text, "stopped and destroyed");
  CHECK(session_release(&s));
}

static void ends_although_the_wake_up_hangs(void) {
  test_session s;
  CHECK(session_start(&s, "b", "{\"fixture\":{\"hangIn\":\"waku_stop\"}}"));
  CHECK(session_call(&s, "waku_start", 2, NULL, NULL, 0) != NULL);
  while (session_drain(&s) > 0) continue;
  __atomic_store_n(&s.block_wake_up, 1, __ATOMIC_SEQ_CST);
  CHECK_EQUAL(session_submit(&s, "waku_version", 3, NULL, NULL, 0), WB_OK);
  CHECK(session_wait_begun(&s));
  CHECK_EQUAL(wb_close(s.bridge, 100), WB_OK);
  int32_t status = WB_BUSY;
  for (int tries = 0; tries < 1000 && status == WB_BUSY; tries++) {
    session_sleep_ms(1);
    status = wb_close_poll(s.bridge);
  }
  CHECK_EQUAL(status, WB_OK);
  CHECK(session_wait(&s, WB_RECORD_CLOSED, 0) != NULL);
  CHECK_EQUAL(wb_release(s.bridge), WB_BUSY);
  __atomic_store_n(&s.block_wake_up, 0, __ATOMIC_SEQ_CST);
  CHECK(session_release(&s));
}

static void runs_several_at_once(void) {
  test_session one, two;
  CHECK(session_start(&one, "b", "{\"fixture\":{\"meshPeers\":1}}"));
  CHECK(session_start(&two, "c", "{\"fixture\":{\"meshPeers\":2}}"));
  const told *reply = session_call(&one, "waku_relay_get_num_connected_peers", 2, TOPIC, NULL, 0);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "1");
  reply = session_call(&two, "waku_relay_get_num_connected_peers", 2, TOPIC, NULL, 0);
  CHECK(reply != NULL);
  CHECK_CONTAINS(reply->text, "2");
  CHECK_EQUAL(session_close(&one, 5000), WB_OK);
  CHECK_EQUAL(session_close(&two, 5000), WB_OK);
}

static void drains_into_any_buffer(void) {
  test_session s = {.buffer_size = 8};
  CHECK(session_open_with(&s, "b"));
  CHECK(session_wait(&s, WB_RECORD_LOADED, 0) != NULL);
  CHECK(session_call(&s, "waku_new", 1, "{\"fixture\":{\"burst\":50,\"eventBytes\":5000}}", NULL, 0) != NULL);
  CHECK(session_call(&s, "waku_start", 2, NULL, NULL, 0) != NULL);
  CHECK(session_wait(&s, WB_RECORD_EVENT, 50) != NULL);
  CHECK_EQUAL(session_close(&s, 5000), WB_OK);
}

const test bridge_tests[] = {
    {"generation B is spoken", speaks_b},
    {"generation C is spoken", speaks_c},
    {"libraries of other generations, and missing ones, are refused with the reason", refuses_libraries},
    {"what a release lacks is told and refused", knows_older_releases},
    {"malformed arguments are refused", checks_arguments},
    {"a context whose creation failed is never touched", never_touches_a_failed_context},
    {"answers from inside, twice and missing become one reply each", answers_whatever_the_library_does},
    {"a forgotten call frees its place, and its late answer is counted", forgets_calls},
    {"while JavaScript is blocked, calls and events complete, with one wake-up outstanding", blocks_nobody},
    {"a burst of 100,000 events is delivered or counted, each at its place", counts_a_burst_exactly},
    {"thousands of calls answered from many threads find their callers", takes_many_calls_from_many_threads},
    {"the end under traffic is orderly and answers every call", closes_under_traffic},
    {"events behind the end find nobody", events_behind_the_end_find_nobody},
    {"an end that hangs in the library is let go at its deadline, with the reason", ends_hard},
    {"an end while the context is being created is let go too", ends_hard_while_creating},
    {"a context whose creation was forgotten is destroyed", destroys_what_was_created_late},
    {"the end keeps its deadline although the wake-up hangs", ends_although_the_wake_up_hangs},
    {"two nodes of two generations run in one process", runs_several_at_once},
    {"a drain grows its buffer until the record fits", drains_into_any_buffer},
    {NULL, NULL},
};
