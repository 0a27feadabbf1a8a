package message

import (
	"encoding/binary"
	"testing"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/proto"
)

const (
	testTopic = "/waku/2/rs/16/32"
	knownSize = 32 + 8 + 4
)

var sentMessages = []*pb.WakuMessage{
	{Payload: []byte{0, 1}, ContentTopic: "/a/1/b/proto", Timestamp: proto.Int64(1)},
	{
		Payload: make([]byte, 3000), ContentTopic: "/ä/1/b/proto", Version: proto.Uint32(1<<32 - 1), Timestamp: proto.Int64(-1 << 63),
		Meta: []byte("meta"), Ephemeral: proto.Bool(true), RateLimitProof: []byte("proof"),
	},
}

// writtenMany is what ParseMany reads: a batch without its head and what is known of each message.
func writtenMany() []byte {
	var all []byte
	for _, m := range sentMessages {
		var batch Batch
		batch.Add(testTopic, pb.MessageHash{}, m, "", 0)
		all = append(all, batch.Take()[batchHeadBytes+knownSize:]...)
	}
	return all
}

func TestMessagesAreReadAsABatchWritesThem(t *testing.T) {
	read, err := ParseMany(writtenMany(), 99)
	if err != nil || len(read) != len(sentMessages) {
		t.Fatal(len(read), err)
	}
	for i, m := range read {
		if m.PubsubTopic != testTopic || !proto.Equal(m.WakuMessage, sentMessages[i]) {
			t.Errorf("%v is not %v", m.WakuMessage, sentMessages[i])
		}
	}
}

func TestAMessageWithoutTimestampGetsTheTimeOfNow(t *testing.T) {
	bytes := writtenMany()
	binary.LittleEndian.PutUint64(bytes[32:], 0)
	read, err := ParseMany(bytes, 99)
	if err != nil || read[0].GetTimestamp() != 99 {
		t.Error(read, err)
	}
}

func TestCutMessagesAreRefused(t *testing.T) {
	bytes := writtenMany()
	first := len(bytes) - headBytes - len(testTopic) - len(sentMessages[1].ContentTopic) - 3000 - len("metaproof")
	for size := range len(bytes) {
		if _, err := ParseMany(bytes[:size], 1); (err == nil) != (size == first) {
			t.Fatalf("%d bytes: %v", size, err)
		}
	}
}

func TestABatchTellsItsNumberAndWhatIsKnownOfEach(t *testing.T) {
	var batch Batch
	if batch.SizeBytes() != 0 {
		t.Error("an empty batch has a size")
	}
	for range 2 {
		for _, m := range sentMessages {
			batch.Add(testTopic, pb.MessageHash{1, 2, 3}, m, "peer", 77)
		}
		event := batch.Take()
		little := binary.LittleEndian
		if little.Uint32(event) != 0 || little.Uint32(event[4:]) != 2 {
			t.Fatalf("head %x", event[:8])
		}
		known := event[batchHeadBytes:]
		if known[2] != 3 || little.Uint64(known[32:]) != 77 || little.Uint32(known[40:]) != 4 || string(known[44:48]) != "peer" {
			t.Errorf("known %x", known[:48])
		}
		if batch.SizeBytes() != 0 {
			t.Error("a taken batch is not empty")
		}
	}
}

func FuzzParseMany(f *testing.F) {
	f.Add(writtenMany())
	f.Fuzz(func(t *testing.T, bytes []byte) {
		messages, err := ParseMany(bytes, 1)
		if err == nil && len(messages) == 0 {
			t.Error("no message and no error")
		}
	})
}
