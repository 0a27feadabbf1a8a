package message

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

func TestBase64IsTakenWithAndWithoutPadding(t *testing.T) {
	for text, want := range map[string]string{"aGVsbG8=": "hello", "aGVsbG8": "hello", "": ""} {
		if got, err := Base64(text); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"a", "a_-b", "aGVs\nbG8=", "aGVsbG8==", "====", "aGVsbG8!"} {
		if got, err := Base64(text); err == nil {
			t.Errorf("%q was taken as %q", text, got)
		}
	}
}

func TestNumbersOf64BitsAreExactAsNumberAndAsText(t *testing.T) {
	const ns = int64(1_795_552_961_620_036_093)
	for _, timestamp := range []string{"1795552961620036093", `"1795552961620036093"`} {
		m, err := Parse(`{"payload":"YQ","contentTopic":"/a/1/b/c","timestamp":`+timestamp+`}`, 7)
		if err != nil || m.GetTimestamp() != ns {
			t.Errorf("%s: %v, %v", timestamp, m, err)
		}
	}
	for _, timestamp := range []string{"0", `"0"`, "null"} {
		m, err := Parse(`{"payload":"YQ","contentTopic":"/a/1/b/c","timestamp":`+timestamp+`}`, 7)
		if err != nil || m.GetTimestamp() != 7 {
			t.Errorf("%s: %v, %v", timestamp, m, err)
		}
	}
	m, err := Parse(`{"payload":"YQ","contentTopic":"/a/1/b/c","timestamp":-1}`, 7)
	if err != nil || m.GetTimestamp() != -1 {
		t.Errorf("-1: %v, %v", m, err)
	}
}

func TestBadMessagesAreRefused(t *testing.T) {
	for text, reason := range map[string]string{
		``:                                   "empty",
		`x`:                                  "not valid JSON",
		`{}`:                                 "Payload",
		`{"payload":"YQ"}`:                   "ContentTopic",
		`{"contentTopic":"a"}`:               "Payload",
		`{"payload":1,"contentTopic":"a"}`:   "not valid JSON",
		`{"payload":"!","contentTopic":"a"}`: "payload: it is not base64",
		`{"payload":"YQ","contentTopic":"a","wrong":1}`:                                                            "wrong",
		`{"payload":"YQ","contentTopic":"a"} more`:                                                                 "follows",
		`{"payload":"YQ","contentTopic":"a","timestamp":1.5}`:                                                      "timestamp:",
		`{"payload":"YQ","contentTopic":"a","timestamp":"x"}`:                                                      "timestamp:",
		`{"payload":"YQ","contentTopic":"a","timestamp":""}`:                                                       "timestamp:",
		`{"payload":"YQ","contentTopic":"a","timestamp":{}}`:                                                       "timestamp:",
		`{"payload":"YQ","contentTopic":"a","timestamp":9223372036854775808}`:                                      "timestamp:",
		`{"payload":"YQ","contentTopic":"a","version":-1}`:                                                         "version:",
		`{"payload":"YQ","contentTopic":"a","version":4294967296}`:                                                 "version:",
		`{"payload":"YQ","contentTopic":"a","ephemeral":"yes"}`:                                                    "not valid JSON",
		`{"payload":"YQ","contentTopic":"a","meta":"` + base64.StdEncoding.EncodeToString(make([]byte, 65)) + `"}`: "Meta",
	} {
		if m, err := Parse(text, 1); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, %v, not %q", text, m, err, reason)
		}
	}
}

func TestAnEventIsJSONThatReadsBackExactly(t *testing.T) {
	m, err := Parse(`{"payload":"AP8=","contentTopic":"/a/1/\"\\ü\n/x","version":3,"timestamp":"1795552961620036093",
		"ephemeral":true,"meta":"bWV0YQ==","proof":"cHJvb2Y="}`, 1)
	if err != nil {
		t.Fatal(err)
	}
	topic := "/waku/2/rs/16/32"
	text := AppendEvent(nil, topic, m.Hash(topic), m, "filter")
	var event struct {
		EventType, PubsubTopic, MessageHash, Via string
		WakuMessage                              struct {
			Payload, ContentTopic, Meta, Proof string
			Version                            uint32
			Timestamp                          json.Number
			Ephemeral                          bool
		}
	}
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	w := event.WakuMessage
	if event.EventType != "message" || event.PubsubTopic != topic || event.MessageHash != m.Hash(topic).String() ||
		event.Via != "filter" || w.Payload != "AP8=" || w.ContentTopic != m.ContentTopic || w.Meta != "bWV0YQ==" ||
		w.Proof != "cHJvb2Y=" || w.Version != 3 || w.Timestamp != "1795552961620036093" || !w.Ephemeral {
		t.Errorf("%s", text)
	}
	if !strings.Contains(string(text), `"timestamp":1795552961620036093,`) {
		t.Error("the timestamp is no JSON integer")
	}
}

func TestAStoreQueryIsReadInLibwakusShape(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	q, err := ParseStoreQuery(`{"requestId":"r","includeData":true,"pubsubTopic":"/waku/2/rs/16/32",
		"contentTopics":["/a/1/b/c"],"timeStart":"1795552961620036093","timeEnd":1795552961620036094,
		"paginationCursor":"0x` + hash + `","paginationForward":true,"paginationLimit":"20"}`)
	if err != nil {
		t.Fatal(err)
	}
	if q.RequestId != "r" || !q.IncludeData || q.GetTimeStart() != 1_795_552_961_620_036_093 ||
		q.GetTimeEnd() != 1_795_552_961_620_036_094 || len(q.PaginationCursor) != 32 || q.GetPaginationLimit() != 20 {
		t.Errorf("%v", q)
	}
	if q, err = ParseStoreQuery(`{"messageHashes":["` + hash + `"]}`); err != nil || len(q.MessageHashes) != 1 || q.RequestId == "" {
		t.Errorf("%v, %v", q, err)
	}
	for _, text := range []string{``, `{}`, `{"messageHashes":["12"]}`, `{"pubsubTopic":"x","timeStart":"y"}`,
		`{"pubsubTopic":"x","paginationLimit":-1}`, `{"pubsubTopic":"x","paginationCursor":"0x"}`, `{"other":1}`} {
		if q, err := ParseStoreQuery(text); err == nil {
			t.Errorf("%s was taken as %v", text, q)
		}
	}
}
