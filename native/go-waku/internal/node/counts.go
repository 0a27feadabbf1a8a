package node

import (
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/prometheus/client_golang/prometheus"
)

// counts has what gossipsub does under the names and with the meaning that nim-libp2p and nwaku count it. A topic that
// is not this node's own counts as "generic", as there: others could make any number of them.
type counts struct {
	kinds [kindCount]*prometheus.CounterVec
	bytes *prometheus.CounterVec
	plain map[string]prometheus.Counter

	// Of gossipsub's goroutine alone.
	own     map[string]*topicCounts
	generic *topicCounts
}

const generic = "generic"

// kind is what is counted of each topic.
type kind int

const (
	receivedSubscriptions kind = iota
	receivedUnsubscriptions
	receivedMessages
	receivedIHave
	receivedGraft
	receivedPrune
	broadcastSubscriptions
	broadcastUnsubscriptions
	broadcastMessages
	broadcastIHave
	broadcastGraft
	broadcastPrune
	messagesPublished
	messagesRebroadcasted
	kindCount
)

var kindNames = [kindCount]string{
	"received_subscriptions", "received_unsubscriptions", "received_messages", "received_ihave", "received_graft", "received_prune",
	"broadcast_subscriptions", "broadcast_unsubscriptions", "broadcast_messages", "broadcast_ihave", "broadcast_graft",
	"broadcast_prune", "messages_published", "messages_rebroadcasted",
}

const (
	receivedIWant     = "libp2p_pubsub_received_iwant_total"
	broadcastIWant    = "libp2p_pubsub_broadcast_iwant_total"
	joinedTopics      = "libp2p_pubsub_subscriptions_total"
	leftTopics        = "libp2p_pubsub_unsubscriptions_total"
	validationSuccess = "libp2p_pubsub_validation_success_total"
	validationFailure = "libp2p_pubsub_validation_failure_total"
	validationIgnore  = "libp2p_pubsub_validation_ignore_total"
	receivedOnce      = "libp2p_gossipsub_received_total"
	receivedAgain     = "libp2p_gossipsub_duplicate_total"
	publishedToNobody = "libp2p_gossipsub_failed_publish_total"
)

var plainNames = []string{
	receivedIWant, broadcastIWant, joinedTopics, leftTopics, validationSuccess, validationFailure, validationIgnore, receivedOnce,
	receivedAgain, publishedToNobody,
}

type topicCounts struct {
	kinds                    [kindCount]prometheus.Counter
	inGross, inNet, outBytes prometheus.Counter
	// Subscribed now.
	isJoined bool
}

func newCounts(metrics *prometheus.Registry) *counts {
	c := &counts{plain: map[string]prometheus.Counter{}, own: map[string]*topicCounts{}}
	for i, name := range kindNames {
		c.kinds[i] = prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "libp2p_pubsub_" + name + "_total", Help: "by topic, once for each peer",
		}, []string{"topic"})
		metrics.MustRegister(c.kinds[i])
	}
	c.bytes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "waku_relay_network_bytes_total", Help: "of messages with their topics; net: new and valid ones",
	}, []string{"topic", "type", "direction"})
	metrics.MustRegister(c.bytes)
	for _, name := range plainNames {
		c.plain[name] = prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: "as nim-libp2p counts it"})
		metrics.MustRegister(c.plain[name])
	}
	c.generic = c.make(generic)
	return c
}

func (c *counts) make(topic string) *topicCounts {
	made := &topicCounts{
		inGross:  c.bytes.WithLabelValues(topic, "gross", "in"),
		inNet:    c.bytes.WithLabelValues(topic, "net", "in"),
		outBytes: c.bytes.WithLabelValues(topic, "net", "out"),
	}
	for i, vec := range c.kinds {
		made.kinds[i] = vec.WithLabelValues(topic)
	}
	return made
}

func (c *counts) of(topic string) *topicCounts {
	if own := c.own[topic]; own != nil {
		return own
	}
	return c.generic
}

func (c *counts) joined(topic string) {
	c.plain[joinedTopics].Inc()
	if c.own[topic] == nil {
		c.own[topic] = c.make(topic)
	}
	c.own[topic].isJoined = true
}

// left keeps the counters: whoever reads them wants no gap.
func (c *counts) left(topic string) {
	c.plain[leftTopics].Inc()
	c.of(topic).isJoined = false
}

// greeted counts the first RPC to a peer, with every subscription, of which gossipsub does not tell.
func (c *counts) greeted() {
	for _, topic := range c.own {
		if topic.isJoined {
			topic.kinds[broadcastSubscriptions].Inc()
		}
	}
}

func (c *counts) heard(rpc *pubsub.RPC) {
	c.rpc(rpc, receivedSubscriptions, c.plain[receivedIWant])
	for _, m := range rpc.Publish {
		c.of(m.GetTopic()).inGross.Add(float64(len(m.Data) + len(m.GetTopic())))
	}
}

func (c *counts) sent(rpc *pubsub.RPC) {
	c.rpc(rpc, broadcastSubscriptions, c.plain[broadcastIWant])
	for _, m := range rpc.Publish {
		c.of(m.GetTopic()).outBytes.Add(float64(len(m.Data) + len(m.GetTopic())))
	}
}

// rpc counts what an RPC has. `first` is the kind of subscriptions in its direction; the others follow in one order.
func (c *counts) rpc(rpc *pubsub.RPC, first kind, iwants prometheus.Counter) {
	count := func(topic string, offset kind) { c.of(topic).kinds[first+offset].Inc() }
	for _, s := range rpc.Subscriptions {
		if s.GetSubscribe() {
			count(s.GetTopicid(), receivedSubscriptions)
		} else {
			count(s.GetTopicid(), receivedUnsubscriptions)
		}
	}
	for _, m := range rpc.Publish {
		count(m.GetTopic(), receivedMessages)
	}
	if rpc.Control == nil {
		return
	}
	for _, one := range rpc.Control.Ihave {
		count(one.GetTopicID(), receivedIHave)
	}
	for _, one := range rpc.Control.Graft {
		count(one.GetTopicID(), receivedGraft)
	}
	for _, one := range rpc.Control.Prune {
		count(one.GetTopicID(), receivedPrune)
	}
	iwants.Add(float64(len(rpc.Control.Iwant)))
}

// delivered counts a message of others that was new and valid.
func (c *counts) delivered(m *pubsub.Message) {
	c.plain[receivedOnce].Inc()
	c.plain[validationSuccess].Inc()
	c.of(m.GetTopic()).inNet.Add(float64(len(m.Data) + len(m.GetTopic())))
}

// refused counts a message of others that was new and not valid. On any goroutine.
func (c *counts) refused(reason string) {
	switch reason {
	case pubsub.RejectValidationFailed:
		c.plain[receivedOnce].Inc()
		c.plain[validationFailure].Inc()
	case pubsub.RejectValidationIgnored, pubsub.RejectValidationThrottled:
		c.plain[receivedOnce].Inc()
		c.plain[validationIgnore].Inc()
	}
}
