package lifetime

import (
	"iter"
	"math/bits"
)

// Row is what a histogram holds about one tick.
type Row struct {
	// Tick is the age.
	Tick int
	// AtRisk is the number of lifetimes that could have ended at the tick.
	AtRisk int64
	// Enter is the number of those that were not at risk at the tick before.
	Enter int64
	// Exit is the number of lifetimes that ended at the tick by each cause, Exit[Censored] of them censored. It is valid
	// until the next row.
	Exit []int64
}

// Exits returns how many lifetimes ended at the tick by a cause, 0 if there was none by it.
func (r Row) Exits(c Cause) int64 {
	if int(c) >= len(r.Exit) {
		return 0
	}
	return r.Exit[c]
}

// Ended returns how many lifetimes ended at the tick by any cause, censorings aside.
func (r Row) Ended() int64 {
	var n int64
	for _, e := range r.Exit[1:] {
		n += e
	}
	return n
}

// Rows returns the ticks at which a lifetime enters or exits, ascending. Between them the number at risk does not change.
func (h *Histogram) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		readers := make([]reader, 1+len(h.exit))
		readers[0] = reader{rest: h.enter.pages}
		for c := range h.exit {
			readers[1+c] = reader{rest: h.exit[c].pages}
		}
		row := Row{Exit: make([]int64, len(h.exit))}
		for {
			number := int32(MaxTick)
			for i := range readers {
				if rest := readers[i].rest; len(rest) > 0 {
					number = min(number, rest[0].number)
				}
			}
			if number == MaxTick {
				return
			}
			var union uint64
			for i := range readers {
				union |= readers[i].open(number)
			}
			for m := union; m != 0; m &= m - 1 {
				bit := m & -m
				row.Tick = int(number)*span + bits.TrailingZeros64(m)
				row.Enter = readers[0].count(bit)
				var gone int64
				for c := range row.Exit {
					row.Exit[c] = readers[1+c].count(bit)
					gone += row.Exit[c]
				}
				row.AtRisk += row.Enter
				if (row.Enter != 0 || gone != 0) && !yield(row) {
					return
				}
				row.AtRisk -= gone
			}
		}
	}
}

// reader goes through the counts of a column.
type reader struct {
	rest   []page  // from the page after the one that is read
	mask   uint64  // of the page that is read
	counts []int64 // of that page, those not yet read
}

// open goes to the page of that number, if it is the next, and returns its mask.
func (r *reader) open(number int32) uint64 {
	r.mask = 0
	if len(r.rest) > 0 && r.rest[0].number == number {
		r.mask, r.counts = r.rest[0].mask, r.rest[0].counts
		r.rest = r.rest[1:]
	}
	return r.mask
}

// count returns the count of the tick of that bit. Bits are asked for in order.
func (r *reader) count(bit uint64) int64 {
	if r.mask&bit == 0 {
		return 0
	}
	n := r.counts[0]
	r.counts = r.counts[1:]
	return n
}
