/* The thread that wakes JavaScript, and watches the deadline of the end. */
#include "internal.h"

static bool must_wake(const wb_bridge *bridge) {
  return !bridge->told && !wb_fifo_is_empty(&bridge->fifo) && !wb_is_silenced();
}

void wb_run_notifier(void *data) {
  wb_bridge *bridge = data;
  wb_mutex_lock(&wb_lock);
  for (;;) {
    wb_enforce_deadline(bridge);
    if (must_wake(bridge)) {
      bridge->told = true;
      bridge->wake_ups++;
      wb_mutex_unlock(&wb_lock);
      bridge->wake(bridge->wake_data);
      wb_mutex_lock(&wb_lock);
    } else if (bridge->closed) {
      break;
    } else if (bridge->closing) {
      wb_condition_wait_until(&bridge->news, &wb_lock, bridge->deadline_ns);
    } else {
      wb_condition_wait(&bridge->news, &wb_lock);
    }
  }
  bridge->notifier_ended = true;
  wb_unlock_and_free_if_unused(bridge);
}
