package funnel

// reach counts the journeys that reached a node of the pipeline from another, by the three policies of [Skip].
//
// A journey reaches node b from node a if it was there, and later at b (Visited). The other two policies ask for more or for
// less, and where one asks the other need not: so they share a table, with a row for each stage a that is worked. For b that
// is a itself, or an end that is not won, Implied asks: the journey was at a or further on, and later at b. For a later stage
// or a win Contiguous asks: the journey came there in direct moves. Other cells are not used.
type reach struct {
	n, worked int
	visited   []reachCount // [n × n]; on the diagonal who was there at all
	policy    []reachCount // [worked × n]
}

// reachCount counts journeys.
type reachCount struct {
	all  int64
	open int64 // those of them that have not ended
}

// trace is what is known of a journey, by node; places in it count from 1.
type trace struct {
	seen    []int // nodes, in the order in which they were first visited
	first   []int // when the journey was there first; 0 if it never was
	last    []int // when it was there last
	implied []int // when it was there or further on
	level   []int // how far direct moves took it from there, one stage after the other
	final   []int // when they had taken it to the last stage; 0 if they did not
	direct  []int // of a win: when it last came directly from the last stage; 0 if it did not
}

func (t *trace) init(n int) {
	room := make([]int, 7*n)
	take := func() []int {
		part := room[:n:n]
		room = room[n:]
		return part
	}
	*t = trace{seen: take()[:0], first: take(), last: take(), implied: take(), level: take(), final: take(), direct: take()}
}

// add counts a journey.
func (r *reach) add(p *Pipeline, steps []stop, t *trace) {
	top := t.read(p, steps)
	one := reachCount{all: 1}
	if steps[len(steps)-1].node < r.worked {
		one.open = 1
	}
	for _, a := range t.seen {
		r.visited[a*r.n+a].plus(one)
		for _, b := range t.seen {
			if a != b && t.first[a] < t.last[b] {
				r.visited[a*r.n+b].plus(one)
			}
		}
	}
	for a := range top + 1 {
		r.policy[a*r.n+a].plus(one)
		for _, b := range t.seen {
			if b >= r.worked && !p.isWon(b) && t.implied[a] < t.last[b] {
				r.policy[a*r.n+b].plus(one)
			}
		}
	}
	for _, a := range t.seen { // level and final of an end are 0
		for b := a + 1; b <= t.level[a]; b++ {
			r.policy[a*r.n+b].plus(one)
		}
		for _, b := range t.seen {
			if t.final[a] > 0 && t.final[a] < t.direct[b] {
				r.policy[a*r.n+b].plus(one)
			}
		}
	}
	t.clear()
}

// read traces a journey. It returns the furthest stage that it reached or went past, -1 if there is none.
func (t *trace) read(p *Pipeline, steps []stop) (top int) {
	top = -1
	for i, s := range steps {
		at, node := i+1, s.node
		if t.first[node] == 0 {
			t.first[node] = at
			t.seen = append(t.seen, node)
			if node < p.worked {
				t.arrive(p, node, node, at)
			}
		}
		t.last[node] = at
		past := node
		if node >= p.worked {
			past = -1
			if p.isWon(node) {
				past = p.worked - 1
			}
		}
		for top < past {
			top++
			t.implied[top] = at
		}
		switch {
		case i == 0:
		case node < p.worked && node == steps[i-1].node+1:
			for _, a := range t.seen {
				if a < node && t.level[a] == node-1 {
					t.arrive(p, a, node, at)
				}
			}
		case p.isWon(node) && steps[i-1].node == p.worked-1:
			t.direct[node] = at
		}
	}
	return top
}

// arrive notes that direct moves from a stage took the journey to another.
func (t *trace) arrive(p *Pipeline, from, to, at int) {
	t.level[from] = to
	if to == p.worked-1 {
		t.final[from] = at
	}
}

// clear makes ready for the next journey.
func (t *trace) clear() {
	for _, a := range t.seen {
		t.first[a], t.final[a], t.direct[a] = 0, 0, 0
	}
	t.seen = t.seen[:0]
}

func (t *reachCount) plus(o reachCount) {
	t.all += o.all
	t.open += o.open
}

func (r *reach) combine(o *reach, sign int64) {
	for i, t := range o.visited {
		r.visited[i].plus(reachCount{sign * t.all, sign * t.open})
	}
	for i, t := range o.policy {
		r.policy[i].plus(reachCount{sign * t.all, sign * t.open})
	}
}
