package comp

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// scratch is the memory that a calculation needs only while it runs. A
// Calculator keeps it from one case to the next, so that a team run makes
// hardly more garbage than it has results.
type scratch struct {
	rows    []row
	order   []int32
	used    []bool
	items   []item
	entries []entry
	lines   []exact.Num
	nets    []exact.Num
	met     []bool
	index   map[string]int32
}

// scratch takes memory for n credits.
func (c *Calculator) scratch(n int) *scratch {
	s, _ := c.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{index: make(map[string]int32, n)}
	}
	s.rows = slices.Grow(s.rows[:0], n)[:n]
	s.used = slices.Grow(s.used[:0], n)[:n]
	s.order = slices.Grow(s.order[:0], n)
	s.items = slices.Grow(s.items[:0], n)
	s.entries = slices.Grow(s.entries[:0], n+16)
	return s
}

// release gives memory back, with nothing in it that belongs to the caller.
func (c *Calculator) release(s *scratch) {
	clear(s.rows)
	clear(s.used)
	clear(s.items)
	clear(s.entries)
	clear(s.lines)
	clear(s.index)
	c.pool.Put(s)
}
