package journal

import (
	"strconv"
	"strings"
	"time"

	"waku-desk/native/go-waku/internal/message"
)

const (
	timeShape = "2006-01-02 15:04:05.000-07:00"
	// nwaku pads its messages to this width.
	messageWidth = 42
	// Goroutines have no thread that means anything.
	threadID = 1
)

// Line is one line in the making, text or JSON, behind what the buffer held already.
type Line struct {
	buffer []byte
	json   bool
}

// Begin starts a line behind those in the buffer.
func (j *Journal) Begin(buffer []byte, level Level, at time.Time, topics, text, file string) Line {
	l := Line{buffer: buffer, json: j.json}
	if l.json {
		l.buffer = append(l.buffer, `{"lvl":"`...)
		l.buffer = append(l.buffer, short[level]...)
		l.buffer = append(l.buffer, `","ts":"`...)
		l.buffer = at.UTC().AppendFormat(l.buffer, timeShape)
		l.buffer = append(l.buffer, `","msg":`...)
		l.buffer = message.AppendString(l.buffer, text)
	} else {
		l.buffer = append(l.buffer, short[level]...)
		l.buffer = append(l.buffer, ' ')
		l.buffer = at.UTC().AppendFormat(l.buffer, timeShape)
		l.buffer = append(l.buffer, ' ')
		l.buffer = append(l.buffer, strings.ReplaceAll(text, "\n", " ")...)
		for width := len(text); width < messageWidth; width++ {
			l.buffer = append(l.buffer, ' ')
		}
	}
	l.Quoted("topics", topics)
	l.Int("tid", threadID)
	if file != "" {
		l.Text("file", file)
	}
	return l
}

func (l *Line) key(name string) {
	if l.json {
		l.buffer = append(l.buffer, ',')
		l.buffer = message.AppendString(l.buffer, name)
		l.buffer = append(l.buffer, ':')
		return
	}
	l.buffer = append(l.buffer, ' ')
	l.buffer = append(l.buffer, name...)
	l.buffer = append(l.buffer, '=')
}

// Int adds a number.
func (l *Line) Int(name string, value int64) {
	l.key(name)
	l.buffer = strconv.AppendInt(l.buffer, value, 10)
}

// Text adds a text, in quotes where it needs them.
func (l *Line) Text(name, value string) {
	if l.json || value == "" || strings.ContainsFunc(value, needsQuotes) {
		l.Quoted(name, value)
		return
	}
	l.key(name)
	l.buffer = append(l.buffer, value...)
}

// Quoted adds a text in quotes.
func (l *Line) Quoted(name, value string) {
	l.key(name)
	if l.json {
		l.buffer = message.AppendString(l.buffer, value)
		return
	}
	l.buffer = strconv.AppendQuote(l.buffer, value)
}

// Bytes adds a text that needs no quotes, without making a string of it.
func (l *Line) Bytes(name string, value []byte) {
	l.key(name)
	if l.json {
		l.buffer = append(l.buffer, '"')
	}
	l.buffer = append(l.buffer, value...)
	if l.json {
		l.buffer = append(l.buffer, '"')
	}
}

// End gives the buffer with the finished line.
func (l *Line) End() []byte {
	if l.json {
		l.buffer = append(l.buffer, '}')
	}
	return append(l.buffer, '\n')
}

func needsQuotes(r rune) bool { return r <= ' ' || r == '"' || r == '=' || r == '\\' || r == 0x7f }
