/* Descriptors 1 and 2, pointed at a file whose size is bounded. The library's lines are not read here. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t LOOK_EVERY_NS = 1000000000;

/* The keeper's, under wb_lock. */
typedef struct output_keeper {
  wb_condition stop;
  bool stopped;
  uint64_t max_file_bytes;
  char *path;
  char *old_path;
} output_keeper;

static output_keeper *current;
static int32_t saved_output[2];

static void free_keeper(output_keeper *keeper) {
  if (keeper == NULL) return;
  wb_condition_destroy(&keeper->stop);
  free(keeper->path);
  free(keeper->old_path);
  free(keeper);
}

static output_keeper *new_keeper(const char *path, uint64_t max_bytes) {
  output_keeper *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  size_t length = strlen(path);
  wb_condition_init(&made->stop);
  made->max_file_bytes = max_bytes / 2;
  made->path = malloc(length + 1);
  made->old_path = malloc(length + 3);
  if (made->path == NULL || made->old_path == NULL) {
    free_keeper(made);
    return NULL;
  }
  memcpy(made->path, path, length + 1);
  snprintf(made->old_path, length + 3, "%s.1", path);
  return made;
}

static void keep(void *data) {
  output_keeper *keeper = data;
  wb_mutex_lock(&wb_lock);
  while (!keeper->stopped) {
    wb_condition_wait_until(&keeper->stop, &wb_lock, wb_clock_ns() + LOOK_EVERY_NS);
    if (keeper->stopped) break;
    wb_mutex_unlock(&wb_lock);
    bool full = wb_file_size(keeper->path) > keeper->max_file_bytes && wb_file_rename(keeper->path, keeper->old_path);
    wb_mutex_lock(&wb_lock);
    char why[128];
    /* Under the lock, for restoring the output may not come in between. Refused (a full disk): the old file grows. */
    if (full && !keeper->stopped) wb_output_point_at(keeper->path, NULL, why, sizeof why);
  }
  wb_mutex_unlock(&wb_lock);
  free_keeper(keeper);
}

bool wb_output_is_redirected(void) {
  return current != NULL;
}

int32_t wb_output_redirect(const char *path, uint64_t max_bytes, int32_t saved[2], char *error, uint32_t error_size) {
  wb_say(error, error_size, "");
  if (path == NULL || *path == 0 || saved == NULL) {
    wb_say(error, error_size, "A path and a place for the saved descriptors are needed.");
    return WB_BAD_ARGUMENT;
  }
  output_keeper *made = new_keeper(path, max_bytes);
  if (made == NULL) return WB_NO_MEMORY;

  /* Not under the lock: a thread that holds a stream's lock may be waiting for ours. */
  fflush(NULL);
  wb_mutex_lock(&wb_lock);
  int32_t status = WB_OK;
  char why[256] = "";
  if (current != NULL) status = WB_BUSY;
  else if (!wb_output_point_at(path, saved_output, why, sizeof why)) status = WB_SYSTEM;
  else if (!wb_thread_start(keep, made)) {
    wb_output_point_back(saved_output);
    snprintf(why, sizeof why, "no thread could be started");
    status = WB_SYSTEM;
  } else {
    current = made;
    memcpy(saved, saved_output, sizeof saved_output);
  }
  wb_mutex_unlock(&wb_lock);

  if (status == WB_BUSY) wb_say(error, error_size, "The output is redirected already.");
  if (status == WB_SYSTEM) {
    char words[512];
    snprintf(words, sizeof words, "The output cannot be redirected: %s.", why);
    wb_say(error, error_size, words);
  }
  if (status != WB_OK) free_keeper(made);
  return status;
}

int32_t wb_output_restore(void) {
  fflush(NULL);
  wb_mutex_lock(&wb_lock);
  bool redirected = current != NULL;
  if (redirected) {
    wb_output_point_back(saved_output);
    current->stopped = true;
    wb_condition_signal(&current->stop);
    current = NULL;
  }
  wb_mutex_unlock(&wb_lock);
  return redirected ? WB_OK : WB_WRONG_STATE;
}
