package node

import (
	"net"
	"sync"

	"github.com/waku-org/go-waku/waku/v2/node/utils"
	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/enr"
)

// enrMutex: a record grows too large, which panics, when two updates mix.
var enrMutex sync.Mutex

// updateENR writes what this node offers, and where, into its record.
func (r *running) updateENR() error {
	enrMutex.Lock()
	defer enrMutex.Unlock()
	s := r.node.settings
	address, err := r.toldAddress()
	if err != nil {
		return err
	}
	params := &enr.LocalNodeParams{
		WakuFlags:   enr.NewWakuEnrBitfield(s.Lightpush, s.Filter, false, s.Relay),
		IPAddr:      address,
		RelayShards: protocol.RelayShards{ClusterID: s.ClusterID, ShardIDs: r.shards()},
	}
	if s.Discv5 {
		params.UDPPort = uint(s.Discv5UDPPort)
	}
	return enr.UpdateLocalNode(r.node.log, r.node.enr, params)
}

// toldAddress is the one that the configuration names, else the one that most others can reach.
func (r *running) toldAddress() (*net.TCPAddr, error) {
	address, err := utils.SelectMostExternalAddress(r.host.Addrs())
	if external := r.node.settings.ExternalIP; err == nil && external != nil {
		address.IP = external
	}
	return address, err
}

// ENR of this node, complete once it is started.
func (n *Node) ENR() string {
	enrMutex.Lock()
	defer enrMutex.Unlock()
	return n.enr.Node().String()
}

// closeENR ends the threads of work that the database behind a record has; nobody else does.
func (n *Node) closeENR() {
	enrMutex.Lock()
	defer enrMutex.Unlock()
	n.enr.Database().Close()
}
