// Package message reads and writes Waku messages as JSON, in the shapes of libwaku.
package message

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"
)

// AppendString writes a JSON text.
func AppendString(to []byte, text string) []byte {
	if !isPlain(text) {
		// Marshal of a string does not fail.
		encoded, _ := json.Marshal(text)
		return append(to, encoded...)
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}

func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func appendBase64(to, bytes []byte) []byte {
	to = append(to, '"')
	to = base64.StdEncoding.AppendEncode(to, bytes)
	return append(to, '"')
}
