package funnel_test

import (
	"cmp"
	"math"
	"slices"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// matOracle finds the match by looking at every chain there is.
type matOracle struct {
	o      funnel.FunnelOptions
	events []funnel.Event
	moment []int // of the events
}

func matNewOracle(o funnel.FunnelOptions, events []funnel.Event) *matOracle {
	all := uint32(uint64(1)<<o.Steps - 1)
	x := &matOracle{o: o}
	for i, e := range events {
		e.Steps &= all
		e.Void &= all >> 1
		if o.Order == funnel.AnyOrder && e.Void != 0 {
			e.Void = all >> 1
		}
		x.events = append(x.events, e)
		switch {
		case i == 0:
			x.moment = append(x.moment, 0)
		case o.Ties == funnel.TiesBySeq || e.At != events[i-1].At:
			x.moment = append(x.moment, x.moment[i-1]+1)
		default:
			x.moment = append(x.moment, x.moment[i-1])
		}
	}
	return x
}

// matDeepest is Deepest by the oracle.
func matDeepest(o funnel.FunnelOptions, events []funnel.Event) funnel.Match {
	stopped := false
	if o.StopAtRepeat || o.StopAtSkip || o.StopAtOther {
		events, stopped = matStopped(o, events)
		o.StopAtRepeat, o.StopAtSkip, o.StopAtOther = false, false, false
	}
	m := matNewOracle(o, events).match()
	if stopped {
		m.Open, m.Until = false, 0
	}
	return m
}

// matStopped returns the events up to a stop, and without the steps that do not count.
func matStopped(o funnel.FunnelOptions, events []funnel.Event) (read []funnel.Event, stopped bool) {
	free := o
	free.StopAtRepeat, free.StopAtSkip, free.StopAtOther = false, false, false
	for _, e := range events {
		steps := e.Steps
		e.Steps = 0
		read = append(read, e)
		level := func() int { return matNewOracle(free, read).match().Level }
		if o.StopAtOther && level() > 0 && steps<<(32-o.Steps) == 0 {
			return read, true
		}
		for k := range o.Steps {
			if steps>>k&1 == 0 {
				continue
			}
			l := level()
			if k > 0 && o.StopAtRepeat && l > k || k > 0 && o.StopAtSkip && l > 0 && k > l {
				return read, true
			}
			read[len(read)-1].Steps |= 1 << k
		}
	}
	return read, false
}

// voids reports whether a chain that stands at a level after event i is ended by a moment after that of i, up to last.
func (x *matOracle) voids(level, i, last int) bool {
	for v, e := range x.events {
		if level < x.o.Steps && e.Void>>(level-1)&1 != 0 && x.moment[v] > x.moment[i] && x.moment[v] <= last {
			return true
		}
	}
	return false
}

func (x *matOracle) within(first, at int64) bool {
	return x.o.Window == funnel.NoWindow || uint64(at)-uint64(first) <= uint64(x.o.Window)
}

// chain is a chain: positions of events, and the steps that they fill.
type matChain struct{ index, steps []int }

// ordered lists all chains whose steps are in order.
func (x *matOracle) ordered() (list []matChain) {
	entry := slices.IndexFunc(x.events, func(e funnel.Event) bool { return e.Steps&1 != 0 })
	var grow func(c []int)
	grow = func(c []int) {
		if len(c) > 0 {
			list = append(list, matChain{index: slices.Clone(c)})
		}
		if len(c) == x.o.Steps {
			return
		}
		for i, e := range x.events {
			if e.Steps>>len(c)&1 == 0 {
				continue
			}
			if len(c) == 0 {
				if x.o.Anchor != funnel.FirstEntry || x.moment[i] == x.moment[entry] {
					grow([]int{i})
				}
				continue
			}
			last := c[len(c)-1]
			ok := false
			switch x.o.Ties {
			case funnel.TiesAsOrdered:
				ok = e.At >= x.events[last].At && (x.o.Reuse || !slices.Contains(c, i))
			case funnel.TiesBySeq:
				ok = i > last || i == last && x.o.Reuse
			case funnel.TiesStrict:
				ok = e.At > x.events[last].At
			}
			if x.o.Order == funnel.StrictOrder && x.moment[i] > x.moment[last]+1 {
				ok = false // moments are numbered without gaps: one lies between
			}
			if ok && x.within(x.events[c[0]].At, e.At) && !x.voids(len(c), last, x.moment[i]) {
				grow(append(slices.Clone(c), i))
			}
		}
	}
	grow(nil)
	return list
}

// anyOrder lists all chains whose steps are in any order, by time.
func (x *matOracle) anyOrder() (list []matChain) {
	entry := slices.IndexFunc(x.events, func(e funnel.Event) bool { return e.Steps != 0 })
	fills := make([]int, 0, x.o.Steps) // by step, the event or -1
	var grow func()
	grow = func() {
		if k := len(fills); k < x.o.Steps {
			fills = append(fills, -1)
			grow()
			for i, e := range x.events {
				if e.Steps>>k&1 != 0 && (x.o.Reuse || !slices.Contains(fills[:k], i)) {
					fills[k] = i
					grow()
				}
			}
			fills = fills[:k]
			return
		}
		var c matChain
		for i := range x.events {
			for k, f := range fills {
				if f == i {
					c.index, c.steps = append(c.index, i), append(c.steps, k+1)
				}
			}
		}
		if len(c.index) == 0 || x.o.Anchor == funnel.FirstEntry && c.index[0] != entry {
			return
		}
		first, last := c.index[0], c.index[len(c.index)-1]
		if x.within(x.events[first].At, x.events[last].At) && !x.voids(1, first, x.moment[last]) {
			list = append(list, c)
		}
	}
	grow()
	return list
}

func (x *matOracle) chains() []matChain {
	if x.o.Order == funnel.AnyOrder {
		return x.anyOrder()
	}
	return x.ordered()
}

// match picks the chain that the doc comment of Match defines, and fails with a panic if there is none that is the earliest (or
// latest) in all steps.
func (x *matOracle) match() funnel.Match {
	var out funnel.Match
	list := x.chains()
	at := func(i int) int64 { return x.events[i].At }
	for _, c := range list {
		out.Level = max(out.Level, len(c.index))
	}
	if out.Level == 0 {
		return out
	}
	end, start := math.MaxInt, int64(math.MinInt64)
	for _, c := range list {
		if len(c.index) == out.Level {
			end = min(end, x.moment[c.index[out.Level-1]])
		}
	}
	deepest := slices.DeleteFunc(slices.Clone(list), func(c matChain) bool {
		return len(c.index) < out.Level || x.moment[c.index[out.Level-1]] > end
	})
	for _, c := range deepest {
		start = max(start, at(c.index[0]))
	}
	deepest = slices.DeleteFunc(deepest, func(c matChain) bool { return at(c.index[0]) < start })
	// Ordered: the earliest of all, by time and then by position. Any order: the latest, but the earliest after a first entry.
	sign := 1
	if x.o.Order == funnel.AnyOrder && x.o.Anchor == funnel.LatestEntry {
		sign = -1
	}
	c := slices.MinFunc(deepest, func(a, b matChain) int {
		return cmp.Or(sign*slices.Compare(a.index, b.index), slices.Compare(a.steps, b.steps))
	})
	if x.o.Order != funnel.AnyOrder {
		c = slices.MinFunc(deepest, func(a, b matChain) int {
			return cmp.Or(slices.CompareFunc(a.index, b.index, func(i, j int) int { return cmp.Compare(at(i), at(j)) }),
				slices.Compare(a.index, b.index))
		})
	}
	for _, other := range deepest {
		for k, i := range c.index {
			j := other.index[k]
			if sign*cmp.Compare(at(i), at(j)) > 0 || (x.o.Ties == funnel.TiesBySeq || x.o.Order == funnel.AnyOrder) && i*sign > j*sign {
				panic("no chain is the earliest in all steps")
			}
		}
	}
	for _, i := range c.index {
		out.Times, out.Index = append(out.Times, at(i)), append(out.Index, i)
	}
	out.Filled = c.steps
	x.status(&out, list)
	return out
}

// status says whether the chain was voided, and whether one can go on.
func (x *matOracle) status(out *funnel.Match, list []matChain) {
	n := len(x.events)
	last := out.Index[out.Level-1]
	first := out.Times[0]
	for v, e := range x.events {
		next := x.o.Order != funnel.StrictOrder || x.moment[v] == x.moment[last]+1
		if x.moment[v] > x.moment[last] && next && x.within(first, e.At) && out.Level < x.o.Steps && x.voids(out.Level, last, x.moment[v]) {
			out.Voided = true
		}
	}
	if out.Level == x.o.Steps {
		return
	}
	last = n - 1 // that counts
	for x.o.Order != funnel.StrictOrder && x.events[last].Steps|x.events[last].Void == 0 {
		last--
	}
	start, ok := x.stands(list, x.events[last].At, 0)
	if !ok {
		return
	}
	out.Open, out.Until = true, math.MaxInt64
	if x.o.Window < funnel.NoWindow-max(start, 0) {
		out.Until = start + x.o.Window
	}
}

// stands returns the latest start of the chains that can still take a step at the given time, after exclusions of it.
func (x *matOracle) stands(list []matChain, at int64, void uint32) (start int64, ok bool) {
	last := x.moment[len(x.moment)-1]
	for _, c := range list {
		level := len(c.index)
		i, first := c.index[level-1], x.events[c.index[0]].At
		if x.o.Order == funnel.AnyOrder {
			level, i = 1, c.index[0]
		}
		if level == x.o.Steps && x.o.Order != funnel.AnyOrder || x.o.Order == funnel.StrictOrder && x.moment[i] < last ||
			!x.within(first, at) || void>>(level-1)&1 != 0 || x.voids(level, i, last) {
			continue
		}
		if !ok || first > start {
			start, ok = first, true
		}
	}
	return start, ok
}

// matAttempts is Attempts by the oracle.
func matAttempts(o funnel.FunnelOptions, events []funnel.Event) (all []funnel.Match) {
	free := o
	free.StopAtRepeat, free.StopAtSkip, free.StopAtOther = false, false, false
	moment := matNewOracle(free, events).moment
	first := 0
	yield := func(m funnel.Match) {
		for k := range m.Index {
			m.Index[k] += first
		}
		if m.Level > 0 {
			all = append(all, m)
		}
	}
	for i := range events {
		if i == first || moment[i] == moment[i-1] {
			continue
		}
		m := matDeepest(o, events[first:i])
		if m.Level == 0 {
			continue
		}
		if read, stopped := matStopped(o, events[first:i]); stopped && matDeepest(free, read).Level < o.Steps {
			break
		}
		x := matNewOracle(free, slices.Clone(events))
		var void uint32
		for j := i; j < len(events) && moment[j] == moment[i]; j++ {
			void |= x.events[j].Void
		}
		sofar := matNewOracle(free, events[first:i])
		list := sofar.chains()
		if _, ok := sofar.stands(list, events[i].At, void); ok && m.Level < o.Steps {
			continue
		}
		m.Open, m.Until = false, 0
		if m.Level < o.Steps {
			level := m.Level
			if o.Order == funnel.AnyOrder {
				level = 1
			}
			next := o.Order != funnel.StrictOrder || moment[first+m.Index[m.Level-1]] == moment[i]-1
			if void>>(level-1)&1 != 0 && next && sofar.within(m.Times[0], events[i].At) {
				m.Voided = true
			}
		}
		yield(m)
		first = i
	}
	yield(matDeepest(o, events[first:]))
	return all
}

// matAllOptions returns every combination of the options that is allowed, without steps and window.
func matAllOptions() (all []funnel.FunnelOptions) {
	for _, order := range []funnel.Order{funnel.Ordered, funnel.StrictOrder, funnel.AnyOrder} {
		for _, ties := range []funnel.Ties{funnel.TiesAsOrdered, funnel.TiesBySeq, funnel.TiesStrict} {
			for _, anchor := range []funnel.Anchor{funnel.LatestEntry, funnel.FirstEntry} {
				for bits := range 16 {
					o := funnel.FunnelOptions{
						Order: order, Ties: ties, Anchor: anchor,
						Reuse: bits&1 != 0, StopAtRepeat: bits&2 != 0, StopAtSkip: bits&4 != 0, StopAtOther: bits&8 != 0,
					}
					if (bits < 2 || order == funnel.Ordered && ties == funnel.TiesBySeq) &&
						(order != funnel.AnyOrder || ties != funnel.TiesStrict) {
						all = append(all, o)
					}
				}
			}
		}
	}
	return all
}

// matDiff tells how matches differ. Where events of the same time have no order, which of them fills a step may differ.
func matDiff(o funnel.FunnelOptions, want, got funnel.Match) string {
	if o.Ties != funnel.TiesBySeq && o.Order != funnel.AnyOrder {
		got.Index = want.Index
	}
	return matDiffAll(want, got)
}

// matDiffAll tells how matches differ.
func matDiffAll(want, got funnel.Match) string {
	if slices.Equal(want.Times, got.Times) && slices.Equal(want.Index, got.Index) && slices.Equal(want.Filled, got.Filled) &&
		want.Level == got.Level && want.Voided == got.Voided && want.Open == got.Open && want.Until == got.Until {
		return "" // sooner than by reflection
	}
	return gocmp.Diff(want, got)
}

// matValid checks the events of a chain against what any chain must be.
func matValid(t rapid.TB, o funnel.FunnelOptions, events []funnel.Event, m funnel.Match) {
	t.Helper()
	if len(m.Times) != m.Level || len(m.Index) != m.Level {
		t.Fatalf("level %d with %d times and %d positions", m.Level, len(m.Times), len(m.Index))
	}
	for k, i := range m.Index {
		step := k
		if o.Order == funnel.AnyOrder {
			step = m.Filled[k] - 1
		}
		if events[i].At != m.Times[k] || events[i].Steps>>step&1 == 0 {
			t.Errorf("event %d, %+v, does not fill step %d at %d", i, events[i], step+1, m.Times[k])
		}
		if !o.Reuse && slices.Contains(m.Index[:k], i) {
			t.Errorf("event %d fills two steps", i)
		}
	}
}
