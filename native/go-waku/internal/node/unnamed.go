package node

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/multiformats/go-multiaddr"
)

// find reads a multiaddr like addressOf. Where it names no peer, the one who answers there is asked who it is: libp2p
// dials only whom it can name, and a handshake with anybody else fails with the name of the one who is there.
func (r *running) find(ctx context.Context, text string) (*peer.AddrInfo, error) {
	address, err := multiaddr.NewMultiaddr(text)
	if err != nil {
		return addressOf(text)
	}
	if _, id := peer.SplitAddr(address); id != "" {
		return addressOf(text)
	}
	for _, conn := range r.host.Network().Conns() {
		if conn.RemoteMultiaddr().Equal(address) {
			return &peer.AddrInfo{ID: conn.RemotePeer(), Addrs: []multiaddr.Multiaddr{address}}, nil
		}
	}
	nobody, err := inventedPeer()
	if err != nil {
		return nil, err
	}
	defer r.host.Peerstore().ClearAddrs(nobody)
	err = r.host.Connect(ctx, peer.AddrInfo{ID: nobody, Addrs: []multiaddr.Multiaddr{address}})
	var mismatch sec.ErrPeerIDMismatch
	if errors.As(err, &mismatch) {
		return &peer.AddrInfo{ID: mismatch.Actual, Addrs: []multiaddr.Multiaddr{address}}, nil
	}
	if err == nil {
		err = errors.New("the peer has an invented name")
	}
	return nil, err
}

func inventedPeer() (peer.ID, error) {
	_, public, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return "", err
	}
	return peer.IDFromPublicKey(public)
}
