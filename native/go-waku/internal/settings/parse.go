package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/ethereum/go-ethereum/crypto"
)

// reader keeps what needs other keys to be understood.
type reader struct {
	Settings
	numShardsInNetwork uint16
	contentTopics      []string
	storeOffered       bool
}

// Parse reads a configuration. Keys with exact case; one that nobody knows is refused, and so is a value that the node
// could not honour.
func Parse(text string) (*Settings, error) {
	fields, err := objectOf(text)
	if err != nil {
		return nil, fmt.Errorf("the configuration is not JSON: %w", err)
	}
	r := &reader{Settings: defaults()}
	// In one order, so that the same configuration gives the same error.
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		read, known := keys[name]
		if !known {
			return nil, unknownKey(name)
		}
		if bytes.Equal(fields[name], []byte("null")) {
			continue
		}
		if err := read(r, fields[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return r.finish()
}

func objectOf(text string) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	var fields map[string]json.RawMessage
	if err := decoder.Decode(&fields); err != nil {
		return nil, err
	}
	if fields == nil {
		return nil, errors.New("an object is needed")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return fields, nil
}

func (r *reader) finish() (*Settings, error) {
	if r.storeOffered {
		return nil, errors.New("store: go-waku has no store of version 3 to offer; use nwaku for it")
	}
	if r.Lightpush && !r.Relay {
		return nil, errors.New("lightpush: a node without relay cannot offer it")
	}
	if r.Filter && !r.Relay {
		return nil, errors.New("filter: a node without relay cannot offer it")
	}
	if err := r.addContentTopics(); err != nil {
		return nil, err
	}
	if r.NodeKey == nil {
		key, err := crypto.GenerateKey()
		if err != nil {
			return nil, err
		}
		r.NodeKey = key
	}
	return &r.Settings, nil
}
