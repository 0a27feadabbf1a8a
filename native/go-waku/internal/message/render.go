package message

import (
	"encoding/hex"
	"strconv"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
)

// AppendWakuMessage writes a message: bytes in base64, numbers of 64 bits as JSON integers.
func AppendWakuMessage(to []byte, m *pb.WakuMessage) []byte {
	to = append(to, `{"payload":`...)
	to = appendBase64(to, m.GetPayload())
	to = append(to, `,"contentTopic":`...)
	to = AppendString(to, m.GetContentTopic())
	to = append(to, `,"version":`...)
	to = strconv.AppendUint(to, uint64(m.GetVersion()), 10)
	to = append(to, `,"timestamp":`...)
	to = strconv.AppendInt(to, m.GetTimestamp(), 10)
	to = append(to, `,"ephemeral":`...)
	to = strconv.AppendBool(to, m.GetEphemeral())
	to = append(to, `,"meta":`...)
	to = appendBase64(to, m.GetMeta())
	to = append(to, `,"proof":`...)
	to = appendBase64(to, m.GetRateLimitProof())
	return append(to, '}')
}

// AppendHash writes a message hash as "0x…" and 64 digits, without quotes.
func AppendHash(to []byte, hash pb.MessageHash) []byte {
	to = append(to, "0x"...)
	return hex.AppendEncode(to, hash[:])
}

// AppendEvent writes the event of a message. `via`: the protocol that it came by, when that is not relay.
func AppendEvent(to []byte, pubsubTopic string, hash pb.MessageHash, m *pb.WakuMessage, via string) []byte {
	to = append(to, `{"eventType":"message","pubsubTopic":`...)
	to = AppendString(to, pubsubTopic)
	to = append(to, `,"messageHash":"`...)
	to = AppendHash(to, hash)
	to = append(to, `","wakuMessage":`...)
	to = AppendWakuMessage(to, m)
	if via != "" {
		to = append(to, `,"via":`...)
		to = AppendString(to, via)
	}
	return append(to, '}')
}
