// Package contexts holds the nodes behind the context handles, and makes the calls on them.
package contexts

import (
	"context"
	"sync"
	"sync/atomic"

	"waku-desk/native/go-waku/internal/node"
	"waku-desk/native/go-waku/internal/settings"
)

// Answer gives a reply or an event to the caller: 0 or 1, and a text that it may not keep.
type Answer func(ret int, text []byte)

// nodeContext is what a handle stands for. A handle is a number that never comes again.
type nodeContext struct {
	id     uint64
	node   *node.Node
	events atomic.Pointer[Answer]
	ctx    context.Context
	cancel context.CancelFunc

	mutex  sync.Mutex
	ending bool
	flight map[*call]struct{}
	// Answers that are owed or being given.
	answers sync.WaitGroup
}

var (
	tableMutex sync.RWMutex
	table      = map[uint64]*nodeContext{}
	lastID     uint64
)

// New makes a context and answers; 0 after an error.
func New(config string, answer Answer) uint64 {
	s, err := settings.Parse(config)
	if err != nil {
		answer(1, []byte(err.Error()))
		return 0
	}
	c := &nodeContext{flight: map[*call]struct{}{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.node, err = node.New(s, c.emit)
	if err != nil {
		answer(1, []byte(err.Error()))
		return 0
	}
	tableMutex.Lock()
	lastID++
	c.id = lastID
	table[c.id] = c
	tableMutex.Unlock()
	answer(0, nil)
	return c.id
}

func find(id uint64) *nodeContext {
	tableMutex.RLock()
	defer tableMutex.RUnlock()
	return table[id]
}

func (c *nodeContext) emit(ret int, text []byte) {
	if events := c.events.Load(); events != nil {
		(*events)(ret, text)
	}
}

// SetEvents replaces the receiver of events; nil: nobody. An event that is being given is not waited for.
func SetEvents(id uint64, events Answer) {
	c := find(id)
	if c == nil {
		return
	}
	if events == nil {
		c.events.Store(nil)
		return
	}
	c.events.Store(&events)
}

// destroy ends a context: what is in flight is answered, then no event comes any more, then its own answer.
func (c *nodeContext) destroy(answer Answer) {
	tableMutex.Lock()
	delete(table, c.id)
	tableMutex.Unlock()
	c.mutex.Lock()
	c.ending = true
	open := make([]*call, 0, len(c.flight))
	for one := range c.flight {
		open = append(open, one)
	}
	c.mutex.Unlock()
	c.cancel()
	for _, one := range open {
		one.answerOnce(1, []byte("the node was destroyed"))
	}
	c.answers.Wait()
	c.node.Destroy()
	c.events.Store(nil)
	answer(0, nil)
}
