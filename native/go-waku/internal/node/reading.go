package node

import (
	"reflect"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// endReading has the relay no longer read a topic for consumers that this node has not: it decodes and hashes each
// message again, and starts a goroutine for each, a tenth of what a message costs. The probe keeps the topic subscribed.
// go-waku has no call for it and no name for its subscription; where a release has it elsewhere, it reads on.
func endReading(r *relay.WakuRelay, topic string) {
	topics := reflect.ValueOf(r).Elem().FieldByName("topics")
	if topics.Kind() != reflect.Map {
		return
	}
	details := topics.MapIndex(reflect.ValueOf(topic))
	if details.Kind() != reflect.Pointer || details.Elem().Kind() != reflect.Struct {
		return
	}
	subscription := details.Elem().FieldByName("subscription")
	if subscription.IsValid() && subscription.Type() == reflect.TypeFor[*pubsub.Subscription]() {
		(*pubsub.Subscription)(subscription.UnsafePointer()).Cancel()
	}
}

// withoutEnds leaves out that a subscription ended, which go-waku logs as an error, also of those that it ends itself.
func withoutEnds(log *zap.Logger) *zap.Logger {
	return log.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core { return endless{core} }))
}

type endless struct{ zapcore.Core }

func (e endless) With(fields []zapcore.Field) zapcore.Core { return endless{e.Core.With(fields)} }

func (e endless) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if entry.Message == "getting message from subscription" {
		return checked
	}
	return e.Core.Check(entry, checked)
}
