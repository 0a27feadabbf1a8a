package node

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEveryMessageHasItsLinesAndEventsOnBothSides(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	a.join(b)
	const count, flights = 400, 8
	hashes := make([]string, count)
	var flight sync.WaitGroup
	for worker := range flights {
		flight.Add(1)
		go func() {
			defer flight.Done()
			for i := worker; i < count; i += flights {
				hash, err := a.RelayPublish(within(t, 10*time.Second), topic, text(i, 100))
				if err != nil {
					t.Error(err)
					return
				}
				hashes[i] = hash
				// Behind the reply: the lines and the echo have been told.
				if lines := a.linesWith(hash); len(lines) != 1 || !strings.Contains(lines[0], "sent relay message") {
					t.Errorf("lines %q", lines)
				}
				if echoes := a.eventsLike(func(e told) bool { return e.MessageHash == hash }); len(echoes) != 1 {
					t.Errorf("%d echoes", len(echoes))
				}
			}
		}()
	}
	flight.Wait()
	eventually(t, "all messages", func() bool { return len(b.messages()) == count })
	received := map[string]string{}
	for _, line := range b.linesWith("received relay message") {
		received[valueOf(line, "msg_hash")] = line
	}
	for _, hash := range hashes {
		line, sent := received[hash], a.linesWith(hash)[0]
		if valueOf(line, "msg_id") != valueOf(sent, "msg_id") || valueOf(line, "from_peer_id") != valueOf(sent, "my_peer_id") ||
			valueOf(line, "my_peer_id") != valueOf(sent, "to_peer_id") || valueOf(line, "payloadSizeBytes") != "100" {
			t.Fatalf("sent and received differ:\n%s\n%s", sent, line)
		}
	}
}

func TestSendsAreCountedForEveryPeer(t *testing.T) {
	a, b, c := startNode(t, nil), startNode(t, nil), startNode(t, nil)
	a.join(b, c)
	hash, err := a.RelayPublish(within(t, 10*time.Second), topic, text(1, 100))
	if err != nil {
		t.Fatal(err)
	}
	peers := map[string]bool{}
	for _, line := range a.linesWith(hash) {
		peers[valueOf(line, "to_peer_id")] = true
	}
	if len(peers) != 2 {
		t.Errorf("sent to %v", peers)
	}
}

func TestAMessageIsRelayedAndSaysSo(t *testing.T) {
	a, b, c := startNode(t, nil), startNode(t, nil), startNode(t, nil)
	b.join(a, c)
	hash, err := a.RelayPublish(within(t, 10*time.Second), topic, text(1, 100))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the message", func() bool { return len(c.messages()) == 1 })
	if lines := b.linesWith(hash); len(lines) != 2 || !strings.Contains(lines[1], "sent relay message") {
		t.Errorf("%q", lines)
	}
}

func TestPublishingSaysWhatIsWrong(t *testing.T) {
	a, b := startNode(t, map[string]any{"maxMessageSize": "10KiB"}), startNode(t, map[string]any{"maxMessageSize": "10KiB"})
	ctx := within(t, 30*time.Second)
	fails := func(where, message, reason string) {
		t.Helper()
		if hash, err := a.RelayPublish(ctx, where, message); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s, %v: not %q", hash, err, reason)
		}
	}
	lonely := text(1, 10)
	fails(topic, lonely, "NoPeersToPublish")
	if len(a.messages()) != 1 {
		t.Errorf("%d echoes before NoPeersToPublish", len(a.messages()))
	}
	fails(topic, lonely, "NoPeersToPublish: the same message")
	if len(a.messages()) != 2 {
		t.Errorf("%d echoes before the duplicate's answer", len(a.messages()))
	}
	a.join(b)
	fails(topic, text(2, 10<<10), "too large")
	fails("/waku/2/rs/16/33", text(3, 10), "not subscribed")
	fails(topic, "{", "not valid JSON")
	// The largest that fits really goes.
	if _, err := a.RelayPublish(ctx, topic, text(4, (10<<10)-76)); err != nil {
		t.Error(err)
	}
	eventually(t, "the largest message", func() bool { return len(b.messages()) == 1 })
}

func TestWithoutRelayItsCallsAreErrors(t *testing.T) {
	a := startNode(t, map[string]any{"relay": false})
	_, err := a.RelayPublish(within(t, time.Second), topic, text(1, 1))
	_, meshErr := a.MeshPeers(topic)
	for _, err := range []error{err, meshErr, a.RelaySubscribe(topic), a.RelayUnsubscribe(topic), a.ProtectShard(16, 32, "")} {
		if !errors.Is(err, ErrRelayOff) {
			t.Error(err)
		}
	}
}

func TestSubscribingAndUnsubscribing(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	a.join(b)
	if err := errors.Join(a.RelaySubscribe(topic), a.RelaySubscribe("/waku/2/rs/16/7"), a.RelaySubscribe("/waku/2/rs/17/32")); err != nil {
		t.Fatal(err)
	}
	if shards := a.current().shards(); !slices.Equal(shards, []uint16{32, 7}) {
		t.Errorf("of its own cluster it has the shards %v", shards)
	}
	for _, bad := range []string{"", "x"} {
		if a.RelaySubscribe(bad) == nil {
			t.Errorf("%q was subscribed", bad)
		}
	}
	if err := b.RelayUnsubscribe(topic); err != nil {
		t.Fatal(err)
	}
	if b.RelayUnsubscribe(topic) == nil {
		t.Error("unsubscribed twice")
	}
	eventually(t, "b gone from the topic", func() bool { peers, _ := a.RelayPeers(topic); return len(peers) == 0 })
	if err := b.RelaySubscribe(topic); err != nil {
		t.Fatal(err)
	}
	eventually(t, "b back", func() bool { peers, _ := a.RelayPeers(topic); return len(peers) == 1 })
	if _, err := a.RelayPublish(within(t, 10*time.Second), topic, text(1, 10)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the message", func() bool { return len(b.messages()) == 1 })
}
