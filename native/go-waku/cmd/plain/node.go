//go:build !windows

package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	golog "github.com/ipfs/go-log/v2"
	"github.com/libp2p/go-libp2p"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/waku-org/go-waku/waku/v2/peerstore"
	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"github.com/waku-org/go-waku/waku/v2/timesource"
	"go.uber.org/zap"
)

const (
	// As bench/load.ts.
	clusterID = 16
	shard     = 32

	// As libgowaku's: internal/node/relay.go and the default of internal/settings.
	validateQueue  = 16_384
	peerQueue      = 16_384
	maxMessageSize = 150 * 1024

	meshTimeout = 20 * time.Second
)

var topic = protocol.NewStaticShardingPubsubTopic(clusterID, shard).String()

type node struct {
	host    host.Host
	relay   *relay.WakuRelay
	address string
	sender  sender
	tally   atomic.Pointer[tally]
}

func start() (*node, error) {
	golog.SetAllLoggers(golog.LevelError)
	h, err := newHost()
	if err != nil {
		return nil, err
	}
	n := &node{host: h, address: fmt.Sprintf("%s/p2p/%s", h.Addrs()[0], h.ID())}
	ctx := context.Background()
	broadcaster := relay.NewBroadcaster(1024)
	if err := broadcaster.Start(ctx); err != nil {
		return nil, err
	}
	n.relay = relay.NewWakuRelay(broadcaster, 0, timesource.NewDefaultClock(), prometheus.NewRegistry(), zap.NewNop(),
		relay.WithMaxMsgSize(maxMessageSize),
		relay.WithPubSubOptions([]pubsub.Option{
			pubsub.WithMaxMessageSize(maxMessageSize),
			pubsub.WithRawTracer(&n.sender),
			pubsub.WithValidateQueueSize(validateQueue),
			pubsub.WithValidateThrottle(validateQueue),
			pubsub.WithPeerOutboundQueueSize(peerQueue),
		}))
	n.relay.SetHost(h)
	if err := n.relay.Start(ctx); err != nil {
		return nil, err
	}
	subscriptions, err := n.relay.Subscribe(ctx, protocol.NewContentFilter(topic))
	if err != nil {
		return nil, err
	}
	go func() {
		for envelope := range subscriptions[0].Ch {
			if t := n.tally.Load(); t != nil {
				t.add(envelope.Message().Payload, monotonicNs())
			}
		}
	}()
	return n, nil
}

func newHost() (host.Host, error) {
	plainStore, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, err
	}
	return libp2p.New(
		libp2p.Peerstore(peerstore.NewWakuPeerstore(plainStore)),
		libp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.PrometheusRegisterer(prometheus.NewRegistry()),
		libp2p.DisableRelay(),
		libp2p.DisableIdentifyAddressDiscovery(),
	)
}

// connect returns when the peer has told that it is subscribed.
func (n *node) connect(address string) error {
	info, err := peer.AddrInfoFromString(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), meshTimeout)
	defer cancel()
	if err := n.host.Connect(ctx, *info); err != nil {
		return err
	}
	for len(n.relay.PubSub().ListPeers(topic)) == 0 {
		if ctx.Err() != nil {
			return errors.New("the peer is not on the topic")
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}
