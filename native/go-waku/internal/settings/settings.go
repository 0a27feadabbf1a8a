// Package settings reads the configuration that waku_new takes: nwaku's own names in camelCase.
package settings

import (
	"crypto/ecdsa"
	"net"

	"github.com/multiformats/go-multiaddr"
)

// Settings is a node's configuration, checked.
type Settings struct {
	LogLevel string
	JSONLog  bool

	ClusterID uint16
	Shards    []uint16

	NodeKey       *ecdsa.PrivateKey
	ListenAddress net.IP
	// 0: a free port.
	TCPPort       uint16
	ExternalIP    net.IP
	ExtMultiAddrs []multiaddr.Multiaddr
	AgentString   string

	// 0: no limit.
	MaxConnections  int
	ColocationLimit int

	// Relay messages are told as gowaku.h says, and own ones are not echoed.
	MessageBatches bool

	Relay               bool
	MaxMessageSizeBytes int
	StaticNodes         []string
	KeepAlive           bool
	ProtectedShards     []ProtectedShard

	Filter    bool
	Lightpush bool
	StoreNode string

	WebsocketSupport bool
	WebsocketPort    uint16

	Discv5         bool
	Discv5UDPPort  uint16
	BootstrapNodes []string
	PeerExchange   bool
}

// ProtectedShard takes only messages that are signed with that key.
type ProtectedShard struct {
	Shard     uint16
	PublicKey *ecdsa.PublicKey
}

func defaults() Settings {
	return Settings{
		LogLevel:            "INFO",
		ListenAddress:       net.IPv4zero,
		TCPPort:             60000,
		AgentString:         "go-waku",
		MaxConnections:      150,
		ColocationLimit:     5,
		Relay:               true,
		MaxMessageSizeBytes: 150 * 1024,
		WebsocketPort:       8000,
		Discv5UDPPort:       9000,
	}
}
