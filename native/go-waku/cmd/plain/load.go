//go:build !windows

package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"golang.org/x/sys/unix"
)

const (
	contentTopic = "/waku-desk/1/bench/proto"
	maxNamed     = 5

	sendTimeout = 20 * time.Second
)

// sending is a run of messages; see bench/load.ts.
type sending struct {
	Run          uint32   `json:"run"`
	Count        int      `json:"count"`
	Rate         *float64 `json:"rate"`
	InFlight     int      `json:"inFlight"`
	PayloadBytes int      `json:"payloadBytes"`
}

// receipt is what a run came to; times in nanoseconds as text.
type receipt struct {
	Received    int       `json:"received"`
	Repeated    int       `json:"repeated"`
	Missing     []int     `json:"missing"`
	LastNs      int64     `json:"lastNs,string"`
	LatenciesMs []float64 `json:"latenciesMs"`
}

// monotonicNs reads the clock that Node's process.hrtime reads: one for all processes of a machine.
func monotonicNs() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		panic(err)
	}
	return now.Nano()
}

// send publishes, with so many messages on their way to the peer's queue, and gives the time just before the first.
// Publishing alone does not wait for that; libgowaku's does.
func (n *node) send(s sending) (int64, error) {
	filler := make([]byte, s.PayloadBytes)
	_, _ = rand.Read(filler)
	way := &flight{run: s.Run, sent: make([]bool, s.Count), places: make(chan struct{}, s.InFlight)}
	n.sender.flight.Store(way)
	startNs := monotonicNs()
	for index := range s.Count {
		if s.Rate != nil {
			due := startNs + int64(float64(index)*1e9 / *s.Rate)
			time.Sleep(time.Duration(due - monotonicNs()))
		}
		select {
		case way.places <- struct{}{}:
		case <-time.After(sendTimeout):
			return 0, errors.New("no peer takes the messages")
		}
		if err := n.publish(s.Run, index, append([]byte(nil), filler...)); err != nil {
			return 0, err
		}
	}
	return startNs, nil
}

func (n *node) publish(run uint32, index int, payload []byte) error {
	binary.BigEndian.PutUint32(payload, run)
	binary.BigEndian.PutUint32(payload[4:], uint32(index))
	binary.BigEndian.PutUint64(payload[8:], uint64(monotonicNs()))
	now := time.Now().UnixNano()
	message := &pb.WakuMessage{Payload: payload, ContentTopic: contentTopic, Timestamp: &now}
	_, err := n.relay.Publish(context.Background(), message, relay.WithPubSubTopic(topic))
	return err
}

// tally counts a run's messages at the receiver.
type tally struct {
	sending
	mutex    sync.Mutex
	seen     []bool
	repeated int
	lastNs   int64
	// In the order of arrival.
	latenciesMs []float64
	complete    chan struct{}
}

func newTally(s sending) *tally {
	return &tally{
		sending: s, seen: make([]bool, s.Count), latenciesMs: make([]float64, 0, s.Count), complete: make(chan struct{}),
	}
}

func (t *tally) add(payload []byte, nowNs int64) {
	if len(payload) != t.PayloadBytes || binary.BigEndian.Uint32(payload) != t.Run {
		return
	}
	index := int(binary.BigEndian.Uint32(payload[4:]))
	if index >= t.Count {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.seen[index] {
		t.repeated++
		return
	}
	t.seen[index] = true
	t.latenciesMs = append(t.latenciesMs, float64(nowNs-int64(binary.BigEndian.Uint64(payload[8:])))/1e6)
	t.lastNs = nowNs
	if len(t.latenciesMs) == t.Count {
		close(t.complete)
	}
}

// wait gives what has come, once everything has or the time is over.
func (t *tally) wait(timeout time.Duration) receipt {
	select {
	case <-t.complete:
	case <-time.After(timeout):
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	missing := []int{}
	for index, seen := range t.seen {
		if !seen && len(missing) < maxNamed {
			missing = append(missing, index)
		}
	}
	return receipt{
		Received: len(t.latenciesMs), Repeated: t.repeated, Missing: missing, LastNs: t.lastNs, LatenciesMs: t.latenciesMs,
	}
}
