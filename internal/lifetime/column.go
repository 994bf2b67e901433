package lifetime

import (
	"math"
	"math/bits"
	"slices"
)

// span is the number of ticks of a page: as many as a mask has bits.
const span = 64

// column is a count for each tick. It takes 8 to 64 bytes for each tick with a count and 48 for each page, so that a count far
// out costs no more than one at the start. A zero column holds zeros.
type column struct {
	pages []page         // ascending by number
	full  []*[span]int64 // by number, the counts of pages that are full, or nil; to get at them at once
}

// page holds the counts of a stretch of 64 ticks.
type page struct {
	counts []int64 // of the ticks in the mask, ascending; some may be 0
	mask   uint64  // a bit for each tick that has a count
	number int32   // of its ticks divided by 64
}

// at returns the counts of the page of tick t, which is not negative, if it is known to be full.
func (c *column) at(t int) *[span]int64 {
	if i := uint(t) / span; i < uint(len(c.full)) {
		return c.full[i]
	}
	return nil
}

// add adds n to the count of tick t, which is not negative.
func (c *column) add(t int, n int64) {
	i := t / span
	p := c.page(i)
	p.add(t%span, n)
	if p.mask == full && i < 4*len(c.pages) {
		if i >= len(c.full) {
			c.full = append(c.full, make([]*[span]int64, i+1-len(c.full))...)
		}
		c.full[i] = (*[span]int64)(p.counts)
	}
}

// full is the mask of a page that has a count for each tick. A page gets there when it has few counts and needs one more, or
// when one of them is added to often.
const (
	full  = math.MaxUint64
	few   = 8
	often = 32
)

// add adds n to the count of the tick.
func (p *page) add(tick int, n int64) {
	bit := uint64(1) << tick
	if p.mask&bit == 0 {
		switch {
		case p.counts == nil:
			p.counts = make([]int64, 0, few)
		case len(p.counts) >= few:
			p.spread(full)
		}
	}
	at := bits.OnesCount64(p.mask & (bit - 1))
	if p.mask&bit == 0 {
		p.mask |= bit
		p.counts = slices.Insert(p.counts, at, 0)
	}
	p.counts[at] += n
	if p.counts[at] > often && p.mask != full {
		p.spread(full)
	}
}

// spread makes room for the counts of the ticks of a mask that holds that of the page.
func (p *page) spread(mask uint64) {
	counts, old := make([]int64, 0, bits.OnesCount64(mask)), p.counts
	for m := mask; m != 0; m &= m - 1 {
		n := int64(0)
		if p.mask&(m&-m) != 0 {
			n, old = old[0], old[1:]
		}
		counts = append(counts, n)
	}
	p.mask, p.counts = mask, counts
}

// page returns the page of that number, made if there was none. It is valid until the next page is made.
func (c *column) page(number int) *page {
	if number < len(c.pages) && int(c.pages[number].number) == number {
		return &c.pages[number]
	}
	at, found := c.find(number)
	if found {
		return &c.pages[at]
	}
	c.pages = slices.Insert(c.pages, at, page{number: int32(number)})
	last := int(c.pages[len(c.pages)-1].number)
	if len(c.pages) <= last && 2*len(c.pages) > last {
		c.fill(last + 1)
		return &c.pages[number]
	}
	return &c.pages[at]
}

// find returns where the page of that number is, or would be.
func (c *column) find(number int) (at int, found bool) {
	return slices.BinarySearchFunc(c.pages, number, func(p page, number int) int { return int(p.number) - number })
}

// fill makes the pages that are missing of the first n, so that all stand at their numbers.
func (c *column) fill(n int) {
	have := len(c.pages)
	c.pages = append(c.pages, make([]page, n-have)...)
	for i := n - 1; i >= have; i-- { // from the end, as pages move up; once as many are left as places, they stand right
		if have > 0 && int(c.pages[have-1].number) == i {
			have--
			c.pages[i] = c.pages[have]
		} else {
			c.pages[i] = page{number: int32(i)}
		}
	}
}

// merge adds the counts of o.
func (c *column) merge(o *column) {
	for i := range o.pages {
		if p := &o.pages[i]; p.mask != 0 {
			c.page(int(p.number)).merge(p)
		}
	}
}

// merge adds the counts of o.
func (p *page) merge(o *page) {
	if union := p.mask | o.mask; union != p.mask {
		if bits.OnesCount64(union) > few {
			union = full
		}
		p.spread(union)
	}
	if p.mask == o.mask {
		for i, n := range o.counts {
			p.counts[i] += n
		}
		return
	}
	for i, m := 0, o.mask; m != 0; i, m = i+1, m&(m-1) {
		p.counts[bits.OnesCount64(p.mask&(m&-m-1))] += o.counts[i]
	}
}

// sub subtracts the counts of o, which c holds.
func (c *column) sub(o *column) {
	for t, n := range o.all {
		c.add(t, -n)
	}
}

// holds reports whether no count of o is greater than that of c.
func (c *column) holds(o *column) bool {
	for t, n := range o.all {
		at, found := c.find(t / span)
		if !found {
			return false
		}
		p, bit := &c.pages[at], uint64(1)<<(t%span)
		if p.mask&bit == 0 || p.counts[bits.OnesCount64(p.mask&(bit-1))] < n {
			return false
		}
	}
	return true
}

// all yields the ticks that have a count other than 0, ascending, with the counts.
func (c *column) all(yield func(t int, n int64) bool) {
	for i := range c.pages {
		p := &c.pages[i]
		for k, m := 0, p.mask; m != 0; k, m = k+1, m&(m-1) {
			if n := p.counts[k]; n != 0 && !yield(int(p.number)*span+bits.TrailingZeros64(m), n) {
				return
			}
		}
	}
}

// clone returns a copy that shares nothing with c.
func (c *column) clone() column {
	pages := slices.Clone(c.pages)
	for i := range pages {
		pages[i].counts = slices.Clone(pages[i].counts)
	}
	return column{pages: pages} // full pages are found when they are next added to
}
