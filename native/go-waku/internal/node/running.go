package node

import (
	"context"
	"sync"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/waku-org/go-waku/waku/v2/protocol/filter"
	"github.com/waku-org/go-waku/waku/v2/protocol/lightpush"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"github.com/waku-org/go-waku/waku/v2/protocol/store"
)

// running is what exists between start and stop.
type running struct {
	node    *Node
	ctx     context.Context
	cancel  context.CancelFunc
	host    host.Host
	metrics *prometheus.Registry
	bytes   networkBytes
	dials   dials

	metadata    *metadata
	connections *connections
	// Nil without relay.
	relay       *relay.WakuRelay
	tracer      *tracer
	settling    *settling
	probes      *probes
	broadcaster relay.Broadcaster

	filterClient  *filter.WakuFilterLightNode
	filterSubs    filterSubscriptions
	filterService *filter.WakuFilterFullNode
	lightpush     *lightpush.WakuLightPush
	store         *store.WakuStore
	discovery     *discovery

	// What has to be undone, in the order in which it was done.
	undo []func()
	// The goroutines of this node.
	work sync.WaitGroup
}

// start makes everything, or nothing.
func (n *Node) start(_ context.Context) (*running, error) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{node: n, ctx: ctx, cancel: cancel, metrics: prometheus.NewRegistry()}
	for _, step := range []func() error{
		r.startHost, r.startMetadata, r.startRelay, r.startServices, r.updateENR, r.startDiscovery, r.subscribeConfigured,
	} {
		if err := step(); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

// begin starts what acts by itself.
func (r *running) begin() {
	for _, address := range r.node.settings.StaticNodes {
		r.goSafely(func() { r.keepConnected(address) })
	}
	if r.node.settings.KeepAlive {
		r.goSafely(r.keepAlive)
	}
}

func (r *running) onClose(undo func()) { r.undo = append(r.undo, undo) }

func (r *running) close() {
	r.cancel()
	for i := len(r.undo) - 1; i >= 0; i-- {
		r.undo[i]()
	}
	r.work.Wait()
}

// goSafely runs a goroutine that close waits for. It has to end with ctx.
func (r *running) goSafely(work func()) {
	r.work.Add(1)
	go func() {
		defer r.work.Done()
		defer r.node.recoverLogged()
		work()
	}()
}
