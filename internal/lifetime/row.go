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

// by returns how many lifetimes ended at the tick by a cause; none ends by [Censored].
func (r Row) by(c Cause) int64 {
	if c == Censored {
		return 0
	}
	return r.Exits(c)
}

// Rows returns the ticks at which a lifetime enters or exits, ascending. Between them the number at risk does not change.
func (h *Histogram) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		readers := make([]reader, 1+len(h.exit))
		readers[0].rest = h.enter.pages
		for c := range h.exit {
			readers[1+c].rest = h.exit[c].pages
		}
		enters, exits := &readers[0], readers[1:]
		row := Row{Exit: make([]int64, len(exits))}
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
			var ticks uint64
			for i := range readers {
				ticks |= readers[i].open(number)
			}
			for m := ticks; m != 0; m &= m - 1 {
				j := bits.TrailingZeros64(m) % span
				row.Tick, row.Enter = int(number)*span+j, enters.counts[j]
				var gone int64
				for c := range row.Exit {
					n := exits[c].counts[j]
					row.Exit[c] = n
					gone += n
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

// reader goes through the pages of a column.
type reader struct {
	rest   []page       // those not yet read
	counts *[span]int64 // of the ticks of the page that is read
	own    [span]int64  // the room for the counts of a page that is not full
}

// open goes on to the page of that number, and returns its mask: 0 if the next has another number.
func (r *reader) open(number int32) uint64 {
	r.counts = &r.own
	if len(r.rest) > 0 && r.rest[0].number == number {
		p := &r.rest[0]
		r.rest = r.rest[1:]
		if p.mask == full {
			r.counts = (*[span]int64)(p.counts)
			return full
		}
		clear(r.own[:])
		for i, m := 0, p.mask; m != 0; i, m = i+1, m&(m-1) {
			r.own[bits.TrailingZeros64(m)%span] = p.counts[i]
		}
		return p.mask
	}
	clear(r.own[:])
	return 0
}
