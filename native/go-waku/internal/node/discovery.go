package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/p2p/enode"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/waku-org/go-waku/waku/v2/discv5"
	"github.com/waku-org/go-waku/waku/v2/dnsdisc"
	"github.com/waku-org/go-waku/waku/v2/protocol/peer_exchange"
	"github.com/waku-org/go-waku/waku/v2/service"
)

// discovery finds peers by discv5 and peer exchange, when the configuration asks for it.
type discovery struct {
	run      *running
	mutex    sync.Mutex
	discv5   *discv5.DiscoveryV5
	started  bool
	exchange *peer_exchange.WakuPeerExchange
}

// Subscribe connects to what is found: go-waku's services hand their channel to it.
func (d *discovery) Subscribe(ctx context.Context, found <-chan service.PeerData) {
	d.run.goSafely(func() {
		for {
			select {
			case <-d.run.ctx.Done():
				return
			case <-ctx.Done():
				return
			case data, open := <-found:
				if !open {
					return
				}
				d.meet(data)
			}
		}
	})
}

func (d *discovery) meet(data service.PeerData) {
	if data.AddrInfo.ID == d.run.node.id || d.run.host.Network().Connectedness(data.AddrInfo.ID) == network.Connected {
		return
	}
	d.run.goSafely(func() {
		ctx, cancel := context.WithTimeout(d.run.ctx, dialTimeout)
		defer cancel()
		_ = d.run.connect(ctx, &data.AddrInfo)
	})
}

func (r *running) startDiscovery() error {
	s := r.node.settings
	d := &discovery{run: r}
	r.discovery = d
	if s.Discv5 {
		nodes, err := recordsOf(s.BootstrapNodes)
		if err != nil {
			return err
		}
		found, err := discv5.NewDiscoveryV5(s.NodeKey, r.node.enr, d, r.metrics, r.node.log,
			discv5.WithBootnodes(nodes), discv5.WithUDPPort(uint(s.Discv5UDPPort)), discv5.WithAutoUpdate(false),
			// Without it a NAT gateway would be searched.
			discv5.WithAdvertiseAddr(r.host.Addrs()))
		if err != nil {
			return err
		}
		found.SetHost(r.host)
		d.discv5 = found
		if err := d.start(); err != nil {
			return err
		}
		r.onClose(func() { _ = d.stop() })
	}
	exchange, err := peer_exchange.NewWakuPeerExchange(d.discv5, s.ClusterID, d, nil, r.metrics, r.node.log)
	if err != nil {
		return err
	}
	exchange.SetHost(r.host)
	d.exchange = exchange
	if s.PeerExchange && d.discv5 != nil {
		if err := exchange.Start(r.ctx); err != nil {
			return err
		}
		r.onClose(exchange.Stop)
	}
	return nil
}

func (d *discovery) start() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.discv5 == nil {
		return errors.New("discv5 is off: set discv5Discovery")
	}
	if d.started {
		return nil
	}
	if err := d.discv5.Start(d.run.ctx); err != nil {
		return err
	}
	d.started = true
	return nil
}

func (d *discovery) stop() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.discv5 == nil {
		return errors.New("discv5 is off: set discv5Discovery")
	}
	if d.started {
		d.started = false
		d.discv5.Stop()
	}
	return nil
}

// StartDiscv5 goes on with discovery; the node's start begins it.
func (n *Node) StartDiscv5() error {
	r, err := n.started()
	if err != nil {
		return err
	}
	return r.discovery.start()
}

// StopDiscv5 pauses discovery.
func (n *Node) StopDiscv5() error {
	r, err := n.started()
	if err != nil {
		return err
	}
	return r.discovery.stop()
}

// UpdateBootnodes takes a JSON array of node records.
func (n *Node) UpdateBootnodes(text string) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	var records []string
	if json.Unmarshal([]byte(text), &records) != nil {
		return errors.New("a JSON array of node records is needed")
	}
	nodes, err := recordsOf(records)
	if err != nil {
		return err
	}
	r.discovery.mutex.Lock()
	defer r.discovery.mutex.Unlock()
	if r.discovery.discv5 == nil || !r.discovery.started {
		return errors.New("discv5 is off")
	}
	return r.discovery.discv5.SetBootnodes(nodes)
}

func recordsOf(texts []string) ([]*enode.Node, error) {
	var nodes []*enode.Node
	for _, text := range texts {
		node, err := enode.Parse(enode.ValidSchemes, text)
		if err != nil {
			return nil, fmt.Errorf("%q is no node record: %w", text, err)
		}
		nodes = append(nodes, node)
	}
	return nodes, nil
}

// DNSDiscovery answers the addresses that a tree of node records lists.
func (n *Node) DNSDiscovery(ctx context.Context, url, nameServer string) (string, error) {
	nodes, err := dnsdisc.RetrieveNodes(ctx, url, dnsdisc.WithNameserver(nameServer))
	if err != nil {
		return "", err
	}
	var texts []string
	for _, node := range nodes {
		for _, address := range node.PeerInfo.Addrs {
			texts = append(texts, address.String()+"/p2p/"+node.PeerID.String())
		}
	}
	return strings.Join(texts, ","), nil
}

// PeerExchange asks a connected peer for others, connects to them, and answers how many were asked for.
func (n *Node) PeerExchange(ctx context.Context, count int64) (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	if count < 1 || count > 1000 {
		return "", errors.New("a number of peers from 1 to 1000 is needed")
	}
	id, err := r.provider(peer_exchange.PeerExchangeID_v20alpha1, "")
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*dialTimeout)
	defer cancel()
	if err := r.discovery.exchange.Request(ctx, int(count), peer_exchange.WithPeer(id)); err != nil {
		return "", err
	}
	return fmt.Sprint(count), nil
}
