/* Windows 10 and later. */
#if defined(_WIN32)
#include "platform.h"

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>

static const unsigned STACK_BYTES = 8u << 20;
static const uint64_t NS_PER_S = 1000000000;
static const uint64_t NS_PER_MS = 1000000;

void wb_mutex_lock(wb_mutex *mutex) {
  AcquireSRWLockExclusive(mutex);
}

void wb_mutex_unlock(wb_mutex *mutex) {
  ReleaseSRWLockExclusive(mutex);
}

void wb_condition_init(wb_condition *condition) {
  InitializeConditionVariable(condition);
}

void wb_condition_destroy(wb_condition *condition) {
  (void)condition;
}

void wb_condition_signal(wb_condition *condition) {
  WakeConditionVariable(condition);
}

void wb_condition_wait(wb_condition *condition, wb_mutex *mutex) {
  SleepConditionVariableSRW(condition, mutex, INFINITE, 0);
}

void wb_condition_wait_until(wb_condition *condition, wb_mutex *mutex, uint64_t deadline_ns) {
  uint64_t now_ns = wb_clock_ns();
  uint64_t left_ms = deadline_ns > now_ns ? (deadline_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS : 0;
  /* Cut below INFINITE: waking early is allowed. */
  SleepConditionVariableSRW(condition, mutex, left_ms > 3600000 ? 3600000 : (DWORD)left_ms, 0);
}

struct start {
  void (*run)(void *);
  void *argument;
};

static unsigned __stdcall run_thread(void *data) {
  struct start start = *(struct start *)data;
  free(data);
  start.run(start.argument);
  return 0;
}

/* koffi unloads this library when the process ends, while our threads may still be in it. */
static void stay_loaded(void) {
  static const char here;
  HMODULE self;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)&here, &self);
}

bool wb_thread_start(void (*run)(void *), void *argument) {
  stay_loaded();
  struct start *start = malloc(sizeof *start);
  if (start == NULL) return false;
  *start = (struct start){run, argument};
  uintptr_t thread = _beginthreadex(NULL, STACK_BYTES, run_thread, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  if (thread == 0) {
    free(start);
    return false;
  }
  CloseHandle((HANDLE)thread);
  return true;
}

uint64_t wb_clock_ns(void) {
  LARGE_INTEGER frequency, now;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&now);
  uint64_t ticks = (uint64_t)now.QuadPart, per_second = (uint64_t)frequency.QuadPart;
  return ticks / per_second * NS_PER_S + ticks % per_second * NS_PER_S / per_second;
}

/* The caller frees it. NULL when the text is not UTF-8 or memory is short. */
static wchar_t *widen(const char *text) {
  int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
  if (length <= 0) return NULL;
  wchar_t *wide = malloc((size_t)length * sizeof *wide);
  if (wide != NULL) MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, length);
  return wide;
}

static void last_words(char *why, size_t why_size) {
  snprintf(why, why_size, "Windows error %lu", GetLastError());
}

void *wb_library_open(const char *path, char *why, size_t why_size) {
  wchar_t *wide = widen(path);
  if (wide == NULL) {
    snprintf(why, why_size, "the path cannot be read");
    return NULL;
  }
  /* Its own folder is searched for what it needs, as its releases put companions beside it. */
  HMODULE library = LoadLibraryExW(wide, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (library == NULL) last_words(why, why_size);
  free(wide);
  HMODULE pinned;
  if (library != NULL)
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)(void *)library,
                       &pinned);
  return library;
}

void *wb_library_symbol(void *library, const char *name) {
  FARPROC symbol = GetProcAddress(library, name);
  return *(void **)(void *)&symbol;
}

char *wb_reserve_addresses(size_t bytes) {
  return VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

bool wb_output_point_at(const char *path, int32_t saved[2], char *why, size_t why_size) {
  wchar_t *wide = widen(path);
  HANDLE file = wide == NULL ? INVALID_HANDLE_VALUE
                             : CreateFileW(wide, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                           NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  if (file == INVALID_HANDLE_VALUE) last_words(why, why_size);
  free(wide);
  if (file == INVALID_HANDLE_VALUE) return false;
  int descriptor = _open_osfhandle((intptr_t)file, _O_APPEND);
  if (descriptor < 0) {
    CloseHandle(file);
    snprintf(why, why_size, "no descriptor is free");
    return false;
  }
  static const DWORD STANDARD[2] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
  for (int index = 0; index < 2; index++) {
    if (saved != NULL) {
      saved[index] = -1;
      /* The program's own runtime shares the old handle and goes on using it: dup2 may not close it. */
      HANDLE old = GetStdHandle(STANDARD[index]);
      if (old != NULL && old != INVALID_HANDLE_VALUE)
        SetHandleInformation(old, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    }
    _dup2(descriptor, index + 1);
    SetStdHandle(STANDARD[index], (HANDLE)_get_osfhandle(index + 1));
  }
  _close(descriptor);
  return true;
}

void wb_output_point_back(const int32_t saved[2]) {
  /* The program's own runtime was never redirected; the library's stays where it is. */
  (void)saved;
}

bool wb_file_rename(const char *from, const char *to) {
  wchar_t *wide_from = widen(from), *wide_to = widen(to);
  bool done = wide_from != NULL && wide_to != NULL && MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING);
  free(wide_from);
  free(wide_to);
  return done;
}

uint64_t wb_file_size(const char *path) {
  WIN32_FILE_ATTRIBUTE_DATA info;
  wchar_t *wide = widen(path);
  bool known = wide != NULL && GetFileAttributesExW(wide, GetFileExInfoStandard, &info);
  free(wide);
  return known ? ((uint64_t)info.nFileSizeHigh << 32) | info.nFileSizeLow : 0;
}
#else
typedef int wb_not_windows;
#endif
