package node

import (
	"runtime"
	"testing"
)

func TestADestroyedNodeLeavesNoGoroutine(t *testing.T) {
	// What is of the whole process is begun with the first node.
	liveOnce(t)
	before := runtime.NumGoroutine()
	for range 5 {
		liveOnce(t)
	}
	// Some end a moment after they were told to.
	eventually(t, "as few goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
}

// liveOnce has two nodes from beginning to end, with a message between them.
func liveOnce(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	a.join(b)
	if _, err := a.RelayPublish(t.Context(), topic, text(1, 10)); err != nil {
		t.Fatal(err)
	}
	a.Destroy()
	b.Destroy()
}
