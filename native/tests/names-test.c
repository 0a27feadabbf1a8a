#include "../bridge/names.h"
#include "runner.h"

#include <stdint.h>

static void *const BRIDGE = &(char){0};
static void *const CALL = &(char){0};

static void finds_what_it_gave(void) {
  void *name = wb_name_give(BRIDGE, CALL);
  CHECK(name != NULL);
  const wb_named *named = wb_name_find(name);
  CHECK(named != NULL && (void *)named->bridge == BRIDGE && (void *)named->call == CALL);
  wb_name_drop(name);
  CHECK(wb_name_find(name) == NULL);
}

static void never_gives_twice(void) {
  void *first = wb_name_give(BRIDGE, CALL);
  wb_name_drop(first);
  for (int time = 0; time < 100000; time++) {
    void *name = wb_name_give(BRIDGE, CALL);
    CHECK(name != NULL && name != first && wb_name_find(first) == NULL);
    wb_name_drop(name);
  }
}

static void ignores_strangers(void) {
  int own;
  CHECK(wb_name_find(NULL) == NULL);
  CHECK(wb_name_find(&own) == NULL);
  CHECK(wb_name_find((void *)UINTPTR_MAX) == NULL);
  wb_name_drop(NULL);
  wb_name_drop(&own);
}

static void ends_when_full(void) {
  static void *names[20000];
  int given = 0;
  while (given < 20000 && (names[given] = wb_name_give(BRIDGE, CALL)) != NULL) given++;
  bool all_found = true;
  for (int index = 0; index < given; index++) all_found = all_found && wb_name_find(names[index]) != NULL;
  for (int index = 0; index < given; index++) wb_name_drop(names[index]);
  CHECK_EQUAL(given, 16384);
  CHECK(all_found);
}

const test names_tests[] = {
    {"a name leads to its call until it is dropped", finds_what_it_gave},
    {"a dropped name is not given again", never_gives_twice},
    {"strange names lead nowhere", ignores_strangers},
    {"names end when all places are taken, and not before", ends_when_full},
    {NULL, NULL},
};
