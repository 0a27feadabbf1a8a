/* A tiny test runner: CHECK inside a test, TEST in a table, one line per test. */
#ifndef TEST_RUNNER_H
#define TEST_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct test {
  /* A sentence about behaviour. */
  const char *title;
  void (*run)(void);
} test;

/* Runs those whose title contains `only` (all when NULL); returns the number of failed ones. */
int test_run_all(const test *tests, const char *only);
void test_failed(const char *file, int line, const char *what);
void test_failed_equal(const char *file, int line, const char *what, long long got, long long wanted);
void test_failed_text(const char *file, int line, const char *what, const char *got, const char *wanted);
bool test_contains(const char *text, const char *part);

/* A failed check ends the test: what comes behind it would only crash. */
#define CHECK(condition)                              \
  do {                                                \
    if (!(condition)) {                               \
      test_failed(__FILE__, __LINE__, #condition);    \
      return;                                         \
    }                                                 \
  } while (0)
#define CHECK_EQUAL(got, wanted)                                                                    \
  do {                                                                                              \
    long long got_value = (long long)(got), wanted_value = (long long)(wanted);                     \
    if (got_value != wanted_value) {                                                                \
      test_failed_equal(__FILE__, __LINE__, #got, got_value, wanted_value);                         \
      return;                                                                                       \
    }                                                                                               \
  } while (0)
#define CHECK_CONTAINS(text, part)                                    \
  do {                                                                \
    if (!test_contains(text, part)) {                                 \
      test_failed_text(__FILE__, __LINE__, #text, text, part);        \
      return;                                                         \
    }                                                                 \
  } while (0)

extern const test fifo_tests[];
extern const test names_tests[];
extern const test library_tests[];
extern const test bridge_tests[];
extern const test output_tests[];

/* The folder of the fixture libraries. */
extern const char *test_libraries;

#endif
