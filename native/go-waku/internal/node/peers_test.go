package node

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/p2p/enode"
)

func TestAPeerOfAnotherClusterIsDroppedWithItsReason(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, map[string]any{"clusterId": 17})
	err := a.Connect(within(t, 10*time.Second), b.address())
	if err == nil || !strings.Contains(err.Error(), "different clusterId reported: 16 vs 17") {
		t.Errorf("connect: %v", err)
	}
	eventually(t, "the line", func() bool { return len(a.linesWith("disconnecting from peer")) == 1 })
	line := a.linesWith("disconnecting from peer")[0]
	short := b.PeerID()[:3] + "*" + b.PeerID()[len(b.PeerID())-6:]
	if !strings.HasPrefix(line, "INF ") || valueOf(line, "peerId") != short ||
		!strings.Contains(line, `reason="different clusterId reported: 16 vs 17"`) || !strings.Contains(line, `topics="waku node peer_manager"`) {
		t.Error(line)
	}
	eventually(t, "the end of the connection", func() bool { peers, _ := a.ConnectedPeers(); return peers == "" })
	eventually(t, "the other's line", func() bool {
		return len(b.linesWith(`reason="different clusterId reported: 17 vs 16"`)) == 1
	})
}

func TestTheAddressThatIsNamedIsDialledAndNoneThatThePeerTold(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	if err := a.Connect(within(t, 10*time.Second), b.address()); err != nil {
		t.Fatal(err)
	}
	if err := a.Disconnect(b.PeerID()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the connection", func() bool { peers, _ := a.ConnectedPeers(); return peers == "" })
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strings.Split(nobody.Addr().String(), ":")[1]
	nobody.Close()
	err = a.Connect(within(t, 5*time.Second), "/ip4/127.0.0.1/tcp/"+port+"/p2p/"+b.PeerID())
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("connect where nobody listens: %v", err)
	}
	if err := a.Connect(within(t, 10*time.Second), b.address()); err != nil {
		t.Errorf("connect again: %v", err)
	}
}

func TestConnectingSaysWhyItFails(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	gone := b.address()
	b.Destroy()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	id := "/p2p/16Uiu2HAmLsotMH2GeUp4aSqANHiv1o2fAE5urnjyyLngksUNuka8"
	port := strings.Split(silent.Addr().String(), ":")[1]
	for address, reason := range map[string]string{
		gone:                   "connection refused",
		"garbage":              "no multiaddr",
		"/ip4/127.0.0.1/tcp/1": "connection refused",
		"/p2p/16Uiu2HAmQjK3PUEZZBZGbVkdbezpzbcMsKw3My2NigGh2xND4c9B": "no address of it is known",
		a.address():                       "this node itself",
		"/ip4/127.0.0.1/tcp/" + port + id: "deadline exceeded",
	} {
		began := time.Now()
		err := a.Connect(within(t, 300*time.Millisecond), address)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, not %q", address, err, reason)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s: took %s", address, took)
		}
	}
}

func TestWhatIsToldOfPeers(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, map[string]any{"agentString": "tester"})
	a.join(b)
	text, err := a.ConnectedPeersInfo()
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]peerInfo
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	info := all[b.PeerID()]
	if info.Agent != "tester" || info.Direction != "outbound" || len(info.Shards) != 1 || info.Shards[0] != 32 ||
		len(info.Addresses) == 0 || info.Addresses[0] != b.address() ||
		!strings.Contains(strings.Join(info.Protocols, " "), "/vac/waku/relay/2.0.0") {
		t.Errorf("%+v", info)
	}
	for _, address := range []string{b.address(), "/p2p/" + b.PeerID()} {
		if took, err := a.Ping(within(t, 5*time.Second), address); err != nil || took <= 0 {
			t.Errorf("ping %s: %v, %v", address, took, err)
		}
	}
	if peers, err := a.PeersByProtocol("/vac/waku/relay/2.0.0"); err != nil || peers != b.PeerID() {
		t.Errorf("%q, %v", peers, err)
	}
	if err := a.Dial(within(t, 5*time.Second), "/p2p/"+b.PeerID(), "/none/1"); err == nil {
		t.Error("a protocol that nobody has was opened")
	}
	if err := a.DialByID(within(t, 5*time.Second), b.PeerID(), "/vac/waku/metadata/1.0.0"); err != nil {
		t.Error(err)
	}
	metrics, err := a.Metrics()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"libp2p_peers 1", `libp2p_gossipsub_peers_per_topic_mesh{topic="` + topic + `"} 1`, "libp2p_pubsub_topics 1"} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("%s is not in the metrics", want)
		}
	}
	if !a.IsOnline() || !strings.HasPrefix(a.ENR(), "enr:") {
		t.Error("offline, or without a record")
	}
}

