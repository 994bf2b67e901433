// Package wire is the binary form of accumulators: short, equal for equal contents, and safe to read.
//
// A text begins with a byte for what it holds and one for the version of its form; whole numbers, strings and decimals follow
// in an order that the writer and the reader agree on. Writers are functions that append to a slice; a [Reader] keeps its
// first fault, so that a decoder reads all fields and asks once. What a Reader accepts has one form only: whoever writes
// again what was read gets the same bytes.
//
//	b := wire.Head(nil, 'L', 1)
//	b = wire.Int(b, 42)
//
//	r := wire.NewReader(b, 'L', 1)
//	n := r.Int()
//	if err := r.Close(); err != nil { … }
package wire
