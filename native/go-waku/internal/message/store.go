package message

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/store/pb"
)

type storeQuery struct {
	RequestID         string          `json:"requestId"`
	IncludeData       bool            `json:"includeData"`
	PubsubTopic       *string         `json:"pubsubTopic"`
	ContentTopics     []string        `json:"contentTopics"`
	TimeStart         json.RawMessage `json:"timeStart"`
	TimeEnd           json.RawMessage `json:"timeEnd"`
	MessageHashes     []string        `json:"messageHashes"`
	PaginationCursor  *string         `json:"paginationCursor"`
	PaginationForward bool            `json:"paginationForward"`
	PaginationLimit   json.RawMessage `json:"paginationLimit"`
}

// ParseStoreQuery reads libwaku's shape: hashes as 64 hexadecimal digits with or without 0x, times in nanoseconds as
// numbers or texts. A missing request id is made up.
func ParseStoreQuery(text string) (*pb.StoreQueryRequest, error) {
	var q storeQuery
	if err := decodeStrictly(text, &q); err != nil {
		return nil, fmt.Errorf("the query is not valid JSON: %w", err)
	}
	request := &pb.StoreQueryRequest{
		RequestId:         q.RequestID,
		IncludeData:       q.IncludeData,
		PubsubTopic:       q.PubsubTopic,
		ContentTopics:     q.ContentTopics,
		PaginationForward: q.PaginationForward,
	}
	if request.RequestId == "" {
		request.RequestId = hex.EncodeToString(protocol.GenerateRequestID())
	}
	for _, time := range []struct {
		name string
		raw  json.RawMessage
		to   **int64
	}{{"timeStart", q.TimeStart, &request.TimeStart}, {"timeEnd", q.TimeEnd, &request.TimeEnd}} {
		value, err := Int64(time.raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", time.name, err)
		}
		if value != 0 {
			*time.to = &value
		}
	}
	limit, err := Uint64(q.PaginationLimit)
	if err != nil {
		return nil, fmt.Errorf("paginationLimit: %w", err)
	}
	if limit != 0 {
		request.PaginationLimit = &limit
	}
	if q.PaginationCursor != nil && *q.PaginationCursor != "" {
		if request.PaginationCursor, err = hashBytes(*q.PaginationCursor); err != nil {
			return nil, fmt.Errorf("paginationCursor: %w", err)
		}
	}
	for _, text := range q.MessageHashes {
		hash, err := hashBytes(text)
		if err != nil {
			return nil, fmt.Errorf("messageHashes: %w", err)
		}
		request.MessageHashes = append(request.MessageHashes, hash)
	}
	return request, request.Validate()
}

func hashBytes(text string) ([]byte, error) {
	hash, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(hash) != 32 {
		return nil, fmt.Errorf("64 hexadecimal digits are needed, not %q", text)
	}
	return hash, nil
}

// AppendStoreAnswer writes libwaku's shape, but payloads in base64. What the store has not sent is left out.
func AppendStoreAnswer(to []byte, answer *pb.StoreQueryResponse) []byte {
	to = append(to, `{"requestId":`...)
	to = AppendString(to, answer.GetRequestId())
	to = append(to, `,"statusCode":`...)
	to = strconv.AppendUint(to, uint64(answer.GetStatusCode()), 10)
	to = append(to, `,"statusDesc":`...)
	to = AppendString(to, answer.GetStatusDesc())
	to = append(to, `,"messages":[`...)
	for i, entry := range answer.GetMessages() {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(to, `{"messageHash":`...)
		to = appendHex(to, entry.GetMessageHash())
		if entry.PubsubTopic != nil {
			to = append(to, `,"pubsubTopic":`...)
			to = AppendString(to, entry.GetPubsubTopic())
		}
		if entry.Message != nil {
			to = append(to, `,"message":`...)
			to = AppendWakuMessage(to, entry.Message)
		}
		to = append(to, '}')
	}
	to = append(to, ']')
	if len(answer.GetPaginationCursor()) > 0 {
		to = append(to, `,"paginationCursor":`...)
		to = appendHex(to, answer.GetPaginationCursor())
	}
	return append(to, '}')
}

func appendHex(to, bytes []byte) []byte {
	to = append(to, `"0x`...)
	to = hex.AppendEncode(to, bytes)
	return append(to, '"')
}
