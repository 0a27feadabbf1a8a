package message

import (
	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Fields of a Waku message.
const (
	payloadField        = 1
	contentTopicField   = 2
	versionField        = 3
	timestampField      = 10
	metaField           = 11
	rateLimitProofField = 21
	ephemeralField      = 31
)

// FromWire reads a message that a validator has let pass. It shares the bytes, which saves most of what decoding costs;
// nil for what is no message.
func FromWire(data []byte) *pb.WakuMessage {
	m := &pb.WakuMessage{}
	for len(data) > 0 {
		number, kind, size := protowire.ConsumeTag(data)
		if size < 0 {
			return nil
		}
		data = data[size:]
		switch kind {
		case protowire.BytesType:
			var bytes []byte
			if bytes, size = protowire.ConsumeBytes(data); size >= 0 {
				setBytes(m, number, bytes)
			}
		case protowire.VarintType:
			var value uint64
			if value, size = protowire.ConsumeVarint(data); size >= 0 {
				setNumber(m, number, value)
			}
		default:
			size = protowire.ConsumeFieldValue(number, kind, data)
		}
		if size < 0 {
			return nil
		}
		data = data[size:]
	}
	return m
}

func setBytes(m *pb.WakuMessage, number protowire.Number, bytes []byte) {
	switch number {
	case payloadField:
		m.Payload = bytes
	case contentTopicField:
		m.ContentTopic = string(bytes)
	case metaField:
		m.Meta = bytes
	case rateLimitProofField:
		m.RateLimitProof = bytes
	}
}

func setNumber(m *pb.WakuMessage, number protowire.Number, value uint64) {
	switch number {
	case versionField:
		m.Version = proto.Uint32(uint32(value))
	case timestampField:
		m.Timestamp = proto.Int64(protowire.DecodeZigZag(value))
	case ephemeralField:
		m.Ephemeral = proto.Bool(value != 0)
	}
}
