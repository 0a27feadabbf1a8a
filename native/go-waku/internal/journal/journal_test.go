package journal

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/zap"
)

func collecting(level string, asJSON bool) (*Journal, *strings.Builder) {
	lines := &strings.Builder{}
	return NewTo(level, asJSON, func(bytes []byte) { lines.Write(bytes) }), lines
}

var transfer = Transfer{
	MyPeer: "16U*abcdef", Peer: "16U*ghijkl", Topic: "/waku/2/rs/16/32", Hash: [32]byte{0xab}, TimeNs: 1_795_552_961_620_036_093,
	MessageID: strings.Repeat("\x12", 32), PayloadBytes: 212,
}

func TestTransfersAreWrittenInNwakusWords(t *testing.T) {
	j, _ := collecting("NOTICE", false)
	got := string(j.AppendTransfer(nil, &transfer))
	want := `NTC 2026-11-24 20:42:41.620+00:00 received relay message                     topics="waku relay" tid=1 ` +
		`file=tracer.go my_peer_id=16U*abcdef msg_hash=0xab` + strings.Repeat("0", 62) + ` msg_id=121212121212...121212121212 ` +
		`from_peer_id=16U*ghijkl topic=/waku/2/rs/16/32 receivedTime=1795552961620036093 payloadSizeBytes=212` + "\n"
	if got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
	sent := transfer
	sent.Sent = true
	if got := string(j.AppendTransfer(nil, &sent)); !strings.Contains(got, "sent relay message  ") ||
		!strings.Contains(got, "to_peer_id=16U*ghijkl") || !strings.Contains(got, "sentTime=1795552961620036093") {
		t.Error(got)
	}
}

func TestTransfersInJSONHaveTheSameKeys(t *testing.T) {
	j, _ := collecting("TRACE", true)
	var line map[string]any
	if err := json.Unmarshal(j.AppendTransfer(nil, &transfer), &line); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"lvl": "NTC", "msg": "received relay message", "topics": "waku relay", "my_peer_id": "16U*abcdef",
		"from_peer_id": "16U*ghijkl", "topic": "/waku/2/rs/16/32", "payloadSizeBytes": 212.0,
	} {
		if line[key] != want {
			t.Errorf("%s: %v, not %v", key, line[key], want)
		}
	}
}

func TestTransfersAreWrittenUpToNotice(t *testing.T) {
	for level, want := range map[string]bool{"TRACE": true, "INFO": true, "NOTICE": true, "WARN": false, "FATAL": false} {
		j, _ := collecting(level, false)
		if got := len(j.AppendTransfer(nil, &transfer)) > 0; got != want {
			t.Errorf("%s: %v", level, got)
		}
	}
}

func TestZapsLinesHaveTheSameShape(t *testing.T) {
	j, lines := collecting("INFO", false)
	log := j.Logger().Named("relay")
	log.Debug("not written")
	log.With(zap.Int("n", 1)).Info("two\nlines", zap.String("a", "with space"), zap.Error(errors.New("x=y")))
	shape := `^INF [-0-9]+ [0-9:.]+\+00:00 two lines {33} topics="relay" tid=1 file=journal_test\.go:\d+ n=1 a="with space" error="x=y"\n$`
	if !regexp.MustCompile(shape).MatchString(lines.String()) {
		t.Errorf("%q", lines.String())
	}
}

func TestNoticeHidesInfoAndShowsWarnings(t *testing.T) {
	j, lines := collecting("NOTICE", false)
	j.Logger().Info("hidden")
	j.Logger().Warn("shown")
	if got := lines.String(); strings.Contains(got, "hidden") || !strings.HasPrefix(got, "WRN ") {
		t.Error(got)
	}
}
