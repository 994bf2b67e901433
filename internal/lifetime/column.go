package lifetime

// pageSize is the number of ticks in a page, a power of two.
const pageSize = 256

// column is a count for each tick, with pages made where there is something to count: a single tick far out costs a
// page and a table of pages, not all the ticks before it. A zero column holds zeros.
type column struct {
	pages []*[pageSize]int64
}

// add adds n to the count of tick t, which is not negative.
func (c *column) add(t int, n int64) {
	i := t / pageSize
	if i >= len(c.pages) {
		c.pages = append(c.pages, make([]*[pageSize]int64, i+1-len(c.pages))...)
	}
	p := c.pages[i]
	if p == nil {
		p = new([pageSize]int64)
		c.pages[i] = p
	}
	p[t%pageSize] += n
}

// merge adds the counts of o.
func (c *column) merge(o *column) {
	for i, p := range o.pages {
		if p == nil {
			continue
		}
		for j, n := range p {
			if n != 0 {
				c.add(i*pageSize+j, n)
			}
		}
	}
}

// page returns the counts of the i-th page, nil if they are all 0.
func (c *column) page(i int) *[pageSize]int64 {
	if i >= len(c.pages) {
		return nil
	}
	return c.pages[i]
}
