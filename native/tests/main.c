/* bridge-tests <folder of the fixtures> [part of a title] */
#include "runner.h"

#include <stdio.h>
#include <string.h>

const char *test_libraries;
static bool failed;

void test_failed(const char *file, int line, const char *what) {
  failed = true;
  fprintf(stderr, "  %s:%d: %s\n", file, line, what);
}

void test_failed_equal(const char *file, int line, const char *what, long long got, long long wanted) {
  failed = true;
  fprintf(stderr, "  %s:%d: %s is %lld, not %lld\n", file, line, what, got, wanted);
}

void test_failed_text(const char *file, int line, const char *what, const char *got, const char *wanted) {
  failed = true;
  fprintf(stderr, "  %s:%d: %s is \"%s\", without \"%s\"\n", file, line, what, got != NULL ? got : "(null)", wanted);
}

bool test_contains(const char *text, const char *part) {
  return text != NULL && strstr(text, part) != NULL;
}

static int run;

int test_run_all(const test *tests, const char *only) {
  int failures = 0;
  for (; tests->title != NULL; tests++) {
    if (only != NULL && strstr(tests->title, only) == NULL) continue;
    failed = false;
    tests->run();
    run++;
    fprintf(stderr, "%s %s\n", failed ? "not ok" : "ok", tests->title);
    if (failed) failures++;
  }
  return failures;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: bridge-tests <folder of the fixtures> [part of a title]\n");
    return 2;
  }
  test_libraries = arguments[1];
  const char *only = count > 2 ? arguments[2] : NULL;
  int failures = test_run_all(fifo_tests, only) + test_run_all(names_tests, only) + test_run_all(library_tests, only) +
                 test_run_all(bridge_tests, only) + test_run_all(output_tests, only);
  fprintf(stderr, "%d tests, %d failed\n", run, failures);
  return failures == 0 && run > 0 ? 0 : 1;
}
