#include "../bridge/bridge.h"
#include "runner.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <io.h>
#define write _write
#define unlink _unlink
#else
#include <unistd.h>
#endif

static char log_path[1024];
static char old_path[1032];

static void name_files(void) {
  snprintf(log_path, sizeof log_path, "%s/output-test.log", test_libraries);
  snprintf(old_path, sizeof old_path, "%s.1", log_path);
  unlink(log_path);
  unlink(old_path);
}

static long size_of(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return -1;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  fclose(file);
  return size;
}

static bool file_contains(const char *path, const char *part) {
  static char text[1 << 16];
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  return strstr(text, part) != NULL;
}

static bool say(int descriptor, const char *text) {
  return write(descriptor, text, (unsigned)strlen(text)) == (int)strlen(text);
}

static void needs_redirection(void) {
  char error[128];
  wb_bridge *bridge;
  wb_options options = {.library_path = "x", .wake = (wb_wake)(void (*)(void *))free};
  CHECK_EQUAL(wb_open(&options, &bridge, error, sizeof error), WB_OUTPUT_NOT_REDIRECTED);
  CHECK_CONTAINS(error, "redirected");
}

static void redirects(void) {
  char error[128];
  int32_t saved[2], again[2];
  test_session s;
  name_files();
  CHECK_EQUAL(wb_output_redirect("/missing/folder/log", 1000, saved, error, sizeof error), WB_SYSTEM);
  CHECK_CONTAINS(error, "cannot be redirected");
  CHECK_EQUAL(wb_output_redirect(log_path, 100000, saved, error, sizeof error), WB_OK);
  int32_t second = wb_output_redirect(log_path, 100000, again, error, sizeof error);
  bool started = session_start(&s, "b", "{\"fixture\":{\"lines\":1}}");
  bool called = started && session_call(&s, "waku_version", 2, NULL, NULL, 0) != NULL;
  bool said = say(2, "to standard error\n") && say(saved[1] >= 0 ? saved[1] : 2, "");
  int closed = started ? session_close(&s, 5000) : -1;
  int32_t restored = wb_output_restore();
  CHECK(started && called && said);
  CHECK_EQUAL(closed, WB_OK);
  CHECK_EQUAL(second, WB_BUSY);
  CHECK_EQUAL(restored, WB_OK);
  CHECK_EQUAL(wb_output_restore(), WB_WRONG_STATE);
  CHECK(file_contains(log_path, "a line of the library"));
  CHECK(file_contains(log_path, "to standard error"));
}

static void bounds_the_file(void) {
  char error[128];
  int32_t saved[2];
  name_files();
  CHECK_EQUAL(wb_output_redirect(log_path, 20000, saved, error, sizeof error), WB_OK);
  char line[101];
  memset(line, 'x', 99);
  line[99] = '\n';
  line[100] = 0;
  bool said = true;
  for (int lines = 0; lines < 400; lines++) {
    said = said && say(1, line);
    session_sleep_ms(6);
  }
  session_sleep_ms(1200);
  said = said && say(1, "the last line\n");
  wb_output_restore();
  CHECK(said);
  CHECK(file_contains(log_path, "the last line"));
  CHECK(size_of(old_path) > 0);
  /* What one look allows comes on top. */
  CHECK(size_of(log_path) + size_of(old_path) < 20000 + 2 * 20000);
  unlink(log_path);
  unlink(old_path);
}

const test output_tests[] = {
    {"a library is not loaded before the output is redirected", needs_redirection},
    {"the library's lines go to the file, and the output comes back", redirects},
    {"the file is bounded and keeps the newest lines", bounds_the_file},
    {NULL, NULL},
};
