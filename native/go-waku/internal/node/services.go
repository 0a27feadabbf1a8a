package node

import (
	"errors"
	"math"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/waku-org/go-waku/waku/v2/onlinechecker"
	"github.com/waku-org/go-waku/waku/v2/protocol/filter"
	"github.com/waku-org/go-waku/waku/v2/protocol/lightpush"
	"github.com/waku-org/go-waku/waku/v2/protocol/store"
	"github.com/waku-org/go-waku/waku/v2/timesource"
	"golang.org/x/time/rate"
)

// errNoSuitablePeer is the answer when no connected peer offers the service.
var errNoSuitablePeer = errors.New("no suitable peer: none that is connected offers this service")

// startServices starts the clients of filter, lightpush and store, and the services that the configuration asks for.
func (r *running) startServices() error {
	clock := timesource.NewDefaultClock()
	log := r.node.log
	online := onlinechecker.NewDefaultOnlineChecker(true)
	r.filterClient = filter.NewWakuFilterLightNode(filterInbox{feed: r.node.feed}, nil, clock, online, r.metrics, log,
		filter.WithLightNodeRateLimiter(rate.Inf, 1))
	r.filterClient.SetHost(r.host)
	if err := r.filterClient.Start(r.ctx); err != nil {
		return err
	}
	r.onClose(r.filterClient.Stop)

	r.lightpush = lightpush.NewWakuLightPush(r.relay, nil, r.metrics, log, lightpush.WithRateLimiter(rate.Inf, 1))
	r.lightpush.SetHost(r.host)
	r.store = store.NewWakuStore(nil, clock, log, rate.Inf)
	r.store.SetHost(r.host)
	r.addGauges()

	if r.node.settings.Lightpush {
		if err := r.lightpush.Start(r.ctx); err != nil {
			return err
		}
		r.onClose(r.lightpush.Stop)
	}
	if !r.node.settings.Filter {
		return nil
	}
	r.filterService = filter.NewWakuFilterFullNode(clock, r.metrics, log, filter.WithFullNodeRateLimiter(rate.Inf, 1),
		filter.WithMaxSubscribers(math.MaxInt32))
	r.filterService.SetHost(r.host)
	if err := r.filterService.Start(r.ctx, r.broadcaster.RegisterForAll()); err != nil {
		return err
	}
	r.onClose(r.filterService.Stop)
	return nil
}

// provider is a connected peer that offers a service, one that has the topic's shard if there is one.
func (r *running) provider(service protocol.ID, topic string) (peer.ID, error) {
	offering := r.offering(service)
	if len(offering) == 0 {
		return "", errNoSuitablePeer
	}
	for _, id := range offering {
		if r.hasTopic(id, topic) {
			return id, nil
		}
	}
	return offering[0], nil
}

func (r *running) hasTopic(id peer.ID, topic string) bool {
	for _, shard := range r.metadata.shardsOf(id) {
		if shard <= math.MaxUint16 && r.topicOf(uint16(shard)) == topic {
			return true
		}
	}
	return false
}
