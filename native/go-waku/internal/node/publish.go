package node

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"waku-desk/native/go-waku/internal/message"
)

// errDuplicate: gossipsub has seen the same bytes within two minutes.
var errDuplicate = errors.New("duplicate")

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
	one, err := r.publish(ctx, []message.Addressed{{PubsubTopic: topic, WakuMessage: m}})
	if err != nil {
		return "", err
	}
	_, err = r.sentTo(one[0])
	if errors.Is(err, errDuplicate) {
		return "", r.duplicate(topic, m)
	}
	if err != nil {
		return "", err
	}
	return string(message.AppendHash(nil, one[0].hash)), nil
}

// RelayPublishMany sends messages, and answers what gowaku.h says.
func (n *Node) RelayPublishMany(ctx context.Context, bytes []byte) (string, error) {
	r, err := n.relaying()
	if err != nil {
		return "", err
	}
	messages, err := message.ParseMany(bytes, time.Now().UnixNano())
	if err != nil {
		return "", err
	}
	all, err := r.publish(ctx, messages)
	if err != nil {
		return "", err
	}
	var lines []byte
	for _, p := range all {
		if p.hash == (pb.MessageHash{}) {
			lines = append(lines, '-')
		} else {
			lines = message.AppendHash(lines, p.hash)
		}
		lines = append(lines, ' ')
		if peers, err := r.sentTo(p); err == nil {
			lines = strconv.AppendInt(lines, int64(peers), 10)
		} else {
			lines = append(lines, strings.ReplaceAll(err.Error(), "\n", " ")...)
		}
		lines = append(lines, '\n')
	}
	return string(lines), nil
}

// publish gives messages to gossipsub, and returns when it has given them to its peers. What became of each: sentTo.
func (r *running) publish(ctx context.Context, messages []message.Addressed) ([]*publication, error) {
	begun := newCountdown(len(messages))
	all := make([]*publication, 0, len(messages))
	defer func() { r.tracer.forget(all) }()
	for _, m := range messages {
		p := &publication{topic: m.PubsubTopic, waku: m.WakuMessage, begun: begun}
		all = append(all, p)
		p.err = r.give(ctx, p)
		if accepted, _, _ := r.tracer.whatBecameOf(p); !accepted || p.err != nil {
			begun.tick()
		}
	}
	if err := r.wait(ctx, begun.done); err != nil {
		return nil, err
	}
	return all, r.wait(ctx, r.settling.settled())
}

// give has gossipsub take a message.
func (r *running) give(ctx context.Context, p *publication) error {
	if err := p.waku.Validate(); err != nil {
		return err
	}
	topic := r.probes.topicOf(p.topic)
	if topic == nil {
		return fmt.Errorf("not subscribed to %s", p.topic)
	}
	var err error
	if p.data, err = proto.Marshal(p.waku); err != nil {
		return err
	}
	if size, most := rpcBytes(len(p.data), len(p.topic)), r.node.settings.MaxMessageSizeBytes; size > most {
		return fmt.Errorf("the message is too large: with its topic %d bytes of at most %d", size, most)
	}
	p.hash = p.waku.Hash(p.topic)
	r.tracer.expect(p)
	return topic.Publish(ctx, p.data)
}

// rpcBytes is the size of gossipsub's RPC with one message: fields with numbers of one byte, one in the other.
func rpcBytes(data, topic int) int {
	return 1 + protowire.SizeBytes(2+protowire.SizeBytes(data)+protowire.SizeBytes(topic))
}

// sentTo is the number of peers that a message was sent to.
func (r *running) sentTo(p *publication) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	accepted, sent, dropped := r.tracer.whatBecameOf(p)
	switch {
	case !accepted:
		return 0, errDuplicate
	case sent > 0:
		return sent, nil
	case dropped > 0:
		return 0, fmt.Errorf("no peer has room for the message: %d queues are full", dropped)
	}
	r.tracer.counts.plain[publishedToNobody].Inc()
	if peers := len(r.relay.PubSub().ListPeers(p.topic)); peers > 0 {
		return 0, fmt.Errorf("NoPeersToPublish: none of %d peers on %s takes messages from this node", peers, p.topic)
	}
	return 0, errors.New("NoPeersToPublish: no peers on " + p.topic)
}

// duplicate tells the own event again, as libwaku does, and gives its error.
func (r *running) duplicate(topic string, m *pb.WakuMessage) error {
	if !r.node.feed.inBatches {
		r.node.feed.tell(happening{kind: echoed, message: &relayed{topic: topic, waku: m}})
		<-r.node.feed.told()
	}
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
