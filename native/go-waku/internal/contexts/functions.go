package contexts

import (
	"context"
	"strconv"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"waku-desk/native/go-waku/internal/node"
)

// function is one of the ABI. `timeout`: its first number is a time limit in ms.
type function struct {
	run     func(ctx context.Context, n *node.Node, a Arguments) (string, error)
	timeout bool
}

func (f function) limit(a Arguments) time.Duration {
	if f.timeout && a.Number1 > 0 {
		return time.Duration(a.Number1) * time.Millisecond
	}
	return unlimited
}

// functions are those of generation-b.h and gowaku.h, but for waku_new, waku_set_event_callback and waku_destroy.
var functions = map[string]function{
	"waku_start":   {run: ok(func(ctx context.Context, n *node.Node, _ Arguments) error { return n.Start(ctx) })},
	"waku_stop":    {run: ok(func(_ context.Context, n *node.Node, _ Arguments) error { return n.Stop() })},
	"waku_version": {run: func(context.Context, *node.Node, Arguments) (string, error) { return node.Version(), nil }},

	"waku_relay_publish": {timeout: true, run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.RelayPublish(ctx, a.Text1, a.Text2)
	}},
	"gowaku_relay_publish_many": {timeout: true, run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.RelayPublishMany(ctx, a.Bytes)
	}},
	"waku_relay_subscribe": {run: ok(func(_ context.Context, n *node.Node, a Arguments) error {
		return n.RelaySubscribe(a.Text1)
	})},
	"waku_relay_unsubscribe": {run: ok(func(_ context.Context, n *node.Node, a Arguments) error {
		return n.RelayUnsubscribe(a.Text1)
	})},
	"waku_relay_add_protected_shard": {run: ok(func(_ context.Context, n *node.Node, a Arguments) error {
		return n.ProtectShard(a.Number1, a.Number2, a.Text1)
	})},
	"waku_relay_get_connected_peers":     {run: peersOf((*node.Node).RelayPeers, node.List)},
	"waku_relay_get_num_connected_peers": {run: peersOf((*node.Node).RelayPeers, count)},
	"waku_relay_get_peers_in_mesh":       {run: peersOf((*node.Node).MeshPeers, node.List)},
	"waku_relay_get_num_peers_in_mesh":   {run: peersOf((*node.Node).MeshPeers, count)},

	"waku_connect": {timeout: true, run: ok(func(ctx context.Context, n *node.Node, a Arguments) error {
		return n.Connect(ctx, a.Text1)
	})},
	"waku_dial_peer": {timeout: true, run: ok(func(ctx context.Context, n *node.Node, a Arguments) error {
		return n.Dial(ctx, a.Text1, a.Text2)
	})},
	"waku_dial_peer_by_id": {timeout: true, run: ok(func(ctx context.Context, n *node.Node, a Arguments) error {
		return n.DialByID(ctx, a.Text1, a.Text2)
	})},
	"waku_disconnect_peer_by_id": {run: ok(func(_ context.Context, n *node.Node, a Arguments) error {
		return n.Disconnect(a.Text1)
	})},
	"waku_disconnect_all_peers": {run: ok(func(_ context.Context, n *node.Node, _ Arguments) error {
		return n.DisconnectAll()
	})},
	"waku_ping_peer": {timeout: true, run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		roundTrip, err := n.Ping(ctx, a.Text1)
		return strconv.FormatInt(roundTrip.Nanoseconds(), 10), err
	}},

	"waku_get_connected_peers":        {run: plain((*node.Node).ConnectedPeers)},
	"waku_get_connected_peers_info":   {run: plain((*node.Node).ConnectedPeersInfo)},
	"waku_get_peerids_from_peerstore": {run: plain((*node.Node).KnownPeers)},
	"waku_listen_addresses":           {run: plain((*node.Node).ListenAddresses)},
	"waku_get_metrics":                {run: plain((*node.Node).Metrics)},
	"waku_get_my_enr":                 {run: plain(func(n *node.Node) (string, error) { return n.ENR(), nil })},
	"waku_get_my_peerid":              {run: plain(func(n *node.Node) (string, error) { return n.PeerID(), nil })},
	"waku_is_online": {run: plain(func(n *node.Node) (string, error) {
		return strconv.FormatBool(n.IsOnline()), nil
	})},
	"waku_get_peerids_by_protocol": {run: func(_ context.Context, n *node.Node, a Arguments) (string, error) {
		return n.PeersByProtocol(a.Text1)
	}},

	"waku_start_discv5": {run: ok(func(_ context.Context, n *node.Node, _ Arguments) error { return n.StartDiscv5() })},
	"waku_stop_discv5":  {run: ok(func(_ context.Context, n *node.Node, _ Arguments) error { return n.StopDiscv5() })},
	"waku_discv5_update_bootnodes": {run: ok(func(_ context.Context, n *node.Node, a Arguments) error {
		return n.UpdateBootnodes(a.Text1)
	})},
	"waku_dns_discovery": {timeout: true, run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.DNSDiscovery(ctx, a.Text1, a.Text2)
	}},
	"waku_peer_exchange_request": {run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.PeerExchange(ctx, a.Number1)
	}},

	"waku_store_query": {timeout: true, run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.StoreQuery(ctx, a.Text1, a.Text2)
	}},
	"waku_lightpush_publish": {run: func(ctx context.Context, n *node.Node, a Arguments) (string, error) {
		return n.LightpushPublish(ctx, a.Text1, a.Text2)
	}},
	"waku_filter_subscribe": {run: ok(func(ctx context.Context, n *node.Node, a Arguments) error {
		return n.FilterSubscribe(ctx, a.Text1, a.Text2)
	})},
	"waku_filter_unsubscribe": {run: ok(func(ctx context.Context, n *node.Node, a Arguments) error {
		return n.FilterUnsubscribe(ctx, a.Text1, a.Text2)
	})},
	"waku_filter_unsubscribe_all": {run: ok(func(ctx context.Context, n *node.Node, _ Arguments) error {
		return n.FilterUnsubscribeAll(ctx)
	})},
}

type run = func(ctx context.Context, n *node.Node, a Arguments) (string, error)

// ok answers an empty text.
func ok(do func(ctx context.Context, n *node.Node, a Arguments) error) run {
	return func(ctx context.Context, n *node.Node, a Arguments) (string, error) { return "", do(ctx, n, a) }
}

func plain(get func(*node.Node) (string, error)) run {
	return func(_ context.Context, n *node.Node, _ Arguments) (string, error) { return get(n) }
}

func peersOf(get func(*node.Node, string) ([]peer.ID, error), form func([]peer.ID) string) run {
	return func(_ context.Context, n *node.Node, a Arguments) (string, error) {
		ids, err := get(n, a.Text1)
		if err != nil {
			return "", err
		}
		return form(ids), nil
	}
}

func count(ids []peer.ID) string { return strconv.Itoa(len(ids)) }
