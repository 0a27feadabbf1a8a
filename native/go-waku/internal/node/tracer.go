package node

import (
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pubsub_pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/waku-org/go-waku/waku/v2/hash"
)

// tracer sees what gossipsub really does: each delivery, each send, the mesh. Its methods run on gossipsub's own
// goroutine, which does everything else too: they never wait.
//
// Of this node's own messages gossipsub traces no delivery. But it traces what a subscription could not take, own
// messages included: a subscription without a buffer that nobody reads (see probes) makes it tell of each message,
// right before it sends it.
type tracer struct {
	self peer.ID
	feed *feed

	mutex   sync.Mutex
	pending map[string]*publication

	// Of gossipsub's goroutine alone: the message at hand, which is sent to its peers next.
	current *relayed
	mesh    map[string]map[peer.ID]struct{}
	health  map[string]string
}

// publication is a message of ours that is being published.
type publication struct {
	// Gossipsub took it: it was not a duplicate. Set before the publish call returns.
	accepted bool
	// Closed when gossipsub's goroutine has begun with it; the sends follow at once.
	begun chan struct{}
	// Guarded by the tracer's mutex.
	sent, dropped int
}

func newTracer(self peer.ID, feed *feed) *tracer {
	return &tracer{
		self:    self,
		feed:    feed,
		pending: map[string]*publication{},
		mesh:    map[string]map[peer.ID]struct{}{},
		health:  map[string]string{},
	}
}

func messageID(data []byte) string { return string(hash.SHA256(data)) }

// expect begins to watch one message of ours. False: the same one is being published already.
func (t *tracer) expect(id string) (*publication, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.pending[id] != nil {
		return nil, false
	}
	p := &publication{begun: make(chan struct{})}
	t.pending[id] = p
	return p, true
}

func (t *tracer) forget(id string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	delete(t.pending, id)
}

func (t *tracer) counts(p *publication) (accepted bool, sent, dropped int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return p.accepted, p.sent, p.dropped
}

// accept is called by the validator, within the publish call.
func (t *tracer) accept(id string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if p := t.pending[id]; p != nil {
		p.accepted = true
	}
}

// DeliverMessage is called for messages of others.
func (t *tracer) DeliverMessage(m *pubsub.Message) {
	t.current = relayedOf(m)
	t.feed.tell(happening{kind: received, message: t.current, peer: m.ReceivedFrom, timeNs: time.Now().UnixNano()})
}

// UndeliverableMessage is called for every message: see above.
func (t *tracer) UndeliverableMessage(m *pubsub.Message) {
	if m.ReceivedFrom != t.self || (t.current != nil && t.current.raw == m.Message) {
		return
	}
	t.current = relayedOf(m)
	t.feed.tell(happening{kind: echoed, message: t.current})
	t.mutex.Lock()
	if p := t.pending[t.current.id]; p != nil {
		close(p.begun)
	}
	t.mutex.Unlock()
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
	if len(rpc.Publish) == 0 {
		return
	}
	now := time.Now().UnixNano()
	for _, raw := range rpc.Publish {
		m := t.messageOf(raw)
		t.feed.tell(happening{kind: sent, message: m, peer: to, timeNs: now})
		t.mutex.Lock()
		if p := t.pending[m.id]; p != nil {
			p.sent++
		}
		t.mutex.Unlock()
	}
}

// DropRPC is called when a peer's queue is full or an RPC too large.
func (t *tracer) DropRPC(rpc *pubsub.RPC, _ peer.ID) {
	for _, raw := range rpc.Publish {
		id := t.messageOf(raw).id
		t.mutex.Lock()
		if p := t.pending[id]; p != nil {
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

// AddPeer is of no interest.
func (t *tracer) AddPeer(peer.ID, protocol.ID) {}

// Join is of no interest: grafts follow.
func (t *tracer) Join(string) {}

// ValidateMessage is of no interest.
func (t *tracer) ValidateMessage(*pubsub.Message) {}

// RejectMessage is of no interest.
func (t *tracer) RejectMessage(*pubsub.Message, string) {}

// DuplicateMessage is of no interest.
func (t *tracer) DuplicateMessage(*pubsub.Message) {}

// ThrottlePeer is of no interest.
func (t *tracer) ThrottlePeer(peer.ID) {}

// RecvRPC is of no interest.
func (t *tracer) RecvRPC(*pubsub.RPC) {}
