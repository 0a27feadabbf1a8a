package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-msgio/pbio"
	"github.com/waku-org/go-waku/waku/v2/protocol/store"
	"github.com/waku-org/go-waku/waku/v2/protocol/store/pb"
	"google.golang.org/protobuf/proto"

	"waku-desk/native/go-waku/internal/message"
)

func TestALightClientGetsAndSendsMessages(t *testing.T) {
	service := startNode(t, map[string]any{"filter": true, "lightpush": true})
	full, light := startNode(t, nil), startNode(t, map[string]any{"relay": false})
	service.join(full)
	ctx := within(t, 30*time.Second)
	if err := light.FilterSubscribe(ctx, topic, "/test/1/a/proto"); !errors.Is(err, errNoSuitablePeer) {
		t.Errorf("without a peer: %v", err)
	}
	if _, err := light.LightpushPublish(ctx, topic, text(0, 10)); !errors.Is(err, errNoSuitablePeer) {
		t.Errorf("without a peer: %v", err)
	}
	if err := light.Connect(ctx, service.address()); err != nil {
		t.Fatal(err)
	}
	if err := light.FilterSubscribe(ctx, topic, "/test/1/a/proto, /test/1/b/proto"); err != nil {
		t.Fatal(err)
	}
	const count = 50
	for i := range count {
		if _, err := full.RelayPublish(ctx, topic, text(i, 10)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the messages by filter", func() bool { return len(light.messages()) == count })
	if e := light.messages()[0]; e.Via != "filter" || e.PubsubTopic != topic {
		t.Errorf("%+v", e)
	}
	hash, err := light.LightpushPublish(ctx, topic, text(99, 10))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the pushed message", func() bool {
		return len(full.eventsLike(func(e told) bool { return e.MessageHash == hash })) == 1
	})
	eventually(t, "the pushed message by filter", func() bool { return len(light.messages()) == count+1 })
	if err := light.FilterUnsubscribe(ctx, topic, "/test/1/a/proto"); err != nil {
		t.Error(err)
	}
	if err := light.FilterUnsubscribeAll(ctx); err != nil {
		t.Error(err)
	}
	before := len(light.messages())
	if _, err := full.RelayPublish(ctx, topic, text(100, 10)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	if len(light.messages()) != before {
		t.Error("a message came after the unsubscription")
	}
	for _, bad := range []error{light.FilterSubscribe(ctx, topic, " , "), light.FilterSubscribe(ctx, "", "a")} {
		if bad == nil {
			t.Error("a filter without topics was subscribed")
		}
	}
}

// keepStore makes a node answer store queries of version 3: go-waku has no such service.
func keepStore(n *tested, seen *pb.StoreQueryRequest) {
	n.current().host.SetStreamHandler(store.StoreQueryID_v300, func(stream network.Stream) {
		defer stream.Close()
		if pbio.NewDelimitedReader(stream, 1<<20).ReadMsg(seen) != nil {
			return
		}
		m, _ := message.Parse(text(5, 10), 1)
		hash := m.Hash(topic)
		answer := &pb.StoreQueryResponse{
			RequestId: seen.RequestId, StatusCode: proto.Uint32(200), StatusDesc: proto.String("OK"),
			Messages:         []*pb.WakuMessageKeyValue{{MessageHash: hash[:], Message: m, PubsubTopic: proto.String(topic)}},
			PaginationCursor: hash[:],
		}
		if seen.GetPubsubTopic() == "/waku/2/rs/16/1" {
			answer = &pb.StoreQueryResponse{RequestId: seen.RequestId, StatusCode: proto.Uint32(429), StatusDesc: proto.String("slow down")}
		}
		_ = pbio.NewDelimitedWriter(stream).WriteMsg(answer)
	})
}

func TestAStoreIsAsked(t *testing.T) {
	keeper, n := startNode(t, nil), startNode(t, map[string]any{"relay": false})
	var seen pb.StoreQueryRequest
	keepStore(keeper, &seen)
	ctx := within(t, 20*time.Second)
	query := fmt.Sprintf(`{"requestId":"q1","includeData":true,"pubsubTopic":%q,"contentTopics":["/test/1/a/proto"],
		"timeStart":"1795552961620036093","paginationForward":true,"paginationLimit":2}`, topic)
	if _, err := n.StoreQuery(ctx, query, ""); !errors.Is(err, errNoSuitablePeer) {
		t.Errorf("without a peer: %v", err)
	}
	answer, err := n.StoreQuery(ctx, query, keeper.address())
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		RequestID, StatusDesc, PaginationCursor string
		StatusCode                              int
		Messages                                []struct {
			MessageHash, PubsubTopic string
			Message                  struct{ Payload, ContentTopic string }
		}
	}
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		t.Fatal(err)
	}
	if read.RequestID != "q1" || read.StatusCode != 200 || len(read.Messages) != 1 || read.PaginationCursor != read.Messages[0].MessageHash ||
		read.Messages[0].PubsubTopic != topic || read.Messages[0].Message.ContentTopic != "/test/1/a/proto" {
		t.Error(answer)
	}
	if seen.GetTimeStart() != 1_795_552_961_620_036_093 || seen.GetPaginationLimit() != 2 {
		t.Errorf("asked %v", &seen)
	}
	// Now it is connected and known to offer a store.
	eventually(t, "the offer", func() bool {
		_, err := n.StoreQuery(ctx, query, "/p2p/"+keeper.PeerID())
		return err == nil
	})
	if _, err := n.StoreQuery(ctx, strings.ReplaceAll(query, "/32", "/1"), keeper.address()); err == nil || !strings.Contains(err.Error(), "429") {
		t.Errorf("refused query: %v", err)
	}
}
