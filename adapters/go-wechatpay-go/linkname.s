// Empty: with it, the compiler lets main.go declare functions that go:linkname finds elsewhere.
