package main

/*
#include <stdlib.h>
#include <string.h>
#include <generation-b.h>

static void invoke(WakuCallBack callback, int ret, const char *msg, size_t len, void *userData) {
  callback(ret, msg, len, userData);
}
*/
import "C"

import (
	"unsafe"

	"waku-desk/native/go-waku/internal/contexts"
)

// answerTo calls a C callback with a copy in C memory, which is freed when the callback has returned.
func answerTo(callback C.WakuCallBack, userData unsafe.Pointer) contexts.Answer {
	return func(ret int, text []byte) {
		if len(text) == 0 {
			C.invoke(callback, C.int(ret), nil, 0, userData)
			return
		}
		copied := C.CBytes(text)
		defer C.free(copied)
		C.invoke(callback, C.int(ret), (*C.char)(copied), C.size_t(len(text)), userData)
	}
}
