package journal

import (
	"encoding/hex"
	"time"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"waku-desk/native/go-waku/internal/message"
)

// Transfer is one relay message on its way from or to one peer.
type Transfer struct {
	Sent bool
	// Of this node and of the other, as ShortPeer gives them.
	MyPeer, Peer string
	Topic        string
	Hash         pb.MessageHash
	// The gossipsub id, raw.
	MessageID    string
	TimeNs       int64
	PayloadBytes int
}

// AppendTransfer adds the line that nwaku writes for each message and peer, and that measurements read.
func (j *Journal) AppendTransfer(buffer []byte, t *Transfer) []byte {
	if !j.Writes(Notice) {
		return buffer
	}
	text, peer, at := "received relay message", "from_peer_id", "receivedTime"
	if t.Sent {
		text, peer, at = "sent relay message", "to_peer_id", "sentTime"
	}
	line := j.Begin(buffer, Notice, time.Unix(0, t.TimeNs), "waku relay", text, "tracer.go")
	line.Bytes("my_peer_id", []byte(t.MyPeer))
	var scratch [72]byte
	line.Bytes("msg_hash", message.AppendHash(scratch[:0], t.Hash))
	line.Bytes("msg_id", appendShortID(scratch[:0], t.MessageID))
	line.Bytes(peer, []byte(t.Peer))
	line.Text("topic", t.Topic)
	line.Int(at, t.TimeNs)
	line.Int("payloadSizeBytes", int64(t.PayloadBytes))
	return line.End()
}

// ShortPeer is the first three and the last six characters of a peer id, as nwaku shortens them.
func ShortPeer(id string) string {
	if len(id) <= 10 {
		return id
	}
	return id[:3] + "*" + id[len(id)-6:]
}

// Six bytes of each end in hexadecimal digits.
func appendShortID(to []byte, id string) []byte {
	const shown = 6
	if len(id) <= 2*shown {
		return hex.AppendEncode(to, []byte(id))
	}
	to = hex.AppendEncode(to, []byte(id[:shown]))
	to = append(to, "..."...)
	return hex.AppendEncode(to, []byte(id[len(id)-shown:]))
}
