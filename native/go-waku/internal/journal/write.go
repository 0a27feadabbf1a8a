//go:build !windows

package journal

import (
	"errors"
	"syscall"
	"time"
)

const standardOutput = 1

// writeOut writes to descriptor 1 as it is now: the program may point it elsewhere at any time. One write for one
// batch of lines, unless the system takes only a part.
func writeOut(bytes []byte) {
	for len(bytes) > 0 {
		written, err := syscall.Write(standardOutput, bytes)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			// Somebody has made it non-blocking.
			time.Sleep(time.Millisecond)
		case err != nil:
			return
		}
		if written > 0 {
			bytes = bytes[written:]
		}
	}
}
