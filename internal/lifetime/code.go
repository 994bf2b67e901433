package lifetime

import (
	"errors"
	"iter"
	"math"

	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of a text.
var (
	errTick  = errors.New("holds ticks out of order or beyond the greatest")
	errCount = errors.New("holds a count that is negative, or too many in all")
	errSound = errors.New("holds spells that leave before they enter, or never do")
)

// Append appends the binary form of a histogram: the counts of entries, of censorings, and of ends by the causes in the order
// given, which are all there are. Each is the number of ticks with a count, then for each the ticks passed over since the
// one before, and the count less 1. Zeros are left out, so equal histograms have equal forms.
func (h *Histogram) Append(b []byte, causes []Cause) []byte {
	b = h.enter.append(b)
	b = h.column(Censored).append(b)
	for _, c := range causes {
		b = h.column(c).append(b)
	}
	return b
}

// append appends the binary form of a column.
func (c *column) append(b []byte) []byte {
	n := 0
	for range c.all {
		n++
	}
	b = wire.Uint(b, uint64(n))
	next := 0
	for t, n := range c.all {
		b = wire.Uint(wire.Uint(b, uint64(t-next)), uint64(n-1))
		next = t + 1
	}
	return b
}

// Read reads what [Histogram.Append] appended for so many causes, which are numbered from 1 in that order. A cause by which
// none ended is a fault, and so is what no lifetimes can have left. It takes time and memory in proportion to the text.
func Read(r *wire.Reader, causes int) *Histogram {
	h := &Histogram{exit: make([]column, 1+causes)}
	h.enter.read(r)
	var n int64
	for c := range h.exit {
		n = r.Sum(n, h.exit[c].read(r))
		if c > 0 && len(h.exit[c].pages) == 0 {
			r.Fail(errSound)
		}
	}
	if !r.OK() {
		return new(Histogram)
	}
	h.n = n
	if !h.sound() {
		r.Fail(errSound)
	}
	return h
}

// read reads the binary form of a column, and returns the sum of its counts.
func (c *column) read(r *wire.Reader) (sum int64) {
	n := r.Count(2)
	ticks, counts := make([]int32, n), make([]int64, n)
	next := int64(0)
	pages, last := 0, int32(-1)
	for i := range ticks {
		t := next + r.Natural(MaxTick)
		counts[i] = 1 + r.Natural(math.MaxInt64-1)
		sum = r.Sum(sum, counts[i])
		if t > MaxTick {
			r.Fail(errTick)
		}
		if !r.OK() {
			return 0
		}
		next, ticks[i] = t+1, int32(t)
		if ticks[i]/span != last {
			pages, last = pages+1, ticks[i]/span
		}
	}
	c.pages = make([]page, 0, pages)
	from := 0
	for i, t := range ticks {
		if i == 0 || t/span != ticks[i-1]/span {
			c.pages = append(c.pages, page{number: t / span})
			from = i
		}
		p := &c.pages[len(c.pages)-1]
		p.mask |= 1 << (t % span)
		p.counts = counts[from : i+1 : i+1] // of its own: what is added later goes elsewhere
	}
	return sum
}

// FromRows returns the histogram that has these rows, of which it does not read AtRisk. It fails if ticks do not ascend or are
// out of bounds, a count is negative, or no lifetimes can have left such rows.
func FromRows(rows iter.Seq[Row]) (*Histogram, error) {
	h := new(Histogram)
	next, open := 0, int64(0)
	for row := range rows {
		if row.Tick < next || row.Tick > MaxTick {
			return nil, errTick
		}
		next = row.Tick + 1
		if row.Enter < 0 || row.Enter > math.MaxInt64-h.n {
			return nil, errCount
		}
		if row.Enter > 0 {
			h.enter.add(row.Tick, row.Enter)
		}
		h.n += row.Enter
		open += row.Enter
		h.grow(len(row.Exit))
		for c, n := range row.Exit {
			if n < 0 {
				return nil, errCount
			}
			if n > open {
				return nil, errSound
			}
			if n > 0 {
				h.exit[c].add(row.Tick, n)
			}
			open -= n
		}
	}
	if open != 0 {
		return nil, errSound
	}
	return h, nil
}
