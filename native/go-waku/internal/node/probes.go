package node

import (
	"context"
	"errors"
	"sort"
	"sync"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
)

// probes are the subscriptions of the relay, each with a second one that is never read: the tracer says why.
type probes struct {
	relay *relay.WakuRelay
	// The relay reads too, for the filter service.
	withReader bool
	// Tells of each subscription, within the call that makes it.
	made   event.Subscription
	mutex  sync.Mutex
	topics map[string]probe
}

// probe is a subscription that is never read, and the topic itself, which the relay owns.
type probe struct {
	*pubsub.Subscription
	topic *pubsub.Topic
}

func newProbes(r *relay.WakuRelay, withReader bool) (*probes, error) {
	made, err := r.Events().Subscribe(new(relay.EvtRelaySubscribed))
	return &probes{relay: r, withReader: withReader, made: made, topics: map[string]probe{}}, err
}

func (p *probes) subscribe(topic string, changed func() error) error {
	p.mutex.Lock()
	_, known := p.topics[topic]
	if known {
		p.mutex.Unlock()
		return nil
	}
	err := p.add(topic)
	p.mutex.Unlock()
	if err != nil {
		return err
	}
	return changed()
}

func (p *probes) add(topic string) error {
	// Without consumer: messages are taken from the tracer, which loses none.
	_, err := p.relay.Subscribe(context.Background(), protocol.NewContentFilter(topic), relay.WithoutConsumer())
	if err != nil {
		return err
	}
	//nolint:staticcheck // The relay owns the topic; there is no other way to it.
	subscription, err := p.relay.PubSub().Subscribe(topic, pubsub.WithBufferSize(0))
	if err != nil {
		return err
	}
	for {
		select {
		case made := <-p.made.Out():
			if made := made.(relay.EvtRelaySubscribed); made.Topic == topic {
				p.topics[topic] = probe{subscription, made.TopicInst}
				if !p.withReader {
					endReading(p.relay, topic)
				}
				return nil
			}
		default:
			subscription.Cancel()
			return errors.New("go-waku did not tell that it has subscribed " + topic)
		}
	}
}

func (p *probes) unsubscribe(topic string, changed func() error) error {
	p.mutex.Lock()
	subscription, known := p.topics[topic]
	if !known {
		p.mutex.Unlock()
		return errors.New("not subscribed to " + topic)
	}
	delete(p.topics, topic)
	// First, because the relay closes the topic, which may have no subscription then.
	subscription.Cancel()
	err := p.relay.Unsubscribe(context.Background(), protocol.NewContentFilter(topic))
	p.mutex.Unlock()
	if err != nil {
		return err
	}
	return changed()
}

// topicOf is nil for what is not subscribed.
func (p *probes) topicOf(name string) *pubsub.Topic {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.topics[name].topic
}

func (p *probes) names() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	names := make([]string, 0, len(p.topics))
	for name := range p.topics {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// shards of the topics that are of this cluster.
func (p *probes) shards(cluster uint16) []uint16 {
	shards := []uint16{}
	for _, name := range p.names() {
		if topic, err := protocol.ToWakuPubsubTopic(name); err == nil {
			if shard, ok := topic.(protocol.StaticShardingPubsubTopic); ok && shard.Cluster() == cluster {
				shards = append(shards, shard.Shard())
			}
		}
	}
	return shards
}
