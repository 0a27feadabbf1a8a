package node

import (
	"net"
	"sync/atomic"

	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// connections tells of peers that come and go, and refuses those beyond the limits of the configuration.
type connections struct {
	feed     *feed
	max      int
	maxPerIP int
	network  atomic.Pointer[network.Network]
}

func newConnections(feed *feed, max, maxPerIP int) *connections {
	return &connections{feed: feed, max: max, maxPerIP: maxPerIP}
}

// watchConnections makes the events of connection_change.
func (r *running) watchConnections() error {
	swarm := r.host.Network()
	r.connections.network.Store(&swarm)
	identified, err := r.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return err
	}
	notify := &network.NotifyBundle{
		ConnectedF: func(n network.Network, c network.Conn) {
			// A second connection to the same peer is no news.
			if len(n.ConnsToPeer(c.RemotePeer())) == 1 {
				r.node.feed.connection(c.RemotePeer(), "Joined")
			}
			r.metadata.connected(c)
		},
		DisconnectedF: func(n network.Network, c network.Conn) {
			if n.Connectedness(c.RemotePeer()) == network.NotConnected {
				r.metadata.forget(c.RemotePeer())
				r.node.feed.connection(c.RemotePeer(), "Left")
			}
		},
	}
	r.metadata = newMetadata(r)
	swarm.Notify(notify)
	r.goSafely(func() {
		defer identified.Close()
		for {
			select {
			case <-r.ctx.Done():
				return
			case told, open := <-identified.Out():
				if !open {
					return
				}
				if completed, ok := told.(event.EvtPeerIdentificationCompleted); ok {
					r.node.feed.connection(completed.Peer, "Identified")
				}
			}
		}
	})
	return nil
}

// InterceptPeerDial allows every dial.
func (c *connections) InterceptPeerDial(peer.ID) bool { return true }

// InterceptAddrDial allows every dial.
func (c *connections) InterceptAddrDial(peer.ID, multiaddr.Multiaddr) bool { return true }

// InterceptAccept refuses connections before anything is spent on them.
func (c *connections) InterceptAccept(addresses network.ConnMultiaddrs) bool {
	return c.hasRoom(addresses.RemoteMultiaddr())
}

// InterceptSecured allows: who the peer is does not matter.
func (c *connections) InterceptSecured(network.Direction, peer.ID, network.ConnMultiaddrs) bool {
	return true
}

// InterceptUpgraded looks again, because several may have been accepted at the same time.
func (c *connections) InterceptUpgraded(conn network.Conn) (bool, control.DisconnectReason) {
	return conn.Stat().Direction != network.DirInbound || c.hasRoom(conn.RemoteMultiaddr()), 0
}

func (c *connections) hasRoom(remote multiaddr.Multiaddr) bool {
	swarm := c.network.Load()
	if swarm == nil || (c.max == 0 && c.maxPerIP == 0) {
		return true
	}
	open := (*swarm).Conns()
	if c.max > 0 && len(open) >= c.max {
		return false
	}
	ip, err := manet.ToIP(remote)
	if err != nil || c.maxPerIP == 0 {
		return true
	}
	return inboundFrom(open, ip) < c.maxPerIP
}

func inboundFrom(open []network.Conn, ip net.IP) int {
	count := 0
	for _, conn := range open {
		if conn.Stat().Direction != network.DirInbound {
			continue
		}
		if other, err := manet.ToIP(conn.RemoteMultiaddr()); err == nil && other.Equal(ip) {
			count++
		}
	}
	return count
}
