package message

import (
	"reflect"
	"testing"
)

// What the plain reader takes, it reads as encoding/json does.
func TestPlainFieldsAreThoseOfEncodingJSON(t *testing.T) {
	for _, text := range []string{
		`{"payload":"aGVhcmQ=","contentTopic":"/a/1/b/proto","version":0,"timestamp":"1764018546123456789","ephemeral":false}`,
		`{"payload":"","contentTopic":"","version":4294967295,"timestamp":-5,"ephemeral":true,"meta":"AQ==","proof":"Ag=="}`,
		`{"proof":"Ag==","timestamp":9223372036854775807}`,
	} {
		plain, isPlain := plainFields(text)
		if !isPlain {
			t.Errorf("%s is not read", text)
		}
		var exact fields
		if err := decodeStrictly(text, &exact); err != nil {
			t.Fatal(err)
		}
		for _, numbers := range []struct{ plain, exact *[]byte }{
			{(*[]byte)(&plain.Version), (*[]byte)(&exact.Version)}, {(*[]byte)(&plain.Timestamp), (*[]byte)(&exact.Timestamp)},
		} {
			*numbers.plain, *numbers.exact = []byte(number(*numbers.plain)), []byte(number(*numbers.exact))
		}
		if !reflect.DeepEqual(plain, exact) {
			t.Errorf("%s is read as %+v, not %+v", text, plain, exact)
		}
	}
}

func TestPlainFieldsLeaveTheRestToEncodingJSON(t *testing.T) {
	for _, text := range []string{
		``, `{`, `{}`, `[]`, `{"payload":"aGVhcmQ="`, `{"payload":"aGVhcmQ="}}`, `{"payload":"aGVhcmQ="} `, `{"payload":"aGVhcmQ=",}`,
		`{"payload":"a\u0041"}`, `{"payload":"ä"}`, `{"payload":null}`, `{ "payload":""}`, `{"payload": ""}`, `{"payload":1}`,
		`{"payload":"","payload":""}`, `{"unknown":1}`, `{"Payload":""}`, `{"version":007}`, `{"version":1.5}`, `{"version":1e3}`,
		`{"version":}`, `{"version":"x"}`, `{"timestamp":""}`, `{"timestamp":--1}`, `{"ephemeral":1}`, `{"ephemeral":truefalse}`,
		`{"payload":"a` + "\n" + `"}`,
	} {
		if f, isPlain := plainFields(text); isPlain {
			t.Errorf("%s is read as %+v", text, f)
		}
	}
}
