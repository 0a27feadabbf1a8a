package node

import (
	"context"
	"time"

	"github.com/waku-org/go-waku/waku/v2/protocol/lightpush"

	"waku-desk/native/go-waku/internal/message"
)

// LightpushPublish has a connected lightpush peer send a message, and answers its hash.
func (n *Node) LightpushPublish(ctx context.Context, topic, messageJSON string) (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	m, err := message.Parse(messageJSON, time.Now().UnixNano())
	if err != nil {
		return "", err
	}
	id, err := r.provider(lightpush.LightPushID_v20beta1, topic)
	if err != nil {
		return "", err
	}
	hash, err := r.lightpush.Publish(ctx, m, lightpush.WithPubSubTopic(topic), lightpush.WithPeer(id))
	if err != nil {
		return "", err
	}
	return string(message.AppendHash(nil, hash)), nil
}
