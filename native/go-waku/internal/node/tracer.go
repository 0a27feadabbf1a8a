package node

import (
	"sync"
	"sync/atomic"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pubsub_pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/waku-org/go-waku/waku/v2/hash"
	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
)

// tracer sees what gossipsub really does: each delivery, each send, the mesh. Its methods run on gossipsub's own
// goroutine, which does everything else too: they never wait.
//
// Of this node's own messages gossipsub traces no delivery. But it traces what a subscription could not take, own
// messages included: a subscription without a buffer that nobody reads (see probes) makes it tell of each message,
// right before it sends it.
type tracer struct {
	self   peer.ID
	feed   *feed
	counts *counts

	mutex sync.Mutex
	// By the first byte of their data, which every RPC with the message shares.
	pending map[*byte]*publication

	// Of gossipsub's goroutine alone: the message at hand, which is sent to its peers next.
	current *relayed
	// It is one of this node's own.
	isOwn  bool
	mesh   map[string]map[peer.ID]struct{}
	health map[string]string
}

// publication is a message of ours that is being published.
type publication struct {
	topic string
	waku  *pb.WakuMessage
	data  []byte
	hash  pb.MessageHash
	// What became of it before gossipsub had it.
	err error
	// Told when gossipsub's goroutine has begun with it; the sends follow at once.
	begun *countdown

	// Guarded by the tracer's mutex. Accepted: gossipsub took it, it was not a duplicate; set before its call returns.
	accepted      bool
	sent, dropped int
}

// countdown tells when all of many things have happened.
type countdown struct {
	open atomic.Int32
	done chan struct{}
}

func newCountdown(count int) *countdown {
	c := &countdown{done: make(chan struct{})}
	c.open.Store(int32(count))
	return c
}

func (c *countdown) tick() {
	if c.open.Add(-1) == 0 {
		close(c.done)
	}
}

func newTracer(self peer.ID, feed *feed, counts *counts) *tracer {
	return &tracer{
		self:    self,
		feed:    feed,
		counts:  counts,
		pending: map[*byte]*publication{},
		mesh:    map[string]map[peer.ID]struct{}{},
		health:  map[string]string{},
	}
}

func messageID(data []byte) string { return string(hash.SHA256(data)) }

// expect begins to watch one message of ours, whose data is not empty.
func (t *tracer) expect(p *publication) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.pending[&p.data[0]] = p
}

func (t *tracer) forget(publications []*publication) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, p := range publications {
		if len(p.data) > 0 {
			delete(t.pending, &p.data[0])
		}
	}
}

// pendingOf is nil for data that is not being published. Under the mutex.
func (t *tracer) pendingOf(data []byte) *publication {
	if len(data) == 0 {
		return nil
	}
	return t.pending[&data[0]]
}

func (t *tracer) whatBecameOf(p *publication) (accepted bool, sent, dropped int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return p.accepted, p.sent, p.dropped
}

// accept is called by the validator, within the publish call.
func (t *tracer) accept(data []byte) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if p := t.pendingOf(data); p != nil {
		p.accepted = true
	}
}

// DeliverMessage is called for messages of others.
func (t *tracer) DeliverMessage(m *pubsub.Message) {
	t.current, t.isOwn = relayedOf(m), false
	t.counts.delivered(m)
	t.feed.tell(happening{kind: received, message: t.current, peer: m.ReceivedFrom, timeNs: time.Now().UnixNano()})
}

// UndeliverableMessage is called for every message: see above.
func (t *tracer) UndeliverableMessage(m *pubsub.Message) {
	if m.ReceivedFrom != t.self || (t.current != nil && t.current.raw == m.Message) {
		return
	}
	t.current, t.isOwn = relayedOf(m), true
	t.mutex.Lock()
	p := t.pendingOf(m.Data)
	t.mutex.Unlock()
	if p != nil {
		t.current.waku, t.current.hash, t.current.decoded = p.waku, p.hash, true
	}
	if p != nil && t.feed.inBatches {
		t.feed.traffic.count(p.topic, len(p.waku.Payload))
	} else {
		t.feed.tell(happening{kind: echoed, message: t.current, timeNs: time.Now().UnixNano()})
	}
	if p != nil {
		p.begun.tick()
	}
}

func relayedOf(m *pubsub.Message) *relayed {
	id := m.ID
	if id == "" {
		id = messageID(m.Data)
	}
	return &relayed{raw: m.Message, data: m.Data, topic: m.GetTopic(), id: id}
}

// SendRPC is called when a peer's queue has taken an RPC.
func (t *tracer) SendRPC(rpc *pubsub.RPC, to peer.ID) {
	t.counts.sent(rpc)
	if len(rpc.Publish) == 0 {
		return
	}
	now := time.Now().UnixNano()
	for _, raw := range rpc.Publish {
		m := t.messageOf(raw)
		t.countSend(m)
		t.feed.tell(happening{kind: sent, message: m, peer: to, timeNs: now})
		t.mutex.Lock()
		if p := t.pendingOf(m.data); p != nil {
			p.sent++
		}
		t.mutex.Unlock()
	}
}

// countSend knows what was published or passed on right now; what a peer asked for is neither.
func (t *tracer) countSend(m *relayed) {
	if m != t.current {
		return
	}
	what := messagesRebroadcasted
	if t.isOwn {
		what = messagesPublished
	}
	t.counts.of(m.topic).kinds[what].Inc()
}

// DropRPC is called when a peer's queue is full or an RPC too large.
func (t *tracer) DropRPC(rpc *pubsub.RPC, _ peer.ID) {
	for _, raw := range rpc.Publish {
		t.mutex.Lock()
		if p := t.pendingOf(raw.GetData()); p != nil {
			p.dropped++
		}
		t.mutex.Unlock()
	}
}

// messageOf knows the message at hand; another one was asked for by a peer, as an answer to gossip.
func (t *tracer) messageOf(raw *pubsub_pb.Message) *relayed {
	if t.current != nil && t.current.raw == raw {
		return t.current
	}
	return &relayed{raw: raw, data: raw.GetData(), topic: raw.GetTopic(), id: messageID(raw.GetData())}
}

// AddPeer is called for a peer with a stream of the relay.
func (t *tracer) AddPeer(peer.ID, protocol.ID) { t.counts.greeted() }

// Join is called when a topic is subscribed; grafts follow.
func (t *tracer) Join(topic string) { t.counts.joined(topic) }

// ValidateMessage is of no interest.
func (t *tracer) ValidateMessage(*pubsub.Message) {}

// RejectMessage runs on the goroutines of validators as well.
func (t *tracer) RejectMessage(m *pubsub.Message, reason string) {
	if m.ReceivedFrom != t.self {
		t.counts.refused(reason)
	}
}

// DuplicateMessage runs on the goroutines of validators as well.
func (t *tracer) DuplicateMessage(m *pubsub.Message) {
	if m.ReceivedFrom != t.self {
		t.counts.plain[receivedAgain].Inc()
	}
}

// ThrottlePeer is of no interest.
func (t *tracer) ThrottlePeer(peer.ID) {}

// RecvRPC is called with all that a peer has sent.
func (t *tracer) RecvRPC(rpc *pubsub.RPC) { t.counts.heard(rpc) }
