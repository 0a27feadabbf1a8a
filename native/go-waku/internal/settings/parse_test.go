package settings

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
)

func TestEveryKeyOfAUsualConfigurationIsUnderstood(t *testing.T) {
	key := strings.Repeat("1f", 32)
	s, err := Parse(`{"logLevel":"debug","logFormat":"JSON","clusterId":16,"shards":[32,64],"nodekey":"0x` + key + `",
		"listenAddress":"127.0.0.1","tcpPort":0,"nat":"extip:10.1.2.3","extMultiAddrs":["/ip4/10.0.0.9/tcp/1"],
		"maxConnections":0,"maxRelayPeers":5,"colocationLimit":0,"relay":true,"staticnodes":["/ip4/1.2.3.4/tcp/1"],
		"keepAlive":true,"maxMessageSize":"100KiB","agentString":"x","discv5Discovery":false,"discv5UdpPort":1,
		"discv5BootstrapNodes":[],"dnsDiscovery":false,"dnsDiscoveryUrl":"","peerExchange":false,"rendezvous":false,
		"websocketSupport":true,"websocketPort":8001,"metricsServer":false,"store":false,"filter":true,"lightpush":true,
		"storenode":"","rateLimits":[],"protectedShards":[],"numShardsInNetwork":8,"contentTopics":["/a/1/b/proto"],
		"rlnRelay":false,"rlnRelayDynamic":false,"rlnRelayCredPath":"x","rlnRelayCredPassword":"y","rlnRelayCredIndex":1,
		"rlnRelayEthContractAddress":"","ethClientUrls":[],"rlnRelayEthClientAddress":"","rlnRelayChainId":1,
		"rlnRelayEthPrivateKey":"","rlnRelayUserMessageLimit":1,"rlnEpochSizeSec":1}`)
	if err != nil {
		t.Fatal(err)
	}
	if s.LogLevel != "DEBUG" || !s.JSONLog || s.ClusterID != 16 || s.MaxMessageSizeBytes != 100<<10 ||
		s.ExternalIP.String() != "10.1.2.3" || s.TCPPort != 0 || s.ColocationLimit != 0 || !s.Filter {
		t.Errorf("read %+v", s)
	}
	if hex.EncodeToString(crypto.FromECDSA(s.NodeKey)) != key {
		t.Error("the node key is another one")
	}
	if len(s.Shards) != 3 || s.Shards[2] > 7 {
		t.Errorf("shards %v: the content topic's is missing", s.Shards)
	}
}

func TestWhatIsMissingHasADefaultAndAKeyIsMade(t *testing.T) {
	s, err := Parse(`{"nat":null}`)
	if err != nil {
		t.Fatal(err)
	}
	if s.MaxMessageSizeBytes != 153_600 || !s.Relay || s.LogLevel != "INFO" || s.ColocationLimit != 5 || s.NodeKey == nil {
		t.Errorf("read %+v", s)
	}
}

func TestSizesAreReadAsNwakuWritesThem(t *testing.T) {
	for text, want := range map[string]int{"150KiB": 153_600, "153600B": 153_600, "150 KiB": 153_600, "1MiB": 1 << 20, "1.5KB": 1500} {
		s, err := Parse(`{"maxMessageSize":"` + text + `"}`)
		if err != nil || s.MaxMessageSizeBytes != want {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
}

func TestBadConfigurationsAreRefusedWithTheirReason(t *testing.T) {
	for config, reason := range map[string]string{
		``:                                   "not JSON",
		`[]`:                                 "not JSON",
		`null`:                               "an object is needed",
		`{} x`:                               "follows",
		`{"tcpport":1}`:                      `unknown key "tcpport" in the configuration; is "tcpPort" meant?`,
		`{"host":"127.0.0.1"}`:               `unknown key "host"`,
		`{"rlnRelay":true}`:                  "RLN is not built into go-waku; use nwaku",
		`{"store":true}`:                     "store:",
		`{"tcpPort":70000}`:                  "tcpPort: a whole number from 0 to 65535",
		`{"tcpPort":"1"}`:                    "tcpPort:",
		`{"nodekey":"12"}`:                   "nodekey: 64 hexadecimal digits",
		`{"nodekey":5}`:                      "nodekey: a text",
		`{"nat":"extip:here"}`:               "nat: any, none or extip",
		`{"logLevel":"LOUD"}`:                "logLevel: one of TRACE",
		`{"logFormat":"XML"}`:                "logFormat:",
		`{"maxMessageSize":150}`:             "maxMessageSize: a text",
		`{"maxMessageSize":"0B"}`:            "maxMessageSize: a size",
		`{"listenAddress":"localhost"}`:      "listenAddress: an IP address",
		`{"maxConnections":-1}`:              "maxConnections:",
		`{"relay":false,"lightpush":true}`:   "lightpush:",
		`{"relay":false,"filter":true}`:      "filter:",
		`{"contentTopics":["/a/1/b/proto"]}`: "numShardsInNetwork",
		`{"contentTopics":["x"],"numShardsInNetwork":8}`: "contentTopics:",
		`{"extMultiAddrs":["x"]}`:                        "extMultiAddrs:",
		`{"protectedShards":["1:zz"]}`:                   "protectedShards:",
		`{"metricsServer":true}`:                         "metricsServer:",
	} {
		if _, err := Parse(config); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, not %q", config, err, reason)
		}
	}
}

func TestANodeKeyIsNeverToldInAnError(t *testing.T) {
	key := strings.Repeat("f", 64)
	if _, err := Parse(`{"nodekey":"` + key + `"}`); err == nil || strings.Contains(err.Error(), key) {
		t.Error(err)
	}
}
