package journal

import (
	"sync"
	"sync/atomic"

	golog "github.com/ipfs/go-log/v2"
	"github.com/waku-org/go-waku/waku/v2/utils"
	"go.uber.org/zap/zapcore"
)

var processOnce sync.Once
var processCore atomic.Pointer[core]

// UseForProcess sends what libp2p and the package-level loggers of go-waku log to this journal. They belong to the
// process: the last node's level and shape count.
func (j *Journal) UseForProcess() {
	processCore.Store(&core{journal: j})
	processOnce.Do(func() {
		// go-waku keeps these in a map without a lock: made here, they are only read afterwards.
		for _, name := range []string{"relay", "lightpush", "store", "filter"} {
			utils.MessagesLogger(name)
		}
		utils.Logger()
		golog.SetPrimaryCore(following{})
	})
	golog.SetAllLoggers(golog.LogLevel(j.zapLevel()))
	if j.zapLevel() < zapcore.ErrorLevel {
		// The relay has a subscription that is never read (see its tracer), and gossipsub would tell so of each message;
		// and warn, for each message of a burst, that a peer's tag in the connection manager is behind.
		_ = golog.SetLogLevel("pubsub", "error")
	}
}

// following is the core of the process, whichever node's it is now.
type following struct{ fields *[]zapcore.Field }

func (f following) current() *core {
	now := processCore.Load()
	if f.fields == nil {
		return now
	}
	return &core{journal: now.journal, fields: *f.fields}
}

func (f following) Enabled(level zapcore.Level) bool { return processCore.Load().Enabled(level) }

func (f following) With(fields []zapcore.Field) zapcore.Core {
	all := fields
	if f.fields != nil {
		all = append(append([]zapcore.Field(nil), *f.fields...), fields...)
	}
	return following{fields: &all}
}

func (f following) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if f.Enabled(entry.Level) {
		return checked.AddCore(entry, f)
	}
	return checked
}

func (f following) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	return f.current().Write(entry, fields)
}

func (f following) Sync() error { return nil }
