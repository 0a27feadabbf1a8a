//go:build !windows

// Command plain is a relay node over go-waku's packages and nothing else, with the options of libgowaku's: what the
// benchmark compares the binding with. It is no part of libgowaku.
//
// It prints its multiaddr as the answer to call 0. Then each line of its input is a call, {"id", "name", "argument"},
// and each line of its output an answer, {"id", "value"} or {"id", "failure"}. It ends with its input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

type call struct {
	ID       int             `json:"id"`
	Name     string          `json:"name"`
	Argument json.RawMessage `json:"argument"`
}

type answer struct {
	ID      int    `json:"id"`
	Value   any    `json:"value,omitempty"`
	Failure string `json:"failure,omitempty"`
}

var output struct {
	sync.Mutex
	*json.Encoder
}

func main() {
	output.Encoder = json.NewEncoder(os.Stdout)
	n, err := start()
	if err != nil {
		give(0, nil, err)
		os.Exit(1)
	}
	give(0, n.address, nil)
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var c call
		if err := json.Unmarshal(input.Bytes(), &c); err != nil {
			give(0, nil, err)
			os.Exit(1)
		}
		// Waiting for messages may not keep the next call waiting.
		go func() {
			value, err := n.run(c)
			give(c.ID, value, err)
		}()
	}
}

func give(id int, value any, err error) {
	output.Lock()
	defer output.Unlock()
	a := answer{ID: id, Value: value}
	if err != nil {
		a.Failure = err.Error()
	}
	_ = output.Encode(a)
}

func (n *node) run(c call) (any, error) {
	switch c.Name {
	case "connect":
		var address string
		if err := json.Unmarshal(c.Argument, &address); err != nil {
			return nil, err
		}
		return true, n.connect(address)
	case "send":
		var s sending
		if err := json.Unmarshal(c.Argument, &s); err != nil {
			return nil, err
		}
		startNs, err := n.send(s)
		return fmt.Sprint(startNs), err
	case "expect":
		var s sending
		if err := json.Unmarshal(c.Argument, &s); err != nil {
			return nil, err
		}
		n.tally.Store(newTally(s))
		return true, nil
	case "received":
		var timeoutMs int
		if err := json.Unmarshal(c.Argument, &timeoutMs); err != nil {
			return nil, err
		}
		return n.tally.Load().wait(time.Duration(timeoutMs) * time.Millisecond), nil
	}
	return nil, fmt.Errorf("there is no call %q", c.Name)
}
