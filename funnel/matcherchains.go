package funnel

// chainStore holds the events of chains that share their beginnings, as links from each event to the one before it. Chain 0 is the
// empty one.
type chainStore struct {
	links []chainLink
	spare []chainLink
	mark  int // the number of links before the moment
	most  int
}

// chainLink is an event of a chain.
type chainLink struct {
	at     int64
	index  int
	before int32
}

// newChains returns room for chains of the given number of steps. At most (steps²+3·steps)/2 links are of use at a time: a chain for
// each level, and the best.
func newChains(steps int) chainStore {
	return chainStore{links: make([]chainLink, 1, 4*steps+1), mark: 1, most: 2 * steps * (steps + 3)}
}

func (c *chainStore) reset() { c.links, c.mark = c.links[:1], 1 }

// add returns the chain that continues another by an event.
func (c *chainStore) add(at int64, index int, before int32) int32 {
	c.links = append(c.links, chainLink{at, index, before})
	return int32(len(c.links) - 1)
}

// undo forgets the chains of the moment.
func (c *chainStore) undo() { c.links = c.links[:c.mark] }

// turn begins a moment. When most links are of no use any more it drops these.
func (c *chainStore) turn(s *matchState) {
	if len(c.links) > c.most {
		c.spare = append(c.spare[:0], chainLink{})
		for k := range s.chains {
			s.chains[k].chain = c.save(s.chains[k].chain)
		}
		s.best.chain = c.save(s.best.chain)
		c.links, c.spare = c.spare, c.links
	}
	c.mark = len(c.links)
}

// save copies a chain to spare.
func (c *chainStore) save(chain int32) int32 {
	if chain == 0 {
		return 0
	}
	l := c.links[chain]
	l.before = c.save(l.before)
	c.spare = append(c.spare, l)
	return int32(len(c.spare) - 1)
}

// list writes the events of a chain, of which there are as many as times and index have room for.
func (c *chainStore) list(chain int32, times []int64, index []int) {
	for k := len(times) - 1; k >= 0; k-- {
		l := c.links[chain]
		times[k], index[k], chain = l.at, l.index, l.before
	}
}