func TestPeersThatComeAndGoAreTold(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	a.join(b)
	count := func(what string) int {
		return len(a.eventsLike(func(e told) bool {
			return e.EventType == "connection_change" && e.PeerID == b.PeerID() && e.PeerEvent == what
		}))
	}
	eventually(t, "the first events", func() bool { return count("Joined") == 1 && count("Identified") == 1 })
	if err := a.Disconnect(b.PeerID()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the last event", func() bool { return count("Left") == 1 })
	if a.IsOnline() {
		t.Error("online without a peer")
	}
}

func TestTopicHealthFollowsTheMesh(t *testing.T) {
	center := startNode(t, nil)
	var others []*tested
	for range 4 {
		others = append(others, startNode(t, nil))
	}
	center.join(others...)
	health := func() string {
		states := center.eventsLike(func(e told) bool { return e.EventType == "relay_topic_health_change" && e.PubsubTopic == topic })
		var names []string
		for _, e := range states {
			names = append(names, e.TopicHealth)
		}
		return strings.Join(names, " ")
	}
	eventually(t, "health up", func() bool { return health() == "MinimallyHealthy SufficientlyHealthy" })
	began := time.Now()
	if err := center.DisconnectAll(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "health down", func() bool { return strings.HasSuffix(health(), "MinimallyHealthy UnHealthy") })
	if took := time.Since(began); took > time.Second {
		t.Errorf("health was told after %s", took)
	}
}

func TestTheColocationLimitHoldsAndZeroIsNone(t *testing.T) {
	limited := startNode(t, map[string]any{"colocationLimit": 2})
	var last error
	for range 3 {
		last = startNode(t, nil).Connect(within(t, 3*time.Second), limited.address())
	}
	if last == nil {
		t.Error("a third peer of one address was taken")
	}
	open := startNode(t, nil)
	for range 7 {
		if err := startNode(t, nil).Connect(within(t, 5*time.Second), open.address()); err != nil {
			t.Error(err)
		}
	}
}

func TestAStaticNodeIsConnectedAgain(t *testing.T) {
	b := startNode(t, nil)
	a := startNode(t, map[string]any{"staticnodes": []string{b.address()}})
	connected := func() bool { peers, _ := a.ConnectedPeers(); return peers == b.PeerID() }
	eventually(t, "the static node", connected)
	// The other side may know of the connection later.
	eventually(t, "the node that keeps it", func() bool { peers, _ := b.ConnectedPeers(); return peers == a.PeerID() })
	if err := b.DisconnectAll(); err != nil {
		t.Fatal(err)
	}
	// By the events: the time between may be too short to be seen.
	joined := func(e told) bool { return e.PeerEvent == "Joined" }
	eventually(t, "the static node again", func() bool { return len(a.eventsLike(joined)) >= 2 && connected() })
}

func TestABusyPortIsAnError(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	n := makeNode(t, map[string]any{"tcpPort": port})
	if err := n.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Error(err)
	}
	// Another node of libp2p is a port as busy as any.
	other := startNode(t, nil)
	parts := strings.Split(other.address(), "/")
	m := makeNode(t, map[string]any{"tcpPort": mustAtoi(parts[4])})
	if err := m.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Error(err)
	}
}

func TestTheRecordTellsTheAddressThatTheConfigurationNames(t *testing.T) {
	for ip, listen := range map[string]string{"10.1.2.3": "0.0.0.0", "127.0.0.1": "0.0.0.0", "192.0.2.7": "127.0.0.1"} {
		n := startNode(t, map[string]any{"listenAddress": listen, "nat": "extip:" + ip})
		record, err := enode.Parse(enode.ValidSchemes, n.ENR())
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := strings.Cut(n.address(), "/tcp/")
		port, _, _ = strings.Cut(port, "/")
		if record.IP().String() != ip || record.TCP() != mustAtoi(port) {
			t.Errorf("%s port %d, not %s port %s", record.IP(), record.TCP(), ip, port)
		}
	}
}

func TestAPeerThatHangsUpIsNotConnectedToAgain(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	b.join(a)
	aRun, _ := a.started()
	bRun, _ := b.started()
	network := bRun.host.Network()
	// A stream that ends first is opened anew: the second time a tenth of a second later, when the peer is gone.
	for range 2 {
		for _, stream := range network.ConnsToPeer(aRun.host.ID())[0].GetStreams() {
			if strings.HasPrefix(string(stream.Protocol()), "/vac/waku/relay/") {
				_ = stream.Reset()
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := network.ClosePeer(aRun.host.ID()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	if count := len(network.Conns()); count != 0 {
		t.Errorf("there are %d connections again", count)
	}
}
