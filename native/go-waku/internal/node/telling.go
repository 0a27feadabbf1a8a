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
			m.waku, _ = pb.Unmarshal(m.data)
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
		Peer:         f.shortPeer(h.peer),
		Topic:        h.message.topic,
		Hash:         h.message.hash,
		MessageID:    h.message.id,
		TimeNs:       h.timeNs,
		PayloadBytes: len(waku.Payload),
	})
}

func (f *feed) shortPeer(id peer.ID) string {
	short, known := f.short[id]
	if !known {
		const manyPeers = 10_000
		if len(f.short) > manyPeers {
			f.short = map[peer.ID]string{}
		}
		short = journal.ShortPeer(id.String())
		f.short[id] = short
	}
	return short
}

func (f *feed) addEvent(h *happening) {
	f.text = f.text[:0]
	switch h.kind {
	case received, echoed, filtered:
		waku := h.message.decode()
		if waku == nil {
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
	f.emit(0, f.text)
}
