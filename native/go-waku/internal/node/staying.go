package node

import (
	"context"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"

	"waku-desk/native/go-waku/internal/journal"
)

const (
	firstRetry     = time.Second
	longestRetry   = 30 * time.Second
	dialTimeout    = 10 * time.Second
	keepAliveEvery = time.Minute
	lookEvery      = time.Second
)

// keepConnected holds the connection to a static node, and tries again ever more seldom while that fails.
func (r *running) keepConnected(address string) {
	info, err := addressOf(address)
	if err != nil {
		r.node.journal.Log(journal.Error, "waku node", "static node is no address", func(line *journal.Line) {
			line.Text("reason", err.Error())
		})
		return
	}
	retry := firstRetry
	for {
		ctx, cancel := context.WithTimeout(r.ctx, dialTimeout)
		err := r.connect(ctx, info)
		cancel()
		if err == nil {
			retry = firstRetry
			for r.host.Network().Connectedness(info.ID) == network.Connected {
				if !r.sleep(lookEvery) {
					return
				}
			}
			continue
		}
		if r.ctx.Err() != nil {
			return
		}
		r.node.journal.Log(journal.Info, "waku node", "could not connect to static node", func(line *journal.Line) {
			line.Text("address", address)
			line.Text("reason", err.Error())
		})
		if !r.sleep(retry) {
			return
		}
		retry = min(2*retry, longestRetry)
	}
}

// keepAlive pings all peers, so that nothing on the way forgets the connections.
func (r *running) keepAlive() {
	for r.sleep(keepAliveEvery) {
		for _, id := range r.host.Network().Peers() {
			ctx, cancel := context.WithTimeout(r.ctx, dialTimeout)
			select {
			case <-ping.Ping(ctx, r.host, id):
			case <-ctx.Done():
			}
			cancel()
		}
	}
}

// sleep answers false when the node stops.
func (r *running) sleep(pause time.Duration) bool {
	select {
	case <-time.After(pause):
		return true
	case <-r.ctx.Done():
		return false
	}
}
