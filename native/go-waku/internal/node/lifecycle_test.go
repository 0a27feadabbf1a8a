package node

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"
)

func mustAtoi(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return number
}

func TestANodeStartsAgainAfterAStop(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	for round := range 3 {
		if err := errors.Join(a.Stop(), a.Stop(), a.Start(context.Background()), a.Start(context.Background())); err != nil {
			t.Fatal(err)
		}
		a.join(b)
		if _, err := a.RelayPublish(within(t, 10*time.Second), topic, text(1, 10)); err != nil {
			t.Fatal(err)
		}
		// A stop right behind the reply would lose what gossipsub has taken, but not yet written.
		eventually(t, "the message", func() bool { return len(b.messages()) == round+1 })
	}
}

func TestAStoppedNodeAnswersErrors(t *testing.T) {
	n := makeNode(t, nil)
	_, published := n.RelayPublish(context.Background(), topic, text(1, 1))
	_, info := n.ConnectedPeersInfo()
	_, query := n.StoreQuery(context.Background(), "{}", "")
	for _, err := range []error{published, info, query, n.Connect(context.Background(), ""), n.FilterUnsubscribeAll(context.Background())} {
		if !errors.Is(err, ErrNotStarted) {
			t.Error(err)
		}
	}
	if n.PeerID() == "" || n.IsOnline() {
		t.Error("no id, or online")
	}
}

func TestNoEventComesAfterDestroy(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	a.join(b)
	go func() {
		for i := range 2000 {
			_, _ = a.RelayPublish(context.Background(), topic, text(i, 100))
		}
	}()
	time.Sleep(50 * time.Millisecond)
	b.Destroy()
	before := len(b.eventsLike(func(told) bool { return true }))
	if before == 0 {
		t.Error("nothing had come")
	}
	time.Sleep(100 * time.Millisecond)
	if after := len(b.eventsLike(func(told) bool { return true })); after != before {
		t.Errorf("%d events came after destroy", after-before)
	}
	if b.Start(context.Background()) == nil {
		t.Error("a destroyed node started")
	}
}

func TestAPanicInAGoroutineIsWrittenDown(t *testing.T) {
	n := startNode(t, nil)
	n.current().goSafely(func() { panic("of a test") })
	eventually(t, "the line", func() bool { return len(n.linesWith(`reason="of a test"`)) == 1 })
}
