/*
 * What libgowaku exports beside generation B: relay messages in bytes instead of JSON, many in one call. Numbers are
 * little-endian, and nothing is padded.
 *
 * A message is a head of 40 bytes and five parts behind it, one after the other, as long as the head says:
 *   uint32 length of the pubsub topic, of the content topic, of the payload, of meta, of the proof;
 *   uint32 version; uint32 flags (1: ephemeral); uint32 0; int64 timestamp in ns.
 *
 * With the key "messageBatches": true in its configuration, a node tells relay messages in batches: an event that
 * begins with a byte 0, which no JSON does. It is uint32 0, uint32 number of messages, and for each
 *   32 bytes message hash; int64 when it came, in ns since 1970; uint32 length of a peer id; the id as text (empty: the
 *   node's own, handed to it by a lightpush client); the message.
 * Such a node does not echo what waku_relay_publish and gowaku_relay_publish_many send.
 */
#ifndef GOWAKU_ABI_H
#define GOWAKU_ABI_H

#include <stddef.h>

#include "generation-b.h"

/*
 * Publishes messages, each as waku_relay_publish would. They are copied before this returns. The answer is an error when
 * they cannot be read; else it has a line for each, in order: its hash (- when there is none), a space, and the number
 * of peers that it was sent to or the error. "duplicate": the same bytes were published or received within two minutes.
 */
int gowaku_relay_publish_many(void *ctx, const void *messages, size_t sizeBytes, unsigned timeoutMs, WakuCallBack callback, void *userData);

#endif
