package contexts

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Arguments are what a function takes between its context and its callback.
type Arguments struct {
	Text1, Text2     string
	Number1, Number2 int64
	// The call's own.
	Bytes []byte
}

// unlimited calls are answered all the same, late.
const unlimited = 60 * time.Second

// call is one call in flight. It is answered exactly once: by its end, its timeout, or the end of the context.
type call struct {
	context  *nodeContext
	answer   Answer
	answered atomic.Bool
}

// Call begins a call. False: it has been answered with an error before this returns.
func Call(id uint64, name string, arguments Arguments, answer Answer) bool {
	c := find(id)
	if c == nil {
		answer(1, []byte("there is no such context: it was destroyed, or never made"))
		return false
	}
	if name == "waku_destroy" {
		return c.beginDestroy(answer)
	}
	function, known := functions[name]
	if !known {
		answer(1, []byte(name+" is not offered by libgowaku"))
		return false
	}
	one := &call{context: c, answer: answer}
	c.mutex.Lock()
	if c.ending {
		c.mutex.Unlock()
		answer(1, []byte("the node is being destroyed"))
		return false
	}
	c.flight[one] = struct{}{}
	c.answers.Add(1)
	c.mutex.Unlock()
	begin(func() { one.run(name, function, arguments) })
	return true
}

func (c *nodeContext) beginDestroy(answer Answer) bool {
	c.mutex.Lock()
	already := c.ending
	c.ending = true
	c.mutex.Unlock()
	if already {
		answer(1, []byte("the node is being destroyed"))
		return false
	}
	go func() {
		defer func() {
			if panicked := recover(); panicked != nil {
				answer(1, []byte(fmt.Sprintf("a defect of libgowaku in waku_destroy: %v", panicked)))
			}
		}()
		c.destroy(answer)
	}()
	return true
}

func (o *call) run(name string, function function, arguments Arguments) {
	defer func() {
		if panicked := recover(); panicked != nil {
			o.answerOnce(1, []byte(fmt.Sprintf("a defect of libgowaku in %s: %v\n%s", name, panicked, debug.Stack())))
		}
	}()
	limit := function.limit(arguments)
	ctx, cancel := context.WithTimeout(o.context.ctx, limit)
	defer cancel()
	// A call that does not look at its context is answered nevertheless.
	timer := time.AfterFunc(limit, func() { o.answerOnce(1, timedOut(name, limit)) })
	defer timer.Stop()
	text, err := function.run(ctx, o.context.node, arguments)
	switch {
	case err == nil:
		o.answerOnce(0, []byte(text))
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() == context.DeadlineExceeded:
		o.answerOnce(1, append(timedOut(name, limit), (": "+err.Error())...))
	default:
		o.answerOnce(1, []byte(err.Error()))
	}
}

func timedOut(name string, limit time.Duration) []byte {
	return []byte(fmt.Sprintf("%s timed out after %d ms", name, limit.Milliseconds()))
}

func (o *call) answerOnce(ret int, text []byte) {
	if !o.answered.CompareAndSwap(false, true) {
		return
	}
	c := o.context
	defer c.answers.Done()
	o.answer(ret, text)
	c.mutex.Lock()
	delete(c.flight, o)
	c.mutex.Unlock()
}
