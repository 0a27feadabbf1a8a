package node

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/multiformats/go-multiaddr"
)

// Connect resolves once the peer is connected, identified, and known to be of this node's cluster.
func (n *Node) Connect(ctx context.Context, address string) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	info, err := r.find(ctx, address)
	if err != nil {
		return err
	}
	return r.connect(ctx, info)
}

func (r *running) connect(ctx context.Context, info *peer.AddrInfo) error {
	if info.ID == r.node.id {
		return errors.New("that is this node itself")
	}
	if r.host.Network().Connectedness(info.ID) != network.Connected {
		if len(info.Addrs) == 0 && len(r.host.Peerstore().Addrs(info.ID)) == 0 {
			return fmt.Errorf("%s is not connected, and no address of it is known", info.ID)
		}
		// Somebody who calls again does not want to hear of an earlier attempt.
		if dialer, ok := r.host.Network().(*swarm.Swarm); ok {
			dialer.Backoff().Clear(info.ID)
		}
		// The address that was named is dialled, and none that the peer told of itself before: who names a proxy means it.
		if len(info.Addrs) > 0 {
			r.host.Peerstore().ClearAddrs(info.ID)
		}
		if err := r.dials.count(r.host.Connect(ctx, *info)); err != nil {
			return err
		}
	}
	return r.metadata.wait(ctx, info.ID)
}

// addressOf reads a multiaddr that names a peer; it may have no address, only /p2p/<id>.
func addressOf(text string) (*peer.AddrInfo, error) {
	address, err := multiaddr.NewMultiaddr(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no multiaddr: %w", text, err)
	}
	info, err := peer.AddrInfoFromP2pAddr(address)
	if err != nil {
		return nil, fmt.Errorf("%q names no peer: %w", text, err)
	}
	return info, nil
}

func peerOf(text string) (peer.ID, error) {
	id, err := peer.Decode(text)
	if err != nil {
		return "", fmt.Errorf("%q is no peer id: %w", text, err)
	}
	return id, nil
}

// Dial connects, then opens a stream of a protocol and closes it again.
func (n *Node) Dial(ctx context.Context, address, protocolID string) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	info, err := addressOf(address)
	if err != nil {
		return err
	}
	return r.dial(ctx, info, protocolID)
}

// DialByID is Dial for a peer whose address is known already.
func (n *Node) DialByID(ctx context.Context, id, protocolID string) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	decoded, err := peerOf(id)
	if err != nil {
		return err
	}
	return r.dial(ctx, &peer.AddrInfo{ID: decoded}, protocolID)
}

func (r *running) dial(ctx context.Context, info *peer.AddrInfo, protocolID string) error {
	if err := r.connect(ctx, info); err != nil {
		return err
	}
	stream, err := r.host.NewStream(ctx, info.ID, protocol.ID(protocolID))
	if err != nil {
		return err
	}
	return stream.Close()
}

// Disconnect closes all connections to a peer.
func (n *Node) Disconnect(id string) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	decoded, err := peerOf(id)
	if err != nil {
		return err
	}
	return r.host.Network().ClosePeer(decoded)
}

// DisconnectAll closes all connections.
func (n *Node) DisconnectAll() error {
	r, err := n.started()
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range r.host.Network().Peers() {
		failed = append(failed, r.host.Network().ClosePeer(id))
	}
	return errors.Join(failed...)
}

// Ping answers the round trip. A peer that is not connected is connected first, if an address is known.
func (n *Node) Ping(ctx context.Context, address string) (time.Duration, error) {
	r, err := n.started()
	if err != nil {
		return 0, err
	}
	info, err := addressOf(address)
	if err != nil {
		return 0, err
	}
	if err := r.connect(ctx, info); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case result := <-ping.Ping(ctx, r.host, info.ID):
		return result.RTT, result.Error
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// list is the form of all lists in answers.
func list(ids []peer.ID) string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, id.String())
	}
	sort.Strings(texts)
	return strings.Join(texts, ",")
}
