package main

/*
#cgo CFLAGS: -I${SRCDIR}/../abi
#include <stdint.h>
#include <stdlib.h>
#include <gowaku.h>
*/
import "C"

import (
	"fmt"
	"unsafe"

	"waku-desk/native/go-waku/internal/contexts"
)

// mostBytes of one call: what a C int can count.
const mostBytes = 1<<31 - 1

// gowaku_new makes a context. 0 after an error, which the callback has then told.
//
//export gowaku_new
func gowaku_new(config *C.char, callback C.WakuCallBack, userData unsafe.Pointer) (id C.uintptr_t) {
	answer := answerTo(callback, userData)
	defer recoverAs(answer)
	return C.uintptr_t(contexts.New(textOf(config), answer))
}

// gowaku_set_event_callback replaces the receiver of events; without a callback nobody receives them.
//
//export gowaku_set_event_callback
func gowaku_set_event_callback(id C.uintptr_t, callback C.WakuCallBack, userData unsafe.Pointer) {
	defer recoverAs(func(int, []byte) {})
	if callback == nil {
		contexts.SetEvents(uint64(id), nil)
		return
	}
	contexts.SetEvents(uint64(id), answerTo(callback, userData))
}

// gowaku_call begins a call. 0: its answer comes, on another thread. 1: it has come, an error.
//
//export gowaku_call
func gowaku_call(id C.uintptr_t, name, text1, text2 *C.char, number1, number2 C.longlong,
	callback C.WakuCallBack, userData unsafe.Pointer) (status C.int) {
	answer := answerTo(callback, userData)
	status = 1
	defer recoverAs(answer)
	accepted := contexts.Call(uint64(id), C.GoString(name), contexts.Arguments{
		Text1: textOf(text1), Text2: textOf(text2), Number1: int64(number1), Number2: int64(number2),
	}, answer)
	if accepted {
		status = 0
	}
	return status
}

// gowaku_call_with_bytes is gowaku_call for a function that takes bytes and a time limit.
//
//export gowaku_call_with_bytes
func gowaku_call_with_bytes(id C.uintptr_t, name *C.char, bytes unsafe.Pointer, size C.size_t, timeoutMs C.longlong,
	callback C.WakuCallBack, userData unsafe.Pointer) (status C.int) {
	answer := answerTo(callback, userData)
	status = 1
	defer recoverAs(answer)
	if size > mostBytes {
		answer(1, []byte("more bytes than one call may have"))
		return status
	}
	accepted := contexts.Call(uint64(id), C.GoString(name), contexts.Arguments{
		Bytes: C.GoBytes(bytes, C.int(size)), Number1: int64(timeoutMs),
	}, answer)
	if accepted {
		status = 0
	}
	return status
}

// textOf takes NULL for an empty text, which whoever needs one refuses.
func textOf(text *C.char) string {
	if text == nil {
		return ""
	}
	return C.GoString(text)
}

// recoverAs keeps a panic from the caller, who could not catch it.
func recoverAs(answer contexts.Answer) {
	if panicked := recover(); panicked != nil {
		answer(1, []byte(fmt.Sprintf("a defect of libgowaku: %v", panicked)))
	}
}
