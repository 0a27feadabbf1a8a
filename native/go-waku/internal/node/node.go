// Package node is one Waku node over go-waku's packages: what the exported functions do.
package node

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ethereum/go-ethereum/p2p/enode"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/waku-org/go-waku/waku/v2/protocol/enr"
	"github.com/waku-org/go-waku/waku/v2/utils"
	"go.uber.org/zap"

	"waku-desk/native/go-waku/internal/journal"
	"waku-desk/native/go-waku/internal/settings"
)

// ErrNotStarted is the answer of whatever needs a running node.
var ErrNotStarted = errors.New("the node is not started")

// Node can be started and stopped any number of times. Safe for concurrent use.
type Node struct {
	settings *settings.Settings
	journal  *journal.Journal
	log      *zap.Logger
	feed     *feed
	key      crypto.PrivKey
	id       peer.ID
	enr      *enode.LocalNode

	// lifecycle: one start, stop or destroy at a time.
	lifecycle sync.Mutex
	mutex     sync.RWMutex
	run       *running
}

// New makes a node that is not started. `emit` gets the events, one at a time, in order, on a thread of the node's own;
// it may not keep the bytes. Ret is 0, or 1 with a sentence.
func New(s *settings.Settings, emit func(ret int, text []byte)) (*Node, error) {
	return newNode(s, journal.New(s.LogLevel, s.JSONLog), emit)
}

func newNode(s *settings.Settings, j *journal.Journal, emit func(ret int, text []byte)) (*Node, error) {
	var key crypto.PrivKey = utils.EcdsaPrivKeyToSecp256k1PrivKey(s.NodeKey)
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	record, err := enr.NewLocalnode(s.NodeKey)
	if err != nil {
		return nil, fmt.Errorf("the node's record: %w", err)
	}
	j.UseForProcess()
	n := &Node{settings: s, journal: j, log: j.Logger(), key: key, id: id, enr: record}
	n.feed = newFeed(j, journal.ShortPeer(id.String()), s.MessageBatches, emit)
	return n, nil
}

// Start starts the node. On a started one it does nothing.
func (n *Node) Start(ctx context.Context) error {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	if n.current() != nil {
		return nil
	}
	if n.feed.isClosed() {
		return errors.New("the node was destroyed")
	}
	run, err := n.start(ctx)
	if err != nil {
		return err
	}
	n.mutex.Lock()
	n.run = run
	n.mutex.Unlock()
	run.begin()
	return nil
}

// Stop closes all connections. On a stopped node it does nothing.
func (n *Node) Stop() error {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	n.stop()
	return nil
}

func (n *Node) stop() {
	n.mutex.Lock()
	run := n.run
	n.run = nil
	n.mutex.Unlock()
	if run != nil {
		run.close()
	}
}

// Destroy stops the node for good. No event comes afterwards.
func (n *Node) Destroy() {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	n.stop()
	n.closeENR()
	n.feed.close()
}

func (n *Node) current() *running {
	n.mutex.RLock()
	defer n.mutex.RUnlock()
	return n.run
}

func (n *Node) started() (*running, error) {
	if run := n.current(); run != nil {
		return run, nil
	}
	return nil, ErrNotStarted
}

// PeerID of this node, known from the beginning.
func (n *Node) PeerID() string { return n.id.String() }
