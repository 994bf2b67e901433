package lifetime

import "iter"

// Cause is why a lifetime ended. The caller numbers its causes from 1, without great gaps.
type Cause uint8

// Censored is no end: the lifetime was still going on when it was last seen.
const Censored Cause = 0

// MaxTick is the greatest tick: 2,870 years of days, 119 years of hours, 2 years of minutes.
const MaxTick = 1<<20 - 1

// Histogram counts lifetimes by the ticks at which they came under observation and ended. The zero value holds none and
// is the identity of [Histogram.Merge]. A Histogram must not be copied once it is in use, nor used from several goroutines.
//
// Counts are int64: 2^63 lifetimes, which no caller has.
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
// Add reports false, and counts nothing, unless 0 <= first <= last <= [MaxTick].
func (h *Histogram) Add(first, last int, c Cause) bool {
	if first < 0 || first > last || last > MaxTick {
		return false
	}
	if int(c) >= len(h.exit) {
		h.exit = append(h.exit, make([]column, int(c)+1-len(h.exit))...)
	}
	h.enter.add(first, 1)
	h.exit[c].add(last, 1)
	h.n++
	return true
}

// Merge counts the lifetimes of o, too. It leaves o as it is.
func (h *Histogram) Merge(o *Histogram) {
	if n := len(o.exit) - len(h.exit); n > 0 {
		h.exit = append(h.exit, make([]column, n)...)
	}
	h.enter.merge(&o.enter)
	for c := range o.exit {
		h.exit[c].merge(&o.exit[c])
	}
	h.n += o.n
}

// Len returns the number of lifetimes.
func (h *Histogram) Len() int64 { return h.n }

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
// It takes time in proportion to the number of pages with such ticks.
func (h *Histogram) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		exits := make([]*[pageSize]int64, len(h.exit))
		row := Row{Exit: make([]int64, len(h.exit))}
		pages := len(h.enter.pages)
		for c := range h.exit {
			pages = max(pages, len(h.exit[c].pages))
		}
		for i := range pages {
			enter := h.enter.page(i)
			empty := enter == nil
			for c := range exits {
				exits[c] = h.exit[c].page(i)
				empty = empty && exits[c] == nil
			}
			if empty {
				continue
			}
			for j := range pageSize {
				row.Tick, row.Enter = i*pageSize+j, 0
				if enter != nil {
					row.Enter = enter[j]
				}
				var gone int64
				for c, p := range exits {
					row.Exit[c] = 0
					if p != nil {
						row.Exit[c] = p[j]
						gone += p[j]
					}
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
