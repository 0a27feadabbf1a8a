package node

import (
	"context"
	"errors"
	"strings"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/waku-org/go-waku/waku/v2/protocol/store"

	"waku-desk/native/go-waku/internal/message"
)

// StoreQuery asks a store peer of version 3. The address may be several multiaddrs of one peer, separated by commas, or
// /p2p/<id> of a known one; empty: the store node of the configuration, else a connected peer that offers it.
func (n *Node) StoreQuery(ctx context.Context, query, address string) (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	request, err := message.ParseStoreQuery(query)
	if err != nil {
		return "", err
	}
	if address == "" {
		address = n.settings.StoreNode
	}
	info, err := r.storePeer(address, request.GetPubsubTopic())
	if err != nil {
		return "", err
	}
	if err := r.connect(ctx, info); err != nil {
		return "", err
	}
	if len(info.Addrs) == 0 {
		info.Addrs = r.host.Peerstore().Addrs(info.ID)
	}
	result, err := r.store.RequestRaw(ctx, *info, request)
	if err != nil {
		return "", err
	}
	return string(message.AppendStoreAnswer(nil, result.Response())), nil
}

func (r *running) storePeer(addresses, topic string) (*peer.AddrInfo, error) {
	if addresses == "" {
		id, err := r.provider(store.StoreQueryID_v300, topic)
		return &peer.AddrInfo{ID: id}, err
	}
	var whole *peer.AddrInfo
	for _, address := range strings.Split(addresses, ",") {
		info, err := addressOf(strings.TrimSpace(address))
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = info
		} else if whole.ID != info.ID {
			return nil, errors.New("the addresses name more than one peer")
		} else {
			whole.Addrs = append(whole.Addrs, info.Addrs...)
		}
	}
	return whole, nil
}
