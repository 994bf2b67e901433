package main

// remember draws the deals that closed in the year before, when the company was
// smaller. Their IDs end before those of the year begin. It draws from a source of
// its own, so that the year stays as it is.
func (c *company) remember(s *source) {
	before := &company{source: s, reps: c.reps, accounts: c.accounts}
	for q := -len(seasons); q < 0; q++ {
		before.sellIn(q)
	}
	c.past = before.deals
	number(c.past, firstID-len(c.past))
}
