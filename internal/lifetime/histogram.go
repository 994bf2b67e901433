package lifetime

import (
	"math"
	"slices"
)

// Cause is why a lifetime ended. The caller numbers its causes from 1, without great gaps.
type Cause uint8

// Censored is no end: the lifetime was still going on when it was last seen.
const Censored Cause = 0

// MaxTick is the greatest tick: 2,870 years of days, 119 years of hours, 2 years of minutes.
const MaxTick = 1<<20 - 1

// Histogram counts lifetimes by the ticks at which they came under observation and ended. The zero value holds none and
// is the identity of [Histogram.Merge]. A Histogram must not be copied once it is in use, nor used from several goroutines
// while one of them changes it.
//
// It takes 8 to 64 bytes for each different tick of entry, and of exit by each cause, and 48 for each stretch of 64 ticks with
// one; 8 where most ticks have one.
type Histogram struct {
	enter column
	exit  []column // by cause
	n     int64
}

// Add counts a lifetime that was at risk of ending at each tick from first to last, both included, and ended at last by
// the cause, or was last seen then. Seen from its start, it is at risk from tick 0; if it came into view when it had
// reached age a, and would not be known had it ended by then, first is a+1 (delayed entry, left truncation). A lifetime
// that is censored at a tick was at risk at that tick: ends precede censorings at the same tick.
//
// Add reports false, and counts nothing, unless 0 <= first <= last <= [MaxTick], or if there are 2^63-1 lifetimes.
func (h *Histogram) Add(first, last int, c Cause) bool {
	if uint(first) > uint(last) || uint(last) > MaxTick || h.n == math.MaxInt64 { // a negative number is a great uint
		return false
	}
	if int(c) >= len(h.exit) {
		h.grow(int(c) + 1)
	}
	if p := h.enter.at(first); p != nil {
		p[uint(first)%span]++
	} else {
		h.enter.add(first, 1)
	}
	if p := h.exit[c].at(last); p != nil {
		p[uint(last)%span]++
	} else {
		h.exit[c].add(last, 1)
	}
	h.n++
	return true
}

// grow makes room for so many causes, with [Censored].
func (h *Histogram) grow(causes int) {
	if n := causes - len(h.exit); n > 0 {
		h.exit = append(h.exit, make([]column, n)...)
	}
}

// Merge counts the lifetimes of o, too: those that ended by cause c by cause as[c], or by c itself if as is nil. It leaves o
// as it is, unless it is h. It reports false, and changes nothing, if there would be more than 2^63-1 lifetimes.
func (h *Histogram) Merge(o *Histogram, as []Cause) bool {
	if h.n > math.MaxInt64-o.n {
		return false
	}
	h.grow(o.causes(as))
	h.enter.merge(&o.enter)
	for c := range o.exit {
		h.exit[renamed(c, as)].merge(&o.exit[c])
	}
	h.n += o.n
	return true
}

// Sub takes the lifetimes of o away again: it undoes [Histogram.Merge]. It reports false, and changes nothing, if h does not
// hold them: if a count would be negative, or more lifetimes would have ended than had begun.
func (h *Histogram) Sub(o *Histogram, as []Cause) bool {
	if h == o {
		*h = Histogram{}
		return true
	}
	if !h.enter.holds(&o.enter) {
		return false
	}
	for c := range o.exit {
		if !h.column(renamed(c, as)).holds(&o.exit[c]) {
			return false
		}
	}
	h.sub(o, as)
	if !h.sound() {
		h.Merge(o, as)
		return false
	}
	return true
}

// sub subtracts the counts of o.
func (h *Histogram) sub(o *Histogram, as []Cause) {
	h.enter.sub(&o.enter)
	for c := range o.exit {
		h.column(renamed(c, as)).sub(&o.exit[c])
	}
	h.n -= o.n
}

// sound reports whether there are lifetimes with these entries and exits: at each tick at most those that are at risk exit,
// and in the end all have.
func (h *Histogram) sound() bool {
	var open int64
	for row := range h.Rows() {
		if open = row.AtRisk - row.Ended() - row.Exits(Censored); open < 0 {
			return false
		}
	}
	return open == 0
}

// causes returns how many causes the lifetimes of o have, with [Censored], when renamed.
func (h *Histogram) causes(as []Cause) int {
	if as == nil {
		return len(h.exit)
	}
	n := 0
	for c := range h.exit {
		n = max(n, int(as[c])+1)
	}
	return n
}

// column returns the counts of a cause, an empty column if there are none.
func (h *Histogram) column(c Cause) *column {
	if int(c) < len(h.exit) {
		return &h.exit[c]
	}
	return new(column)
}

// renamed returns the cause that c stands for.
func renamed(c int, as []Cause) Cause {
	if as == nil {
		return Cause(c)
	}
	return as[c]
}

// Len returns the number of lifetimes.
func (h *Histogram) Len() int64 { return h.n }

// Ended returns how many lifetimes ended by the cause, or were [Censored].
func (h *Histogram) Ended(c Cause) int64 {
	if int(c) >= len(h.exit) {
		return 0
	}
	var sum int64
	for _, n := range h.exit[c].all {
		sum += n
	}
	return sum
}

// Drop removes a cause by which no lifetime ended; the causes above it move down by one.
func (h *Histogram) Drop(c Cause) {
	if int(c) < len(h.exit) {
		h.exit = slices.Delete(h.exit, int(c), int(c)+1)
	}
}

// Clone returns a copy that shares nothing with h.
func (h *Histogram) Clone() *Histogram {
	c := &Histogram{enter: h.enter.clone(), exit: slices.Clone(h.exit), n: h.n}
	for i := range c.exit {
		c.exit[i] = c.exit[i].clone()
	}
	return c
}
