package node

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"

	"waku-desk/native/go-waku/internal/message"
)

var inBatches = map[string]any{"messageBatches": true}

// many writes messages with these payload sizes as gowaku.h has them; no two are the same.
func many(topic string, sizes ...int) []byte {
	var all []byte
	for _, size := range sizes {
		timestamp := time.Now().UnixNano() + counter.Add(1)
		m := &pb.WakuMessage{Payload: make([]byte, size), ContentTopic: "/test/1/a/proto", Timestamp: &timestamp}
		var batch message.Batch
		batch.Add(topic, pb.MessageHash{}, m, "", 0)
		const known = 8 + 32 + 8 + 4
		all = append(all, batch.Take()[known:]...)
	}
	return all
}

var counter atomic.Int64

func (n *tested) publishMany(t *testing.T, bytes []byte) []string {
	t.Helper()
	answer, err := n.RelayPublishMany(within(t, 10*time.Second), bytes)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(answer, "\n"), "\n")
}

func TestMessagesAreToldInBatchesWithHashAndPeer(t *testing.T) {
	a, b := startNode(t, inBatches), startNode(t, inBatches)
	a.join(b)
	lines := a.publishMany(t, many(topic, 10, 2000, 1))
	eventually(t, "three messages", func() bool { return len(b.came()) == 3 })
	for i, came := range b.came() {
		if hash, peers, _ := strings.Cut(lines[i], " "); peers != "1" || len(hash) != 66 {
			t.Errorf("answered %q", lines[i])
		}
		if !strings.Contains(strings.Join(lines, " "), came.hash) || came.peer != a.PeerID() {
			t.Errorf("told %+v, answered %q", came, lines)
		}
	}
	if len(a.came()) != 0 || len(a.messages()) != 0 || len(b.messages()) != 0 {
		t.Error("own messages were told, or JSON")
	}
	eventually(t, "a line for each", func() bool {
		return len(a.linesWith("sent relay message")) == 3 && len(b.linesWith("received relay message")) == 3
	})
	for node, counted := range map[*tested]string{a: "3", b: "3"} {
		text, err := node.Metrics()
		if want := `waku_node_messages{pubsubTopic="` + topic + `"} ` + counted; err != nil || !strings.Contains(text, want) {
			t.Errorf("%v, no %s in\n%s", err, want, text)
		}
	}
}

func TestEachOfManyHasAnAnswerOfItsOwn(t *testing.T) {
	a, b := startNode(t, inBatches), startNode(t, inBatches)
	a.join(b)
	good := many(topic, 5)
	all := append(append([]byte(nil), good...), good...)
	all = append(append(all, many(topic, 0)...), many("/waku/2/rs/16/99", 5)...)
	all = append(append(all, many(topic, 200_000)...), many(topic, 5)...)
	lines := a.publishMany(t, all)
	for i, want := range []string{" 1", " duplicate", "missing Payload", "not subscribed", "too large", " 1"} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Errorf("%d: no %q in %q", i, want, lines)
		}
	}
	if again := a.publishMany(t, good); !strings.HasSuffix(again[0], " duplicate") {
		t.Errorf("published again: %q", again)
	}
	if _, err := a.RelayPublishMany(within(t, time.Second), good[:20]); err == nil {
		t.Error("a cut message was taken")
	}
	alone := startNode(t, inBatches)
	if lines := alone.publishMany(t, many(topic, 5)); !strings.Contains(lines[0], "NoPeersToPublish") {
		t.Errorf("without peers: %q", lines)
	}
}

func TestAMessageThatItsTopicRefusesIsAnsweredAtOnce(t *testing.T) {
	key := "04" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" +
		"483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
	a := startNode(t, inBatches)
	if err := a.ProtectShard(16, 32, key); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	lines := a.publishMany(t, many(topic, 5))
	if !strings.Contains(lines[0], "validation failed") || time.Since(began) > 5*time.Second {
		t.Errorf("%q after %s", lines, time.Since(began))
	}
}

func TestTheRelayReadsOnlyForTheFilterService(t *testing.T) {
	for _, withFilter := range []bool{false, true} {
		a := startNode(t, map[string]any{"messageBatches": true, "filter": withFilter})
		read := a.current().broadcaster.RegisterForAll()
		a.publishMany(t, many(topic, 5))
		select {
		case <-read.Ch:
			if !withFilter {
				t.Error("the relay reads")
			}
		case <-time.After(300 * time.Millisecond):
			if withFilter {
				t.Error("the relay does not read")
			}
		}
		// It is left and joined again as ever.
		for range 2 {
			if err := a.RelayUnsubscribe(topic); err != nil {
				t.Error(err)
			}
			if err := a.RelaySubscribe(topic); err != nil {
				t.Error(err)
			}
		}
		if len(a.linesWith("ERR ")) != 0 {
			t.Error(a.linesWith("ERR "))
		}
	}
}

type cameMessage struct{ hash, peer string }

func (n *tested) came() []cameMessage {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	var all []cameMessage
	for _, batch := range n.batches {
		count := binary.LittleEndian.Uint32(batch[4:])
		at := batch[8:]
		for range count {
			little := binary.LittleEndian
			peerLength := little.Uint32(at[40:])
			one := cameMessage{"0x" + hex.EncodeToString(at[:32]), string(at[44 : 44+peerLength])}
			all = append(all, one)
			at = at[44+peerLength:]
			size := uint32(40)
			for part := range 5 {
				size += little.Uint32(at[4*part:])
			}
			at = at[size:]
		}
	}
	return all
}
