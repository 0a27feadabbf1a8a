package node

import (
	"fmt"
	"strings"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/p2p/transport/websocket"
	"github.com/multiformats/go-multiaddr"
	"github.com/waku-org/go-waku/waku/v2/peerstore"
)

// startHost listens. Nothing outside is contacted: no NAT gateway, no circuit relay, no hole punching.
func (r *running) startHost() error {
	s := r.node.settings
	plainStore, err := pstoremem.NewPeerstore()
	if err != nil {
		return err
	}
	listen := r.node.listenAddresses()
	r.connections = newConnections(r.node.feed, s.MaxConnections, s.ColocationLimit)
	options := []libp2p.Option{
		libp2p.Identity(r.node.key),
		libp2p.UserAgent(s.AgentString),
		libp2p.Peerstore(peerstore.NewWakuPeerstore(plainStore)),
		// With SO_REUSEPORT, libp2p's default, a busy port would raise no error.
		libp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()),
		libp2p.Transport(websocket.New),
		libp2p.Security(noise.ID, r.bytes.noise),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ListenAddrs(listen...),
		libp2p.AddrsFactory(r.node.advertised),
		libp2p.ConnectionGater(r.connections),
		// Its limits per address would drop the peers of one machine; ours are maxConnections and colocationLimit.
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.PrometheusRegisterer(r.metrics),
		libp2p.DisableRelay(),
		libp2p.DisableIdentifyAddressDiscovery(),
	}
	host, err := libp2p.New(options...)
	if err != nil {
		return listenError(err)
	}
	r.host = host
	r.onClose(func() { _ = host.Close() })
	// libp2p is content when one of several addresses could be listened on.
	if listening := host.Network().ListenAddresses(); len(listening) < len(listen) {
		return fmt.Errorf("address already in use: listening on %v only, not on all of %v", listening, listen)
	}
	return r.watchConnections()
}

func (n *Node) listenAddresses() []multiaddr.Multiaddr {
	s := n.settings
	kind := "ip4"
	if s.ListenAddress.To4() == nil {
		kind = "ip6"
	}
	base := fmt.Sprintf("/%s/%s/tcp/", kind, s.ListenAddress)
	addresses := []multiaddr.Multiaddr{multiaddr.StringCast(fmt.Sprintf("%s%d", base, s.TCPPort))}
	if s.WebsocketSupport {
		addresses = append(addresses, multiaddr.StringCast(fmt.Sprintf("%s%d/ws", base, s.WebsocketPort)))
	}
	return addresses
}

// advertised puts what the configuration names in front of what the system knows.
func (n *Node) advertised(found []multiaddr.Multiaddr) []multiaddr.Multiaddr {
	all := append([]multiaddr.Multiaddr(nil), n.settings.ExtMultiAddrs...)
	if ip := n.settings.ExternalIP; ip != nil {
		kind := "ip4"
		if ip.To4() == nil {
			kind = "ip6"
		}
		external := multiaddr.StringCast("/" + kind + "/" + ip.String())
		for _, address := range found {
			_, rest := multiaddr.SplitFirst(address)
			all = append(all, external.Encapsulate(rest))
		}
	}
	return multiaddr.Unique(append(all, found...))
}

// listenError has the same words on every system.
func listenError(err error) error {
	if strings.Contains(err.Error(), "Only one usage of each socket address") {
		return fmt.Errorf("address already in use: %w", err)
	}
	return err
}
