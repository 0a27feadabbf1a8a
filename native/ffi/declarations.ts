/** bridge.h as koffi reads it. A test compares the two. */

export const BRIDGE_ABI_VERSION = 4;

/** What the functions answer: `WB_<name>` of the header. */
export const STATUS = {
  OK: 0,
  BAD_ARGUMENT: -1,
  BUSY: -2,
  CLOSING: -3,
  WRONG_STATE: -4,
  NO_MEMORY: -5,
  BUFFER_TOO_SMALL: -6,
  UNKNOWN_FUNCTION: -7,
  MISSING_FUNCTION: -8,
  OUTPUT_NOT_REDIRECTED: -9,
  SYSTEM: -10,
  UNANSWERED: -11,
  REFUSED: -12,
} as const;

export type StatusName = keyof typeof STATUS;

/** `WB_RECORD_<name>` of the header. */
export const RECORD_KINDS = { LOADED: 1, REPLY: 2, EVENT: 3, GAP: 4, CLOSED: 5 } as const;

/** The structures, in the header's order. */
export const STRUCTURES = {
  wb_record_header: {
    time_ns: 'uint64_t',
    number: 'uint64_t',
    length: 'uint32_t',
    ret: 'int32_t',
    kind: 'uint32_t',
    reserved: 'uint32_t',
  },
  wb_options: {
    library_path: 'const char *',
    wake: 'wb_wake *',
    wake_data: 'void *',
    max_event_bytes: 'uint64_t',
    max_events: 'uint32_t',
    max_calls: 'uint32_t',
    keep_output: 'uint32_t',
    reserved: 'uint32_t',
  },
  wb_stats: {
    calls: 'uint64_t',
    calls_in_flight: 'uint64_t',
    calls_waiting: 'uint64_t',
    replies: 'uint64_t',
    events: 'uint64_t',
    events_lost: 'uint64_t',
    gaps: 'uint64_t',
    wake_ups: 'uint64_t',
    queued_records: 'uint64_t',
    queued_events: 'uint64_t',
    queued_event_bytes: 'uint64_t',
    strays: 'uint64_t',
  },
} as const;

export const WAKE = 'void wb_wake(void *user_data)';

/** The functions, with koffi's marks for what is written to. */
export const FUNCTIONS = {
  wb_abi_version: 'uint32_t wb_abi_version(void)',
  wb_now_ns: 'uint64_t wb_now_ns(void)',
  wb_output_redirect:
    'int32_t wb_output_redirect(const char *path, uint64_t max_bytes, _Out_ int32_t *saved, _Out_ char *error, uint32_t error_size)',
  wb_output_restore: 'int32_t wb_output_restore(void)',
  wb_open:
    'int32_t wb_open(const wb_options *options, _Out_ wb_bridge **bridge, _Out_ char *error, uint32_t error_size)',
  wb_submit:
    'int32_t wb_submit(wb_bridge *bridge, const char *function, uint64_t call_id, const uint8_t *arguments, uint32_t arguments_size)',
  wb_begin: 'int32_t wb_begin(wb_bridge *bridge)',
  wb_forget: 'int32_t wb_forget(wb_bridge *bridge, uint64_t call_id)',
  wb_drain:
    'int32_t wb_drain(wb_bridge *bridge, uint8_t *buffer, uint32_t buffer_size, _Out_ uint32_t *needed, _Out_ uint32_t *more)',
  wb_get_stats: 'int32_t wb_get_stats(wb_bridge *bridge, _Out_ wb_stats *stats)',
  wb_close: 'int32_t wb_close(wb_bridge *bridge, uint32_t deadline_ms)',
  wb_close_poll: 'int32_t wb_close_poll(wb_bridge *bridge)',
  wb_release: 'int32_t wb_release(wb_bridge *bridge)',
  wb_silence: 'void wb_silence(void)',
  wb_function: 'int32_t wb_function(uint32_t index, _Out_ const char **name, _Out_ const char **shape)',
} as const;
