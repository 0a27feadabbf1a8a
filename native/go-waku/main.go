// Command go-waku is a c-shared library over go-waku's packages with libwaku's ABI of generation B: see README.md.
package main

// A c-shared library has a main that is never called.
func main() {}
