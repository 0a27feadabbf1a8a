package node

import (
	pubsub_pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/waku-org/go-waku/waku/v2/protocol/pb"

	"waku-desk/native/go-waku/internal/journal"
	"waku-desk/native/go-waku/internal/message"
)

// relayed is one message as gossipsub has it. It is decoded where it is told, not where it passes.
type relayed struct {
	// Identity within gossipsub; nil for messages of other protocols.
	raw   *pubsub_pb.Message
	data  []byte
	topic string
	// The gossipsub id.
	id string

	decoded bool
	waku    *pb.WakuMessage
	hash    pb.MessageHash
}

// decode is nil for what is no Waku message: those do not pass the validator.
func (m *relayed) decode() *pb.WakuMessage {
	if !m.decoded {
		m.decoded = true
		if m.waku == nil {
			m.waku = message.FromWire(m.data)
		}
		if m.waku != nil {
			m.hash = m.waku.Hash(m.topic)
		}
	}
	return m.waku
}

func (f *feed) addLine(h *happening) {
	if h.kind != received && h.kind != sent || !f.journal.Writes(journal.Notice) {
		return
	}
	waku := h.message.decode()
	if waku == nil {
		return
	}
	f.lines = f.journal.AppendTransfer(f.lines, &journal.Transfer{
		Sent:         h.kind == sent,
		MyPeer:       f.myPeer,
		Peer:         f.namesOf(h.peer).short,
		Topic:        h.message.topic,
		Hash:         h.message.hash,
		MessageID:    h.message.id,
		TimeNs:       h.timeNs,
		PayloadBytes: len(waku.Payload),
	})
}

type peerNames struct{ full, short string }

func (f *feed) namesOf(id peer.ID) peerNames {
	names, known := f.names[id]
	if !known {
		const manyPeers = 10_000
		if len(f.names) > manyPeers {
			f.names = map[peer.ID]peerNames{}
		}
		names.full = id.String()
		names.short = journal.ShortPeer(names.full)
		f.names[id] = names
	}
	return names
}

// maxBatchBytes is when a batch is told; the message that exceeds it is part of it.
const maxBatchBytes = 64 << 10

// addToBatch is for messages of relay.
func (f *feed) addToBatch(h *happening, waku *pb.WakuMessage) {
	from := ""
	if h.kind == received {
		from = f.namesOf(h.peer).full
	}
	f.came.Add(h.message.topic, h.message.hash, waku, from, h.timeNs)
	if f.came.SizeBytes() >= maxBatchBytes {
		f.tellCame()
	}
}

func (f *feed) tellCame() {
	if f.came.SizeBytes() > 0 {
		f.emit(0, f.came.Take())
	}
}

func (f *feed) addEvent(h *happening) {
	f.text = f.text[:0]
	switch h.kind {
	case received, echoed, filtered:
		waku := h.message.decode()
		if waku == nil {
			return
		}
		if h.kind != filtered {
			f.traffic.count(h.message.topic, len(waku.Payload))
		}
		if f.inBatches && h.kind != filtered {
			f.addToBatch(h, waku)
			return
		}
		via := ""
		if h.kind == filtered {
			via = "filter"
		}
		f.text = message.AppendEvent(f.text, h.message.topic, h.message.hash, waku, via)
	case healthChanged:
		f.text = append(f.text, `{"eventType":"relay_topic_health_change","pubsubTopic":`...)
		f.text = message.AppendString(f.text, h.text)
		f.text = append(f.text, `,"topicHealth":"`...)
		f.text = append(append(f.text, h.state...), `"}`...)
	case connectionChanged:
		f.text = append(f.text, `{"eventType":"connection_change","peerId":"`...)
		f.text = append(f.text, h.peer.String()...)
		f.text = append(f.text, `","peerEvent":"`...)
		f.text = append(append(f.text, h.state...), `"}`...)
	default:
		return
	}
	// In order.
	f.tellCame()
	f.emit(0, f.text)
}
