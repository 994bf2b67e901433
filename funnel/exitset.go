package funnel

import (
	"slices"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// exitSet numbers exits as causes. The zero value holds none.
//
// To find one costs the same whichever it is: comparing with one after the other costs three times as much when exits come
// in no order, as the processor cannot guess where the search ends.
type exitSet struct {
	names []Exit    // by cause; the first is Open, for Censored
	slots [64]uint8 // by hash, the cause of the first exit that has it
}

// hash returns a number below 64 that tells the usual exits apart. The exit is not empty.
func (e Exit) hash() uint {
	n := uint(len(e))
	return (3*uint(e[0]) + 5*uint(e[n/2]) + n) % 64
}

// cause returns the cause that stands for an exit, Censored for "" and Open.
func (x *exitSet) cause(e Exit) (c lifetime.Cause, ok bool) {
	if e == "" {
		return lifetime.Censored, true
	}
	if at := int(x.slots[e.hash()]); at < len(x.names) && x.names[at] == e {
		return lifetime.Cause(at), true
	}
	at := slices.Index(x.names, e)
	return lifetime.Cause(max(at, 0)), at >= 0 || e == Open
}

// add numbers an exit that has no number.
func (x *exitSet) add(e Exit) {
	if len(x.names) == 0 {
		x.names = append(x.names, Open)
	}
	if slot := &x.slots[e.hash()]; *slot == 0 {
		*slot = uint8(len(x.names))
	}
	x.names = append(x.names, e)
}

// ends returns the exits other than Open, by cause.
func (x *exitSet) ends() []Exit { return x.names[min(1, len(x.names)):] }

// newExitSet numbers exits from 1.
func newExitSet(ends []Exit) exitSet {
	var x exitSet
	for _, e := range ends {
		x.add(e)
	}
	return x
}
