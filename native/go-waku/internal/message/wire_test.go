package message

import (
	"testing"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// wireMessages are encoded messages of many shapes, sound and broken.
func wireMessages(t testing.TB) [][]byte {
	t.Helper()
	var all [][]byte
	for _, m := range []*pb.WakuMessage{
		{Payload: []byte{1}, ContentTopic: "/a/1/b/proto"},
		{
			Payload: make([]byte, 5000), ContentTopic: "/ä/1/b/proto", Version: proto.Uint32(7), Timestamp: proto.Int64(-5),
			Meta: []byte("meta"), Ephemeral: proto.Bool(true), RateLimitProof: []byte("proof"),
		},
		{ContentTopic: "a", Timestamp: proto.Int64(1 << 62), Ephemeral: proto.Bool(false), Version: proto.Uint32(0)},
	} {
		data, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	whole := all[1]
	unknown := protowire.AppendFixed64(protowire.AppendTag(nil, 99, protowire.Fixed64Type), 5)
	unknown = protowire.AppendVarint(protowire.AppendTag(unknown, payloadField, protowire.VarintType), 3)
	return append(all,
		// Fields that nobody knows, of the wrong type, and twice: the last one counts.
		append(append([]byte(nil), unknown...), whole...),
		append(append([]byte(nil), whole...), all[0]...),
		nil, whole[:len(whole)-1], whole[:3], []byte{0xff}, []byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f},
	)
}

func TestAMessageFromTheWireIsTheOneThatTheDecoderReads(t *testing.T) {
	for _, data := range wireMessages(t) {
		checkAsDecoder(t, data)
	}
}

func FuzzFromWire(f *testing.F) {
	for _, data := range wireMessages(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkAsDecoder(t, data) })
}

func checkAsDecoder(t *testing.T, data []byte) {
	t.Helper()
	want := &pb.WakuMessage{}
	got := FromWire(data)
	if proto.Unmarshal(data, want) != nil {
		// What the decoder refuses never comes here; it has to be survived.
		return
	}
	want.ProtoReflect().SetUnknown(nil)
	if got == nil || !proto.Equal(got, want) {
		t.Errorf("%x\nread    %v\ndecoded %v", data, got, want)
	}
}
