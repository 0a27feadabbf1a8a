package settings

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/multiformats/go-multiaddr"
	"github.com/waku-org/go-waku/waku/v2/protocol"
)

var levels = []string{"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "FATAL"}

func textOf(v json.RawMessage, to *string) error {
	if json.Unmarshal(v, to) != nil {
		return errors.New("a text is needed")
	}
	return nil
}

func textsOf(v json.RawMessage, to *[]string) error {
	if json.Unmarshal(v, to) != nil {
		return errors.New("a list of texts is needed")
	}
	return nil
}

func boolOf(v json.RawMessage, to *bool) error {
	if json.Unmarshal(v, to) != nil {
		return errors.New("true or false is needed")
	}
	return nil
}

func uint16Of(v json.RawMessage, to *uint16) error {
	if json.Unmarshal(v, to) != nil {
		return errors.New("a whole number from 0 to 65535 is needed")
	}
	return nil
}

func uint16sOf(v json.RawMessage, to *[]uint16) error {
	if json.Unmarshal(v, to) != nil {
		return errors.New("a list of whole numbers from 0 to 65535 is needed")
	}
	return nil
}

func countOf(v json.RawMessage, to *int) error {
	if json.Unmarshal(v, to) != nil || *to < 0 {
		return errors.New("a whole number from 0 is needed")
	}
	return nil
}

func logLevel(v json.RawMessage, to *string) error {
	var name string
	if err := textOf(v, &name); err != nil {
		return err
	}
	for _, level := range levels {
		if strings.EqualFold(name, level) {
			*to = level
			return nil
		}
	}
	return fmt.Errorf("one of %s is needed", strings.Join(levels, ", "))
}

func logFormat(v json.RawMessage, to *bool) error {
	var name string
	if err := textOf(v, &name); err != nil {
		return err
	}
	if !strings.EqualFold(name, "TEXT") && !strings.EqualFold(name, "JSON") {
		return errors.New("TEXT or JSON is needed")
	}
	*to = strings.EqualFold(name, "JSON")
	return nil
}

func nodeKey(v json.RawMessage, to **ecdsa.PrivateKey) error {
	var text string
	if err := textOf(v, &text); err != nil {
		return err
	}
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		return errors.New("64 hexadecimal digits are needed")
	}
	key, err := crypto.ToECDSA(bytes)
	if err != nil {
		// The cause would tell of the key.
		return errors.New("64 hexadecimal digits of a secp256k1 private key are needed")
	}
	*to = key
	return nil
}

func ipOf(v json.RawMessage, to *net.IP) error {
	var text string
	if err := textOf(v, &text); err != nil {
		return err
	}
	ip := net.ParseIP(text)
	if ip == nil {
		return fmt.Errorf("an IP address is needed, not %q", text)
	}
	*to = ip
	return nil
}

// natOf knows extip:IP. For "any" nobody is asked: this node contacts no gateway.
func natOf(v json.RawMessage, to *net.IP) error {
	var text string
	if err := textOf(v, &text); err != nil {
		return err
	}
	if text == "any" || text == "none" || text == "" {
		return nil
	}
	address, found := strings.CutPrefix(text, "extip:")
	ip := net.ParseIP(address)
	if !found || ip == nil {
		return fmt.Errorf("any, none or extip:<IP address> is needed, not %q", text)
	}
	*to = ip
	return nil
}

func multiaddrsOf(v json.RawMessage, to *[]multiaddr.Multiaddr) error {
	var texts []string
	if err := textsOf(v, &texts); err != nil {
		return err
	}
	for _, text := range texts {
		address, err := multiaddr.NewMultiaddr(text)
		if err != nil {
			return err
		}
		*to = append(*to, address)
	}
	return nil
}

var sizes = regexp.MustCompile(`^(\d+(?:\.\d+)?) ?(B|KiB|KB|MiB|MB)$`)
var units = map[string]float64{"B": 1, "KB": 1000, "KiB": 1 << 10, "MB": 1000 * 1000, "MiB": 1 << 20}

// sizeOf reads "150KiB", "153600B" and the like.
func sizeOf(v json.RawMessage, to *int) error {
	var text string
	if err := textOf(v, &text); err != nil {
		return err
	}
	parts := sizes.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return fmt.Errorf("a size such as 150KiB or 153600B is needed, not %q", text)
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	bytes := number * units[parts[2]]
	if err != nil || bytes < 1 || bytes > 1<<30 {
		return fmt.Errorf("a size from 1B to 1024MiB is needed, not %q", text)
	}
	*to = int(bytes)
	return nil
}

// protectedShards are texts "<shard>:<public key in hexadecimal digits>".
func protectedShards(v json.RawMessage, to *[]ProtectedShard) error {
	var texts []string
	if err := textsOf(v, &texts); err != nil {
		return err
	}
	for _, text := range texts {
		shardText, keyText, _ := strings.Cut(text, ":")
		shard, err := strconv.ParseUint(shardText, 10, 16)
		if err != nil {
			return fmt.Errorf("<shard>:<public key> is needed, not %q", text)
		}
		key, err := PublicKey(keyText)
		if err != nil {
			return err
		}
		*to = append(*to, ProtectedShard{Shard: uint16(shard), PublicKey: key})
	}
	return nil
}

// PublicKey reads a secp256k1 public key, uncompressed or not, in hexadecimal digits with or without 0x.
func PublicKey(text string) (*ecdsa.PublicKey, error) {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err == nil {
		var key *ecdsa.PublicKey
		if len(bytes) == 33 {
			key, err = crypto.DecompressPubkey(bytes)
		} else {
			key, err = crypto.UnmarshalPubkey(bytes)
		}
		if err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("a secp256k1 public key in hexadecimal digits is needed: %w", err)
}

// addContentTopics adds the shards of content topics, as auto-sharding computes them.
func (r *reader) addContentTopics() error {
	if len(r.contentTopics) == 0 {
		return nil
	}
	if r.numShardsInNetwork == 0 {
		return errors.New("contentTopics: numShardsInNetwork is needed to compute their shards")
	}
	for _, text := range r.contentTopics {
		topic, err := protocol.StringToContentTopic(text)
		if err != nil {
			return fmt.Errorf("contentTopics: %q: %w", text, err)
		}
		r.addShard(protocol.GetShardFromContentTopic(topic, int(r.numShardsInNetwork)).Shard())
	}
	return nil
}

func (r *reader) addShard(shard uint16) {
	for _, known := range r.Shards {
		if known == shard {
			return
		}
	}
	r.Shards = append(r.Shards, shard)
}
