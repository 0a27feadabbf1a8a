// Package journal writes log lines to file descriptor 1, in the words and the shape of nwaku's.
package journal

import (
	"sync"
	"time"

	"go.uber.org/zap/zapcore"
)

// Level is the rank of nwaku's level names, which has one more than zap.
type Level int8

const (
	Trace Level = iota
	Debug
	Info
	Notice
	Warn
	Error
	Fatal
)

var names = map[string]Level{
	"TRACE": Trace, "DEBUG": Debug, "INFO": Info, "NOTICE": Notice, "WARN": Warn, "ERROR": Error, "FATAL": Fatal,
}
var short = [...]string{"TRC", "DBG", "INF", "NTC", "WRN", "ERR", "FAT"}

// Journal is one node's log. Safe for concurrent use; a line is never interleaved with another.
type Journal struct {
	level Level
	json  bool
	write func([]byte)
}

// outMutex: lines of all nodes of the process go to one descriptor.
var outMutex sync.Mutex

// New makes a journal for a level's name.
func New(levelName string, json bool) *Journal {
	return NewTo(levelName, json, func(bytes []byte) {
		outMutex.Lock()
		defer outMutex.Unlock()
		writeOut(bytes)
	})
}

// NewTo makes a journal that hands its lines to a function: for tests. It may not keep the bytes.
func NewTo(levelName string, json bool, write func([]byte)) *Journal {
	return &Journal{level: names[levelName], json: json, write: write}
}

// Writes tells whether lines of that level are written.
func (j *Journal) Writes(level Level) bool { return level >= j.level }

// Write writes finished lines in one go.
func (j *Journal) Write(lines []byte) {
	if len(lines) > 0 {
		j.write(lines)
	}
}

// Log writes one line.
func (j *Journal) Log(level Level, topics, message string, fields func(*Line)) {
	if !j.Writes(level) {
		return
	}
	line := j.Begin(nil, level, time.Now(), topics, message, "")
	if fields != nil {
		fields(&line)
	}
	j.Write(line.End())
}

func levelOf(level zapcore.Level) Level {
	switch {
	case level < zapcore.InfoLevel:
		return Debug
	case level == zapcore.InfoLevel:
		return Info
	case level == zapcore.WarnLevel:
		return Warn
	case level == zapcore.ErrorLevel:
		return Error
	}
	return Fatal
}

// zapLevel is the lowest level of zap that is written.
func (j *Journal) zapLevel() zapcore.Level {
	switch j.level {
	case Trace, Debug:
		return zapcore.DebugLevel
	case Info:
		return zapcore.InfoLevel
	case Notice, Warn:
		return zapcore.WarnLevel
	case Error:
		return zapcore.ErrorLevel
	}
	return zapcore.FatalLevel
}
