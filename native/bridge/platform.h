/* What the bridge needs of a system: threads, clock, libraries, output. One file per system implements it. */
#ifndef WB_PLATFORM_H
#define WB_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#include <windows.h>
typedef SRWLOCK wb_mutex;
typedef CONDITION_VARIABLE wb_condition;
#define WB_MUTEX_INITIALIZER SRWLOCK_INIT
#else
#include <pthread.h>
typedef pthread_mutex_t wb_mutex;
typedef pthread_cond_t wb_condition;
#define WB_MUTEX_INITIALIZER PTHREAD_MUTEX_INITIALIZER
#endif

void wb_mutex_lock(wb_mutex *mutex);
void wb_mutex_unlock(wb_mutex *mutex);

void wb_condition_init(wb_condition *condition);
void wb_condition_destroy(wb_condition *condition);
void wb_condition_signal(wb_condition *condition);
void wb_condition_wait(wb_condition *condition, wb_mutex *mutex);
/* Returns at the latest at `deadline_ns` of wb_clock_ns, and perhaps earlier. */
void wb_condition_wait_until(wb_condition *condition, wb_mutex *mutex, uint64_t deadline_ns);

/*
 * Starts a detached thread with an ordinary stack of 8 MiB. Neither it nor what it starts handles signals of the
 * process: Node's handlers run on the stack that they find, and on a goroutine's small one they would write over the
 * stack beside it.
 */
bool wb_thread_start(void (*run)(void *), void *argument);

uint64_t wb_clock_ns(void);

/* Opens a library: all symbols bound at once, local, never unloaded. NULL with the system's words in `why`. */
void *wb_library_open(const char *path, char *why, size_t why_size);
void *wb_library_symbol(void *library, const char *name);

/* Address space that nothing else can occupy and nobody can read: its addresses serve as names. NULL: refused. */
char *wb_reserve_addresses(size_t bytes);

/* The output of the process: descriptors 1 and 2 (and what else the system has for them). */
/* Points the output at the file, appending; what it pointed at before goes into `saved` (may be NULL: drop it). */
bool wb_output_point_at(const char *path, int32_t saved[2], char *why, size_t why_size);
/* Points the output back and closes the saved descriptors. */
void wb_output_point_back(const int32_t saved[2]);
/* Replaces what is there. */
bool wb_file_rename(const char *from, const char *to);
/* 0 when it cannot be told. */
uint64_t wb_file_size(const char *path);

#endif
