package journal

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// Logger is a zap logger that writes to the journal.
func (j *Journal) Logger() *zap.Logger { return zap.New(&core{journal: j}, zap.AddCaller()) }

// core is zap's way to the journal.
type core struct {
	journal *Journal
	fields  []zapcore.Field
}

func (c *core) Enabled(level zapcore.Level) bool { return level >= c.journal.zapLevel() }

func (c *core) With(fields []zapcore.Field) zapcore.Core {
	all := append(append([]zapcore.Field(nil), c.fields...), fields...)
	return &core{journal: c.journal, fields: all}
}

func (c *core) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

func (c *core) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	file := ""
	if entry.Caller.Defined {
		file = fmt.Sprintf("%s:%d", filepath.Base(entry.Caller.File), entry.Caller.Line)
	}
	topics := strings.ReplaceAll(entry.LoggerName, ".", " ")
	line := c.journal.Begin(nil, levelOf(entry.Level), entry.Time, topics, entry.Message, file)
	for _, field := range c.fields {
		addField(&line, field)
	}
	for _, field := range fields {
		addField(&line, field)
	}
	c.journal.Write(line.End())
	return nil
}

func (c *core) Sync() error { return nil }

func addField(line *Line, field zapcore.Field) {
	encoder := zapcore.NewMapObjectEncoder()
	field.AddTo(encoder)
	keys := make([]string, 0, len(encoder.Fields))
	for key := range encoder.Fields {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		line.Text(key, fmt.Sprint(encoder.Fields[key]))
	}
}
