package message

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/waku-org/go-waku/waku/v2/protocol/pb"
	"google.golang.org/protobuf/proto"
)

type fields struct {
	Payload      string          `json:"payload"`
	ContentTopic string          `json:"contentTopic"`
	Version      json.RawMessage `json:"version"`
	Timestamp    json.RawMessage `json:"timestamp"`
	Ephemeral    bool            `json:"ephemeral"`
	Meta         string          `json:"meta"`
	Proof        string          `json:"proof"`
}

// Parse reads a message to be sent. Numbers may be texts; the timestamp may be missing or 0, then `nowNs` stands for it.
func Parse(text string, nowNs int64) (*pb.WakuMessage, error) {
	f, isPlain := plainFields(text)
	if !isPlain {
		f = fields{}
		if err := decodeStrictly(text, &f); err != nil {
			return nil, fmt.Errorf("the message is not valid JSON: %w", err)
		}
	}
	payload, err := Base64(f.Payload)
	if err != nil {
		return nil, fmt.Errorf("payload: %w", err)
	}
	meta, err := Base64(f.Meta)
	if err != nil {
		return nil, fmt.Errorf("meta: %w", err)
	}
	proof, err := Base64(f.Proof)
	if err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	timestamp, err := Int64(f.Timestamp)
	if err != nil {
		return nil, fmt.Errorf("timestamp: %w", err)
	}
	version, err := Uint64(f.Version)
	if err != nil || version > 1<<32-1 {
		return nil, errors.New("version: a whole number of 32 bits is needed")
	}
	if timestamp == 0 {
		timestamp = nowNs
	}
	m := &pb.WakuMessage{
		Payload:      payload,
		ContentTopic: f.ContentTopic,
		Timestamp:    &timestamp,
	}
	if version != 0 {
		m.Version = proto.Uint32(uint32(version))
	}
	if f.Ephemeral {
		m.Ephemeral = &f.Ephemeral
	}
	if len(meta) > 0 {
		m.Meta = meta
	}
	if len(proof) > 0 {
		m.RateLimitProof = proof
	}
	return m, m.Validate()
}

func decodeStrictly(text string, to any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("it is empty")
		}
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}

// Base64 decodes the standard alphabet, padded or not.
func Base64(text string) ([]byte, error) {
	encoding := base64.RawStdEncoding
	if strings.HasSuffix(text, "=") {
		encoding = base64.StdEncoding
	}
	decoded, err := encoding.DecodeString(text)
	// Go's decoder skips line ends.
	if err != nil || strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return nil, errors.New("it is not base64")
	}
	return decoded, nil
}

// Int64 reads a JSON integer or a text that holds one; missing is 0.
func Int64(raw json.RawMessage) (int64, error) {
	digits := number(raw)
	if digits == "" {
		return 0, nil
	}
	value, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, errors.New("a whole number of 64 bits is needed")
	}
	return value, nil
}

// Uint64 is Int64 without sign.
func Uint64(raw json.RawMessage) (uint64, error) {
	digits := number(raw)
	if digits == "" {
		return 0, nil
	}
	value, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0, errors.New("a whole number of 64 bits from 0 is needed")
	}
	return value, nil
}

func number(raw json.RawMessage) string {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return ""
	}
	if raw[0] != '"' {
		return string(raw)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil || text == "" {
		return "no number"
	}
	return text
}
