package node

import (
	"fmt"
	"runtime/debug"

	"waku-desk/native/go-waku/internal/journal"
)

// recoverLogged is deferred by every goroutine of ours: a panic is a defect, but not the end of the process.
func (n *Node) recoverLogged() {
	if panicked := recover(); panicked != nil {
		n.journal.Log(journal.Error, "waku node", "a goroutine of the node has panicked", func(line *journal.Line) {
			line.Text("reason", fmt.Sprint(panicked))
			line.Text("stack", string(debug.Stack()))
		})
	}
}
