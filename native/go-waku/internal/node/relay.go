package node

import (
	"context"
	"errors"
	"fmt"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"github.com/waku-org/go-waku/waku/v2/timesource"

	"waku-desk/native/go-waku/internal/settings"
)

// ErrRelayOff is the answer of relay calls on a node without relay.
var ErrRelayOff = errors.New("relay is off on this node")

// Messages that may wait for a validator. gossipsub's own 32 are fewer than a burst has, and what does not fit is lost.
const validateQueue = 16_384

// Messages that may wait for a peer. go-waku's 1,024 are full within a tenth of a second, and what does not fit is lost
// to that peer.
const peerQueue = 16_384

// startRelay starts go-waku's relay, with its parameters of gossipsub.
func (r *running) startRelay() error {
	s := r.node.settings
	if !s.Relay {
		return nil
	}
	r.broadcaster = relay.NewBroadcaster(1024)
	if err := r.broadcaster.Start(r.ctx); err != nil {
		return err
	}
	r.onClose(r.broadcaster.Stop)
	r.tracer = newTracer(r.node.id, r.node.feed, newCounts(r.metrics))
	r.relay = relay.NewWakuRelay(r.broadcaster, 0, timesource.NewDefaultClock(), r.metrics,
		withoutEnds(r.node.log),
		relay.WithMaxMsgSize(s.MaxMessageSizeBytes),
		relay.WithPubSubOptions([]pubsub.Option{
			pubsub.WithMaxMessageSize(s.MaxMessageSizeBytes),
			pubsub.WithRawTracer(r.tracer),
			pubsub.WithDefaultValidator(r.noteOwn, pubsub.WithValidatorInline(true)),
			pubsub.WithValidateQueueSize(validateQueue),
			pubsub.WithValidateThrottle(validateQueue),
			pubsub.WithPeerOutboundQueueSize(peerQueue),
		}))
	r.node.feed.traffic.replaceIn(r.metrics)
	r.relay.SetHost(r.host)
	// Not r.ctx: it ends before the handlers, which would log that as an error. Without dialling: gossipsub opens a stream
	// anew that ended, and would connect again to a peer which was just hanging up.
	ctx, cancel := context.WithCancel(network.WithNoDial(context.Background(), "the relay"))
	if err := r.relay.Start(ctx); err != nil {
		cancel()
		return err
	}
	var err error
	if r.probes, err = newProbes(r.relay, s.Filter); err != nil {
		cancel()
		return err
	}
	r.onClose(func() { _ = r.probes.made.Close() })
	r.settling = &settling{settle: r.settle}
	r.onClose(func() {
		// Before the broadcaster, whose channel its handlers still use.
		r.relay.Stop()
		cancel()
	})
	for _, shard := range s.ProtectedShards {
		if err := r.protect(shard); err != nil {
			return err
		}
	}
	return nil
}

// noteOwn lets everything pass, and thereby tells that a message of ours is no duplicate.
func (r *running) noteOwn(_ context.Context, from peer.ID, m *pubsub.Message) pubsub.ValidationResult {
	if from == r.node.id {
		r.tracer.accept(m.Data)
	}
	return pubsub.ValidationAccept
}

func (r *running) protect(shard settings.ProtectedShard) error {
	return r.relay.AddSignedTopicValidator(r.topicOf(shard.Shard), shard.PublicKey)
}

func (r *running) topicOf(shard uint16) string {
	return protocol.NewStaticShardingPubsubTopic(r.node.settings.ClusterID, shard).String()
}

func (r *running) subscribeConfigured() error {
	if r.relay == nil {
		return nil
	}
	for _, shard := range r.node.settings.Shards {
		if err := r.subscribe(r.topicOf(shard)); err != nil {
			return err
		}
	}
	return nil
}

// subscribe is OK for what is subscribed already, and, as in nwaku, for topics of other clusters.
func (r *running) subscribe(topic string) error {
	if _, err := protocol.ToWakuPubsubTopic(topic); err != nil {
		return fmt.Errorf("%q is no pubsub topic: %w", topic, err)
	}
	return r.probes.subscribe(topic, func() error { return r.updateENR() })
}

// RelaySubscribe subscribes a pubsub topic.
func (n *Node) RelaySubscribe(topic string) error {
	r, err := n.relaying()
	if err != nil {
		return err
	}
	return r.subscribe(topic)
}

// RelayUnsubscribe leaves a pubsub topic.
func (n *Node) RelayUnsubscribe(topic string) error {
	r, err := n.relaying()
	if err != nil {
		return err
	}
	return r.probes.unsubscribe(topic, func() error { return r.updateENR() })
}

// ProtectShard takes only signed messages on a shard from now on.
func (n *Node) ProtectShard(cluster, shard int64, publicKey string) error {
	r, err := n.relaying()
	if err != nil {
		return err
	}
	if cluster != int64(n.settings.ClusterID) || shard < 0 || shard > 65535 {
		return fmt.Errorf("shard %d of cluster %d is none of this node's cluster %d", shard, cluster, n.settings.ClusterID)
	}
	key, err := settings.PublicKey(publicKey)
	if err != nil {
		return err
	}
	return r.protect(settings.ProtectedShard{Shard: uint16(shard), PublicKey: key})
}

func (n *Node) relaying() (*running, error) {
	r, err := n.started()
	if err != nil {
		return nil, err
	}
	if r.relay == nil {
		return nil, ErrRelayOff
	}
	return r, nil
}

// shards of the topics that are subscribed; without relay those of the configuration.
func (r *running) shards() []uint16 {
	if r.probes == nil {
		return r.node.settings.Shards
	}
	return r.probes.shards(r.node.settings.ClusterID)
}
