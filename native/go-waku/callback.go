package main

/*
#include <gowaku.h>

static void invoke(WakuCallBack callback, int ret, const char *msg, size_t len, void *userData) {
  callback(ret, msg, len, userData);
}
*/
import "C"

import (
	"unsafe"

	"waku-desk/native/go-waku/internal/contexts"
)

// answerTo calls a C callback with Go's own bytes, which stay where they are until it has returned: it may not keep them.
func answerTo(callback C.WakuCallBack, userData unsafe.Pointer) contexts.Answer {
	return func(ret int, text []byte) {
		if len(text) == 0 {
			C.invoke(callback, C.int(ret), nil, 0, userData)
			return
		}
		C.invoke(callback, C.int(ret), (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text)), userData)
	}
}
