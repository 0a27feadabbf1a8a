package journal

import "syscall"

// writeOut writes to the standard output as it is now: the program may point it elsewhere at any time.
func writeOut(bytes []byte) {
	handle, err := syscall.GetStdHandle(syscall.STD_OUTPUT_HANDLE)
	if err != nil {
		return
	}
	for len(bytes) > 0 {
		var written uint32
		if syscall.WriteFile(handle, bytes, &written, nil) != nil {
			return
		}
		bytes = bytes[written:]
	}
}
