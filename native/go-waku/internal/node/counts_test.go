package node

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// samples of a node; the topic is left out of their names, "generic" stays.
func (n *tested) samples() map[string]string {
	text, err := n.Metrics()
	if err != nil {
		n.t.Fatal(err)
	}
	found := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if name, value, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(line, "#") {
			found[strings.NewReplacer(`{topic="`+topic+`"}`, "", `topic="`+topic+`",`, "").Replace(name)] = value
		}
	}
	return found
}

func (n *tested) counted(who string, want map[string]int) {
	n.t.Helper()
	eventually(n.t, "what "+who+" counts", func() bool {
		samples := n.samples()
		for name, value := range want {
			if samples[name] != fmt.Sprint(value) {
				n.t.Logf("%s: %s is %q, not %d", who, name, samples[name], value)
				return false
			}
		}
		return true
	})
}

func TestTheRelayCountsWhatItSendsHearsAndPassesOn(t *testing.T) {
	a, b, c := startNode(t, nil), startNode(t, nil), startNode(t, nil)
	a.join(b)
	b.join(c)
	m := text(1, 100)
	if _, err := a.RelayPublish(within(t, 10*time.Second), topic, m); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the message", func() bool { return len(c.messages()) == 1 })
	if _, err := a.RelayPublish(within(t, 10*time.Second), topic, m); err == nil {
		t.Error("a duplicate was published")
	}
	a.counted("a", map[string]int{
		"libp2p_pubsub_messages_published_total": 1, "libp2p_pubsub_messages_rebroadcasted_total": 0,
		"libp2p_pubsub_broadcast_messages_total": 1, "libp2p_pubsub_received_messages_total": 0,
		"libp2p_pubsub_received_subscriptions_total": 1, "libp2p_pubsub_subscriptions_total": 1,
		"libp2p_gossipsub_received_total": 0, "libp2p_gossipsub_failed_publish_total": 0,
		"libp2p_total_dial_attempts_total": 1, "libp2p_successful_dials_total": 1, "libp2p_failed_dials_total": 0,
	})
	b.counted("b", map[string]int{
		"libp2p_pubsub_messages_published_total": 0, "libp2p_pubsub_messages_rebroadcasted_total": 1,
		"libp2p_pubsub_broadcast_messages_total": 1, "libp2p_pubsub_received_messages_total": 1,
		"libp2p_gossipsub_received_total": 1, "libp2p_pubsub_validation_success_total": 1,
		"libp2p_pubsub_received_subscriptions_total": 2, "libp2p_pubsub_broadcast_subscriptions_total": 2,
	})
	heard, sent := c.samples(), a.samples()
	in, out := heard[`waku_relay_network_bytes_total{direction="in",type="net"}`], sent[`waku_relay_network_bytes_total{direction="out",type="net"}`]
	if in != out || in < "1" || heard[`waku_relay_network_bytes_total{direction="in",type="gross"}`] != in {
		t.Errorf("a sent %q bytes, c heard %q", out, in)
	}
	if streams := b.samples()[`waku_streams_peers{direction="Out",protocol="/vac/waku/relay/2.0.0"}`]; streams != "2" {
		t.Errorf("b has %q relay streams to others", streams)
	}
	if err := c.RelayUnsubscribe(topic); err != nil {
		t.Fatal(err)
	}
	c.counted("c", map[string]int{"libp2p_pubsub_unsubscriptions_total": 1, "libp2p_pubsub_broadcast_unsubscriptions_total": 1})
	b.counted("b", map[string]int{"libp2p_pubsub_received_unsubscriptions_total": 1})
}

func TestATopicThatIsNotOursCountsAsGeneric(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, map[string]any{"shards": []int{32, 33}})
	a.join(b)
	a.counted("a", map[string]int{
		`libp2p_pubsub_received_subscriptions_total{topic="generic"}`: 1,
		"libp2p_pubsub_received_subscriptions_total":                  1,
	})
}

func TestFailuresAreCounted(t *testing.T) {
	a := startNode(t, nil)
	if _, err := a.RelayPublish(within(t, 10*time.Second), topic, text(1, 10)); err == nil {
		t.Error("it was published to nobody")
	}
	gone := startNode(t, nil)
	address := gone.address()
	gone.Destroy()
	if a.Connect(within(t, 10*time.Second), address) == nil {
		t.Error("it connected to nobody")
	}
	a.counted("a", map[string]int{
		"libp2p_gossipsub_failed_publish_total": 1, "libp2p_total_dial_attempts_total": 1, "libp2p_failed_dials_total": 1,
		`waku_peers_dials_total{outcome="failed"}`: 1,
	})
}
