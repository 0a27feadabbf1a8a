package node

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waku-desk/native/go-waku/internal/journal"
	"waku-desk/native/go-waku/internal/settings"
)

const topic = "/waku/2/rs/16/32"

// tested is a node with all that it has told.
type tested struct {
	*Node
	t      *testing.T
	mutex  sync.Mutex
	lines  []string
	events []told
	// Events that are batches of messages.
	batches [][]byte
}

type told struct {
	EventType, PubsubTopic, MessageHash, Via string
	TopicHealth, PeerID, PeerEvent           string
	WakuMessage                              struct{ Payload string }
}

// startNode starts a node on a free port; keys of the configuration win over the usual ones.
func startNode(t *testing.T, config map[string]any) *tested {
	n := makeNode(t, config)
	if err := n.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return n
}

func makeNode(t *testing.T, config map[string]any) *tested {
	t.Helper()
	whole := map[string]any{
		"clusterId": 16, "shards": []int{32}, "tcpPort": 0, "listenAddress": "127.0.0.1", "colocationLimit": 0, "logLevel": "INFO",
	}
	for key, value := range config {
		whole[key] = value
	}
	text, _ := json.Marshal(whole)
	s, err := settings.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	n := &tested{t: t}
	n.Node, err = newNode(s, journal.NewTo(s.LogLevel, false, n.takeLines), n.takeEvent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Destroy)
	return n
}

func (n *tested) takeLines(text []byte) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, line := range bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n")) {
		n.lines = append(n.lines, string(line))
	}
}

func (n *tested) takeEvent(ret int, text []byte) {
	if len(text) > 0 && text[0] == 0 {
		n.mutex.Lock()
		defer n.mutex.Unlock()
		n.batches = append(n.batches, bytes.Clone(text))
		return
	}
	var e told
	if err := json.Unmarshal(text, &e); err != nil || ret != 0 {
		n.t.Errorf("event %d %s: %v", ret, text, err)
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.events = append(n.events, e)
}

func (n *tested) eventsLike(matches func(told) bool) []told {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	var found []told
	for _, e := range n.events {
		if matches(e) {
			found = append(found, e)
		}
	}
	return found
}

func (n *tested) messages() []told {
	return n.eventsLike(func(e told) bool { return e.EventType == "message" })
}

// linesWith gives the lines that contain a text.
func (n *tested) linesWith(text string) []string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	var found []string
	for _, line := range n.lines {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

func valueOf(line, key string) string {
	_, rest, _ := strings.Cut(line, " "+key+"=")
	value, _, _ := strings.Cut(rest, " ")
	return value
}

func (n *tested) address() string {
	addresses, err := n.ListenAddresses()
	if err != nil {
		n.t.Fatal(err)
	}
	return strings.Split(addresses, ",")[0]
}

// join connects and waits until both have the other in their mesh.
func (n *tested) join(others ...*tested) {
	n.t.Helper()
	for _, other := range others {
		if err := n.Connect(within(n.t, 10*time.Second), other.address()); err != nil {
			n.t.Fatal(err)
		}
	}
	eventually(n.t, "a mesh", func() bool {
		mine, _ := n.MeshPeers(topic)
		ready := len(mine) >= len(others)
		for _, other := range others {
			theirs, _ := other.MeshPeers(topic)
			ready = ready && len(theirs) > 0
		}
		return ready
	})
}

func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("%s: not within 15 s", what)
}

// text of a message that no other has.
func text(number, sizeBytes int) string {
	payload := make([]byte, sizeBytes)
	copy(payload, fmt.Sprint(number))
	return fmt.Sprintf(`{"payload":%q,"contentTopic":"/test/1/a/proto","timestamp":"%d"}`,
		base64.StdEncoding.EncodeToString(payload), time.Now().UnixNano())
}
