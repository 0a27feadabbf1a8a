package node

import (
	"strings"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"

	"encoding/json"
)

// ConnectedPeers lists all connected peers.
func (n *Node) ConnectedPeers() (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	return list(r.host.Network().Peers()), nil
}

// RelayPeers lists the peers that have subscribed to a topic; for an empty topic all that speak relay.
func (n *Node) RelayPeers(topic string) ([]peer.ID, error) {
	r, err := n.relaying()
	if err != nil {
		return nil, err
	}
	return r.relay.PubSub().ListPeers(topic), nil
}

// MeshPeers lists the peers in the mesh of a topic.
func (n *Node) MeshPeers(topic string) ([]peer.ID, error) {
	r, err := n.relaying()
	if err != nil {
		return nil, err
	}
	return r.relay.PubSub().MeshPeers(topic), nil
}

// List is the form of peer lists in answers.
func List(ids []peer.ID) string { return list(ids) }

// KnownPeers lists the peers whose addresses or protocols are known, connected or not.
func (n *Node) KnownPeers() (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	var others []peer.ID
	for _, id := range r.host.Peerstore().Peers() {
		if id != n.id {
			others = append(others, id)
		}
	}
	return list(others), nil
}

// PeersByProtocol lists the connected peers that offer a protocol.
func (n *Node) PeersByProtocol(protocolID string) (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	return list(r.offering(protocol.ID(protocolID))), nil
}

func (r *running) offering(wanted protocol.ID) []peer.ID {
	var offering []peer.ID
	for _, id := range r.host.Network().Peers() {
		if found, err := r.host.Peerstore().SupportsProtocols(id, wanted); err == nil && len(found) > 0 {
			offering = append(offering, id)
		}
	}
	return offering
}

// ListenAddresses lists the addresses that others can be told, with this node's id.
func (n *Node) ListenAddresses() (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	var texts []string
	for _, address := range r.host.Addrs() {
		texts = append(texts, address.String()+"/p2p/"+n.id.String())
	}
	return strings.Join(texts, ","), nil
}

// IsOnline tells whether any peer is connected. Nobody outside is asked.
func (n *Node) IsOnline() bool {
	r := n.current()
	return r != nil && len(r.host.Network().Peers()) > 0
}

// peerInfo has nwaku's keys, and ours behind them.
type peerInfo struct {
	Protocols []string `json:"protocols"`
	// That of the live connection first.
	Addresses []string `json:"addresses"`
	Agent     string   `json:"agent"`
	Direction string   `json:"direction"`
	// Null while the peer has not told them.
	Shards []uint32 `json:"shards"`
}

// ConnectedPeersInfo is JSON: an object of peerInfo by peer id.
func (n *Node) ConnectedPeersInfo() (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	all := map[string]peerInfo{}
	for _, id := range r.host.Network().Peers() {
		if conns := r.host.Network().ConnsToPeer(id); len(conns) > 0 {
			all[id.String()] = r.infoOf(id, conns)
		}
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func (r *running) infoOf(id peer.ID, conns []network.Conn) peerInfo {
	info := peerInfo{
		Protocols: []string{},
		Addresses: []string{},
		Direction: strings.ToLower(conns[0].Stat().Direction.String()),
		Shards:    r.metadata.shardsOf(id),
	}
	protocols, _ := r.host.Peerstore().GetProtocols(id)
	for _, offered := range protocols {
		info.Protocols = append(info.Protocols, string(offered))
	}
	seen := map[string]bool{}
	add := func(address string) {
		if !seen[address] {
			seen[address] = true
			info.Addresses = append(info.Addresses, address+"/p2p/"+id.String())
		}
	}
	for _, conn := range conns {
		add(conn.RemoteMultiaddr().String())
	}
	for _, address := range r.host.Peerstore().Addrs(id) {
		add(address.String())
	}
	if agent, err := r.host.Peerstore().Get(id, "AgentVersion"); err == nil {
		info.Agent, _ = agent.(string)
	}
	return info
}
