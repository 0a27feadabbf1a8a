package settings

import (
	"encoding/json"
	"fmt"
	"strings"
)

type read = func(*reader, json.RawMessage) error

// keys are all that a configuration may hold.
var keys = map[string]read{
	"logLevel":           func(r *reader, v json.RawMessage) error { return logLevel(v, &r.LogLevel) },
	"logFormat":          func(r *reader, v json.RawMessage) error { return logFormat(v, &r.JSONLog) },
	"clusterId":          func(r *reader, v json.RawMessage) error { return uint16Of(v, &r.ClusterID) },
	"shards":             func(r *reader, v json.RawMessage) error { return uint16sOf(v, &r.Shards) },
	"numShardsInNetwork": func(r *reader, v json.RawMessage) error { return uint16Of(v, &r.numShardsInNetwork) },
	"contentTopics":      func(r *reader, v json.RawMessage) error { return textsOf(v, &r.contentTopics) },
	"nodekey":            func(r *reader, v json.RawMessage) error { return nodeKey(v, &r.NodeKey) },
	"listenAddress":      func(r *reader, v json.RawMessage) error { return ipOf(v, &r.ListenAddress) },
	"tcpPort":            func(r *reader, v json.RawMessage) error { return uint16Of(v, &r.TCPPort) },
	"nat":                func(r *reader, v json.RawMessage) error { return natOf(v, &r.ExternalIP) },
	"extMultiAddrs":      func(r *reader, v json.RawMessage) error { return multiaddrsOf(v, &r.ExtMultiAddrs) },
	"agentString":        func(r *reader, v json.RawMessage) error { return textOf(v, &r.AgentString) },
	"maxConnections":     func(r *reader, v json.RawMessage) error { return countOf(v, &r.MaxConnections) },
	"colocationLimit":    func(r *reader, v json.RawMessage) error { return countOf(v, &r.ColocationLimit) },
	"relay":              func(r *reader, v json.RawMessage) error { return boolOf(v, &r.Relay) },
	"maxMessageSize":     func(r *reader, v json.RawMessage) error { return sizeOf(v, &r.MaxMessageSizeBytes) },
	"staticnodes":        func(r *reader, v json.RawMessage) error { return textsOf(v, &r.StaticNodes) },
	"keepAlive":          func(r *reader, v json.RawMessage) error { return boolOf(v, &r.KeepAlive) },
	"protectedShards":    func(r *reader, v json.RawMessage) error { return protectedShards(v, &r.ProtectedShards) },
	"filter":             func(r *reader, v json.RawMessage) error { return boolOf(v, &r.Filter) },
	"lightpush":          func(r *reader, v json.RawMessage) error { return boolOf(v, &r.Lightpush) },
	"store":              func(r *reader, v json.RawMessage) error { return boolOf(v, &r.storeOffered) },
	"storenode":          func(r *reader, v json.RawMessage) error { return textOf(v, &r.StoreNode) },
	"websocketSupport":   func(r *reader, v json.RawMessage) error { return boolOf(v, &r.WebsocketSupport) },
	"websocketPort":      func(r *reader, v json.RawMessage) error { return uint16Of(v, &r.WebsocketPort) },
	"discv5Discovery":    func(r *reader, v json.RawMessage) error { return boolOf(v, &r.Discv5) },
	"discv5UdpPort":      func(r *reader, v json.RawMessage) error { return uint16Of(v, &r.Discv5UDPPort) },
	"discv5BootstrapNodes": func(r *reader, v json.RawMessage) error {
		return textsOf(v, &r.BootstrapNodes)
	},
	"messageBatches": func(r *reader, v json.RawMessage) error { return boolOf(v, &r.MessageBatches) },
	"peerExchange":   func(r *reader, v json.RawMessage) error { return boolOf(v, &r.PeerExchange) },

	// Without effect here: gossipsub holds its mesh between its own bounds, and no service of this node has a rate limit.
	"maxRelayPeers": ignored,
	"rateLimits":    ignored,

	"dnsDiscovery":    only(false, "a node of go-waku does that when waku_dns_discovery is called"),
	"dnsDiscoveryUrl": ignored,
	"rendezvous":      only(false, "go-waku would need a database for it"),
	"metricsServer":   only(false, "waku_get_metrics gives the metrics"),
	"rlnRelay":        only(false, "RLN is not built into go-waku; use nwaku"),

	"rlnRelayDynamic":            ignored,
	"rlnRelayCredPath":           ignored,
	"rlnRelayCredPassword":       ignored,
	"rlnRelayCredIndex":          ignored,
	"rlnRelayEthContractAddress": ignored,
	"ethClientUrls":              ignored,
	"rlnRelayEthClientAddress":   ignored,
	"rlnRelayChainId":            ignored,
	"rlnRelayEthPrivateKey":      ignored,
	"rlnRelayUserMessageLimit":   ignored,
	"rlnEpochSizeSec":            ignored,
}

func ignored(*reader, json.RawMessage) error { return nil }

// only takes one value of a switch and refuses the other with that reason.
func only(taken bool, reason string) read {
	return func(_ *reader, v json.RawMessage) error {
		var value bool
		if err := boolOf(v, &value); err != nil {
			return err
		}
		if value != taken {
			return fmt.Errorf("%s", reason)
		}
		return nil
	}
}

func unknownKey(name string) error {
	best, bestDistance := "", 4
	for known := range keys {
		distance := editDistance(strings.ToLower(name), strings.ToLower(known))
		if distance < bestDistance || (distance == bestDistance && known < best) {
			best, bestDistance = known, distance
		}
	}
	if best == "" {
		return fmt.Errorf("unknown key %q in the configuration", name)
	}
	return fmt.Errorf("unknown key %q in the configuration; is %q meant?", name, best)
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
