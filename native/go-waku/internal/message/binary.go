package message

import (
	"encoding/binary"
	"errors"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/proto"
)

// The bytes of gowaku.h.

const (
	headBytes      = 40
	batchHeadBytes = 8
	ephemeral      = 1
)

var errCut = errors.New("the messages end in the middle of one")

// Addressed is a message with its pubsub topic.
type Addressed struct {
	PubsubTopic string
	*pb.WakuMessage
}

// ParseMany reads messages to be sent, whose bytes stay the caller's to keep. Without a timestamp they get `nowNs`.
func ParseMany(bytes []byte, nowNs int64) ([]Addressed, error) {
	var messages []Addressed
	if len(bytes) == 0 {
		return nil, errors.New("there is no message")
	}
	for len(bytes) > 0 {
		if len(bytes) < headBytes {
			return nil, errCut
		}
		head := bytes[:headBytes]
		bytes = bytes[headBytes:]
		var parts [5][]byte
		for i := range parts {
			length := uint64(binary.LittleEndian.Uint32(head[4*i:]))
			if length > uint64(len(bytes)) {
				return nil, errCut
			}
			parts[i], bytes = bytes[:length:length], bytes[length:]
		}
		timestamp := int64(binary.LittleEndian.Uint64(head[32:]))
		if timestamp == 0 {
			timestamp = nowNs
		}
		m := &pb.WakuMessage{Payload: parts[2], ContentTopic: string(parts[1]), Timestamp: &timestamp}
		if version := binary.LittleEndian.Uint32(head[20:]); version != 0 {
			m.Version = &version
		}
		if binary.LittleEndian.Uint32(head[24:])&ephemeral != 0 {
			m.Ephemeral = proto.Bool(true)
		}
		if len(parts[3]) > 0 {
			m.Meta = parts[3]
		}
		if len(parts[4]) > 0 {
			m.RateLimitProof = parts[4]
		}
		messages = append(messages, Addressed{string(parts[0]), m})
	}
	return messages, nil
}

// Batch is an event with the messages that came. The zero value is empty; its memory is used again.
type Batch struct {
	bytes []byte
	count uint32
}

// Add puts a message behind the others. `peer`: whom it came from.
func (b *Batch) Add(pubsubTopic string, hash pb.MessageHash, m *pb.WakuMessage, peer string, receivedNs int64) {
	if b.count == 0 {
		b.bytes = append(b.bytes[:0], make([]byte, batchHeadBytes)...)
	}
	b.count++
	little := binary.LittleEndian
	to := append(b.bytes, hash[:]...)
	to = little.AppendUint64(to, uint64(receivedNs))
	to = little.AppendUint32(to, uint32(len(peer)))
	to = append(to, peer...)
	for _, length := range [...]int{len(pubsubTopic), len(m.ContentTopic), len(m.Payload), len(m.Meta), len(m.RateLimitProof)} {
		to = little.AppendUint32(to, uint32(length))
	}
	to = little.AppendUint32(to, m.GetVersion())
	var flags uint32
	if m.GetEphemeral() {
		flags = ephemeral
	}
	to = little.AppendUint32(to, flags)
	to = little.AppendUint32(to, 0)
	to = little.AppendUint64(to, uint64(m.GetTimestamp()))
	to = append(to, pubsubTopic...)
	to = append(to, m.ContentTopic...)
	to = append(to, m.Payload...)
	to = append(to, m.Meta...)
	b.bytes = append(to, m.RateLimitProof...)
}

// SizeBytes of the event, 0 when there is none.
func (b *Batch) SizeBytes() int {
	if b.count == 0 {
		return 0
	}
	return len(b.bytes)
}

// Take gives the event, which is valid until the next Add, and empties the batch.
func (b *Batch) Take() []byte {
	binary.LittleEndian.PutUint32(b.bytes[4:], b.count)
	b.count = 0
	return b.bytes
}
