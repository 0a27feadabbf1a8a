/* Linux and macOS. */
#if !defined(_WIN32)
#define _GNU_SOURCE
#include "platform.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const size_t STACK_BYTES = (size_t)8 << 20;
static const uint64_t NS_PER_S = 1000000000;

void wb_mutex_lock(wb_mutex *mutex) {
  pthread_mutex_lock(mutex);
}

void wb_mutex_unlock(wb_mutex *mutex) {
  pthread_mutex_unlock(mutex);
}

void wb_condition_init(wb_condition *condition) {
#if defined(__APPLE__)
  pthread_cond_init(condition, NULL);
#else
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
#endif
}

void wb_condition_destroy(wb_condition *condition) {
  pthread_cond_destroy(condition);
}

void wb_condition_signal(wb_condition *condition) {
  pthread_cond_signal(condition);
}

void wb_condition_wait(wb_condition *condition, wb_mutex *mutex) {
  pthread_cond_wait(condition, mutex);
}

static struct timespec as_timespec(uint64_t ns) {
  return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
}

void wb_condition_wait_until(wb_condition *condition, wb_mutex *mutex, uint64_t deadline_ns) {
#if defined(__APPLE__)
  uint64_t now_ns = wb_clock_ns();
  struct timespec left = as_timespec(deadline_ns > now_ns ? deadline_ns - now_ns : 0);
  pthread_cond_timedwait_relative_np(condition, mutex, &left);
#else
  struct timespec deadline = as_timespec(deadline_ns);
  pthread_cond_timedwait(condition, mutex, &deadline);
#endif
}

struct start {
  void (*run)(void *);
  void *argument;
};

static void *run_thread(void *data) {
  struct start start = *(struct start *)data;
  free(data);
  start.run(start.argument);
  return NULL;
}

/* koffi unloads this library when the process ends, while our threads may still be in it. */
static void stay_loaded(void) {
  static const char here;
  Dl_info self;
  if (dladdr(&here, &self) != 0) dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/*
 * Blocks what another thread can take, and gives what was blocked before. A fault of the thread itself is left:
 * blocked, it would end the process without the library's handler.
 */
static void block_signals(sigset_t *before) {
  static const int OWN_FAULTS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
  sigset_t blocked;
  sigfillset(&blocked);
  for (size_t index = 0; index < sizeof OWN_FAULTS / sizeof *OWN_FAULTS; index++)
    sigdelset(&blocked, OWN_FAULTS[index]);
  pthread_sigmask(SIG_SETMASK, &blocked, before);
}

bool wb_thread_start(void (*run)(void *), void *argument) {
  stay_loaded();
  struct start *start = malloc(sizeof *start);
  if (start == NULL) return false;
  *start = (struct start){run, argument};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_t thread;
  sigset_t before;
  block_signals(&before);
  int failure = pthread_create(&thread, &attributes, run_thread, start);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (failure != 0) free(start);
  return failure == 0;
}

uint64_t wb_clock_ns(void) {
#if defined(__APPLE__)
  return clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
#endif
}

void *wb_library_open(const char *path, char *why, size_t why_size) {
  /* Not deep-bound: that breaks malloc in Electron, and sanitizers refuse it. */
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) {
    const char *words = dlerror();
    snprintf(why, why_size, "%s", words != NULL ? words : "dlopen failed");
  }
  return library;
}

void *wb_library_symbol(void *library, const char *name) {
  return dlsym(library, name);
}

char *wb_reserve_addresses(size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void *range = mmap(NULL, bytes, PROT_NONE, flags, -1, 0);
  return range == MAP_FAILED ? NULL : range;
}

bool wb_output_point_at(const char *path, int32_t saved[2], char *why, size_t why_size) {
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    snprintf(why, why_size, "%s", strerror(errno));
    return false;
  }
  for (int descriptor = 1; descriptor <= 2; descriptor++) {
    if (saved != NULL) saved[descriptor - 1] = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    while (dup2(file, descriptor) < 0 && errno == EINTR) continue;
  }
  if (file > 2) close(file);
  return true;
}

void wb_output_point_back(const int32_t saved[2]) {
  for (int descriptor = 1; descriptor <= 2; descriptor++) {
    int old = saved[descriptor - 1];
    if (old < 0) {
      close(descriptor);
      continue;
    }
    while (dup2(old, descriptor) < 0 && errno == EINTR) continue;
    close(old);
  }
}

bool wb_file_rename(const char *from, const char *to) {
  return rename(from, to) == 0;
}

uint64_t wb_file_size(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
}
#else
typedef int wb_not_posix;
#endif
