package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	pubsub_pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"google.golang.org/protobuf/proto"

	"waku-desk/native/go-waku/internal/message"
)

// RelayPublish sends a message and answers its hash, once gossipsub has given it to its peers and all of that has been
// told. Errors that contain NoPeersToPublish are those of libwaku: the message's own event has come before.
func (n *Node) RelayPublish(ctx context.Context, topic, messageJSON string) (string, error) {
	r, err := n.relaying()
	if err != nil {
		return "", err
	}
	m, err := message.Parse(messageJSON, time.Now().UnixNano())
	if err != nil {
		return "", err
	}
	if !r.probes.has(topic) {
		return "", fmt.Errorf("not subscribed to %s", topic)
	}
	data, err := proto.Marshal(m)
	if err != nil {
		return "", err
	}
	rpc := pubsub_pb.RPC{Publish: []*pubsub_pb.Message{{Data: data, Topic: &topic}}}
	if size := rpc.Size(); size > n.settings.MaxMessageSizeBytes {
		return "", fmt.Errorf("the message is too large: with its topic %d bytes of at most %d", size, n.settings.MaxMessageSizeBytes)
	}
	return r.publish(ctx, topic, m, data)
}

func (r *running) publish(ctx context.Context, topic string, m *pb.WakuMessage, data []byte) (string, error) {
	id := messageID(data)
	watched, isFirst := r.tracer.expect(id)
	if !isFirst {
		return "", r.duplicate(topic, m)
	}
	defer r.tracer.forget(id)
	hash, err := r.relay.Publish(ctx, m, relay.WithPubSubTopic(topic))
	if err != nil {
		return "", err
	}
	if accepted, _, _ := r.tracer.counts(watched); !accepted {
		return "", r.duplicate(topic, m)
	}
	if err := r.wait(ctx, watched.begun); err != nil {
		return "", err
	}
	if err := r.wait(ctx, r.settling.settled()); err != nil {
		return "", err
	}
	_, sent, dropped := r.tracer.counts(watched)
	switch {
	case sent > 0:
		return string(message.AppendHash(nil, hash)), nil
	case dropped > 0:
		return "", fmt.Errorf("no peer has room for the message: %d queues are full", dropped)
	}
	if peers := len(r.relay.PubSub().ListPeers(topic)); peers > 0 {
		return "", fmt.Errorf("NoPeersToPublish: none of %d peers on %s takes messages from this node", peers, topic)
	}
	return "", errors.New("NoPeersToPublish: no peers on " + topic)
}

// duplicate tells the own event again, as libwaku does, and gives its error.
func (r *running) duplicate(topic string, m *pb.WakuMessage) error {
	r.node.feed.tell(happening{kind: echoed, message: &relayed{topic: topic, waku: m}})
	<-r.node.feed.told()
	return errors.New("NoPeersToPublish: the same message was published or received within the last two minutes")
}

func (r *running) wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-r.ctx.Done():
		return ErrNotStarted
	}
}
