package funnel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// matEvents draws up to n events of close times, with ties, for a funnel of so many steps: one by one, so that a case that fails
// shrinks, or all from a seed, so that few are plain.
func matEvents(n, steps int) *rapid.Generator[[]funnel.Event] {
	return rapid.Custom(func(t *rapid.T) []funnel.Event {
		events := make([]funnel.Event, rapid.IntRange(0, n).Draw(t, "events"))
		draw := func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") }
		if rapid.Bool().Draw(t, "by seed") {
			rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
			draw = func(most int) int { return rng.IntN(most + 1) }
		}
		at, gap, several, voids := int64(draw(4))-2, draw(4), draw(2), draw(2)
		for i := range events {
			at += int64(draw(gap))
			events[i].At = at
			for range 1 + draw(several) {
				if k := draw(steps); k > 0 {
					events[i].Steps |= 1 << (k - 1)
				}
			}
			if voids > 0 && draw(4-voids) == 0 {
				events[i].Void = uint32(draw(1 << steps))
			}
		}
		return events
	})
}

// matFunnel draws the steps and the window of a funnel.
func matFunnel(t *rapid.T, most int) (steps int, window int64) {
	return rapid.IntRange(1, most).Draw(t, "steps"), rapid.SampledFrom([]int64{1, 2, 3, 5, 8, 13, funnel.NoWindow}).Draw(t, "window")
}

// matOptions draws options.
func matOptions(t *rapid.T) funnel.FunnelOptions {
	o := rapid.SampledFrom(matAllOptions()).Draw(t, "options")
	o.Steps, o.Window = matFunnel(t, 6)
	return o
}

// matLatest draws options without a stop and with every entry.
func matLatest(t *rapid.T) funnel.FunnelOptions {
	o := matOptions(t)
	o.Anchor, o.StopAtRepeat, o.StopAtSkip, o.StopAtOther = funnel.LatestEntry, false, false, false
	return o
}

func matMatch(t rapid.TB, o funnel.FunnelOptions, events []funnel.Event) funnel.Match {
	t.Helper()
	m, err := funnel.Deepest(o, events)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	return m
}

// TestDeepest_oracle and TestAttempts_oracle compare every combination of the options that is allowed with a search of all
// chains; each ran once with 40,000 cases for each combination.
func TestDeepest_oracle(t *testing.T)  { rapid.Check(t, lawDeepestOracle) }
func TestAttempts_oracle(t *testing.T) { rapid.Check(t, lawAttemptsOracle) }

func lawDeepestOracle(t *rapid.T) {
	steps, window := matFunnel(t, 4)
	events := matEvents(7, steps).Draw(t, "events")
	for _, o := range matAllOptions() {
		o.Steps, o.Window = steps, window
		got := matMatch(t, o, events)
		matValid(t, o, events, got)
		if diff := matDiff(o, matDeepest(o, events), got); diff != "" {
			t.Fatalf("%+v (-want +got)\n%s", o, diff)
		}
	}
}

func lawAttemptsOracle(t *rapid.T) {
	steps, window := matFunnel(t, 3)
	events := matEvents(8, steps).Draw(t, "events")
	for _, o := range matAllOptions() {
		o.Steps, o.Window = steps, window
		got, err := funnel.Attempts(o, events)
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		want := matAttempts(o, events)
		if len(got) != len(want) {
			t.Fatalf("%+v: %d attempts, want %d:\n%+v, want\n%+v", o, len(got), len(want), got, want)
		}
		for i := range got {
			matValid(t, o, events, got[i])
			if diff := matDiff(o, want[i], got[i]); diff != "" {
				t.Fatalf("%+v: attempt %d (-want +got)\n%s", o, i, diff)
			}
		}
	}
}

// TestMatcher_law: after each event a matcher says what Deepest says of the events so far, also if it was used before; an event
// that goes back in time changes nothing; and Match may be asked for at any time.
func TestMatcher_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps, window := matFunnel(t, 6)
		entities := rapid.SliceOfN(matEvents(12, steps), 1, 2).Draw(t, "entities")
		ask := rapid.Uint32().Draw(t, "ask")
		for _, o := range matAllOptions() {
			o.Steps, o.Window = steps, window
			m, err := funnel.NewMatcher(o)
			if err != nil {
				t.Fatal(err)
			}
			for _, events := range entities {
				m.Reset()
				for i, e := range events {
					level, err := m.Add(e)
					if err != nil {
						t.Fatal(err)
					}
					want := matMatch(t, o, events[:i+1])
					if level != want.Level {
						t.Fatalf("%+v: level %d after event %d, want %d", o, level, i, want.Level)
					}
					if _, err := m.Add(funnel.Event{At: e.At - 1, Steps: math.MaxUint32, Void: math.MaxUint32}); err == nil {
						t.Fatal("an event that goes back in time is taken")
					}
					if ask>>i&1 == 0 && i < len(events)-1 {
						continue
					}
					if diff := matDiffAll(want, m.Match()); diff != "" {
						t.Fatalf("%+v: after event %d (-want +got)\n%s", o, i, diff)
					}
				}
			}
		}
	})
}

// TestDeepest_monotone: a longer window, one more step satisfied, or one more event that satisfies steps never makes the level
// less, nor does an exclusion that is taken away; with the exceptions that the options imply.
func TestDeepest_monotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matLatest(t)
		events := matEvents(12, o.Steps).Draw(t, "events")
		level := matMatch(t, o, events).Level
		if level < 0 || level > o.Steps {
			t.Fatalf("level %d of %d", level, o.Steps)
		}

		longer := o
		longer.Window = rapid.Int64Range(o.Window, funnel.NoWindow).Draw(t, "longer")
		if got := matMatch(t, longer, events).Level; got < level {
			t.Errorf("level %d with a window of %d, less than %d with %d", got, longer.Window, level, o.Window)
		}

		first := o
		first.Anchor = funnel.FirstEntry
		if got := matMatch(t, first, events).Level; got > level {
			t.Errorf("level %d from the first entry, more than %d from any", got, level)
		}

		free := slices.Clone(events)
		for i := range free {
			if rapid.Bool().Draw(t, "free") {
				free[i].Void &= rapid.Uint32().Draw(t, "void")
			}
		}
		for _, o := range []funnel.FunnelOptions{o, first} {
			if got, want := matMatch(t, o, free).Level, matMatch(t, o, events).Level; got < want {
				t.Errorf("level %d with fewer exclusions, less than %d (anchor %q)", got, want, o.Anchor)
			}
		}

		if len(events) == 0 {
			return
		}
		i := rapid.IntRange(0, len(events)-1).Draw(t, "event")
		steps := rapid.Uint32Range(1, math.MaxUint32).Draw(t, "steps")
		more := slices.Clone(events)
		more[i].Steps |= steps
		if got := matMatch(t, o, more).Level; got < level {
			t.Errorf("level %d if event %d satisfies more, less than %d", got, i, level)
		}
		if o.Order != funnel.StrictOrder { // where the new event lies between others
			more = slices.Insert(slices.Clone(events), i, funnel.Event{At: events[i].At, Steps: steps})
			if got := matMatch(t, o, more).Level; got < level {
				t.Errorf("level %d with one more event, less than %d", got, level)
			}
		}
	})
}

// TestDeepest_orders: what satisfies a stricter order, reading of ties or use satisfies a looser one. Exclusions here end all
// chains, or none: with AnyOrder they do so in any case.
func TestDeepest_orders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matLatest(t)
		events := matEvents(12, o.Steps).Draw(t, "events")
		for i := range events {
			if events[i].Void != 0 {
				events[i].Void = math.MaxUint32
			}
		}
		level := func(o funnel.FunnelOptions) int { return matMatch(t, o, events).Level }
		atMost := func(a, b funnel.FunnelOptions) {
			if level(a) > level(b) {
				t.Errorf("level %d with %+v, more than %d with %+v", level(a), a, level(b), b)
			}
		}
		by := func(order funnel.Order, ties funnel.Ties) funnel.FunnelOptions {
			o.Order, o.Ties = order, ties
			return o
		}
		for _, ties := range []funnel.Ties{funnel.TiesAsOrdered, funnel.TiesBySeq, funnel.TiesStrict} {
			atMost(by(funnel.StrictOrder, ties), by(funnel.Ordered, ties))
			if ties != funnel.TiesStrict {
				atMost(by(funnel.Ordered, ties), by(funnel.AnyOrder, ties))
			}
		}
		for i := range events {
			events[i].Void = 0 // which exclusion comes first is for the reading of ties to say
		}
		for _, order := range []funnel.Order{funnel.Ordered, funnel.StrictOrder} {
			atMost(by(order, funnel.TiesStrict), by(order, funnel.TiesAsOrdered))
			atMost(by(order, funnel.TiesBySeq), by(order, funnel.TiesAsOrdered))
		}
		atMost(by(funnel.Ordered, funnel.TiesStrict), by(funnel.Ordered, funnel.TiesBySeq))
		reuse, once := o, o
		reuse.Reuse, once.Reuse = true, false
		atMost(once, reuse)
	})
}

// TestDeepest_ties: where events of the same time have no order it does not matter how they stand.
func TestDeepest_ties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matOptions(t)
		events := matEvents(16, o.Steps).Draw(t, "events")
		mixed := slices.Clone(events)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		slices.SortStableFunc(mixed, func(a, b funnel.Event) int { return int(a.At - b.At) })
		if o.Ties == funnel.TiesBySeq {
			return
		}
		want, got := matMatch(t, o, events), matMatch(t, o, mixed)
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(want, "Index", "Filled")); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", mixed, diff)
		}
	})
}

// TestDeepest_scale: another zero or unit of time gives the same chain.
func TestDeepest_scale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matOptions(t)
		events := matEvents(12, o.Steps).Draw(t, "events")
		want := matMatch(t, o, events)
		scale, shift := rapid.Int64Range(1, 1e6).Draw(t, "scale"), rapid.Int64Range(-1e9, 1e9).Draw(t, "shift")
		move := func(at int64) int64 { return at*scale + shift }
		for i := range events {
			events[i].At = move(events[i].At)
		}
		for k := range want.Times {
			want.Times[k] = move(want.Times[k])
		}
		if o.Window != funnel.NoWindow {
			o.Window *= scale
			if want.Open {
				want.Until = move(want.Until)
			}
		}
		if diff := matDiffAll(want, matMatch(t, o, events)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestAttempts_law: with every entry as anchor the deepest attempt is as deep as Deepest says and the first that is complete is
// its chain; with the first entry as anchor Deepest is the first attempt. No event belongs to two attempts.
func TestAttempts_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matLatest(t)
		events := matEvents(20, o.Steps).Draw(t, "events")
		for _, o.Anchor = range []funnel.Anchor{funnel.LatestEntry, funnel.FirstEntry} {
			attempts, err := funnel.Attempts(o, events)
			if err != nil {
				t.Fatal(err)
			}
			want := matMatch(t, o, events)
			if want.Level == 0 {
				if len(attempts) > 0 {
					t.Errorf("%d attempts at level 0", len(attempts))
				}
				continue
			}
			deepest := slices.MaxFunc(attempts, func(a, b funnel.Match) int { return a.Level - b.Level })
			if o.Anchor == funnel.FirstEntry {
				deepest = attempts[0]
			}
			if diff := gocmp.Diff(want, deepest, cmpopts.IgnoreFields(want, "Open", "Until", "Voided")); diff != "" {
				t.Errorf("anchor %q (-want +got)\n%s", o.Anchor, diff)
			}
			for i := range attempts[1:] {
				if last, next := slices.Max(attempts[i].Index), slices.Min(attempts[i+1].Index); last >= next {
					t.Errorf("attempt %d begins at event %d, but the one before it ends at %d", i+1, next, last)
				}
			}
		}
	})
}

// TestMatch_open: events that satisfy all steps but the first complete the funnel exactly if a chain is open, and not after Until.
func TestMatch_open(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := matLatest(t)
		o.Order = rapid.SampledFrom([]funnel.Order{funnel.Ordered, funnel.StrictOrder}).Draw(t, "order")
		o.Anchor = rapid.SampledFrom([]funnel.Anchor{funnel.LatestEntry, funnel.FirstEntry}).Draw(t, "anchor")
		if o.Ties == funnel.TiesStrict { // a step cannot be taken at the time of the last event
			o.Ties = funnel.TiesAsOrdered
		}
		events := matEvents(12, o.Steps).Draw(t, "events")
		m := matMatch(t, o, events)
		if len(events) == 0 || m.Level == o.Steps {
			if m.Open {
				t.Fatalf("open with %d events at level %d of %d", len(events), m.Level, o.Steps)
			}
			return
		}
		level := func(at int64) int {
			more := slices.Clone(events)
			for range o.Steps {
				more = append(more, funnel.Event{At: at, Steps: math.MaxUint32 - 1})
			}
			return matMatch(t, o, more).Level
		}
		last := events[len(events)-1].At
		switch {
		case !m.Open || m.Until < last:
			if got := level(last + 1); got != m.Level {
				t.Errorf("level %d at %d, though none is open", got, last+1)
			}
		case level(m.Until) != o.Steps:
			t.Errorf("level %d of %d at %d", level(m.Until), o.Steps, m.Until)
		case m.Until < math.MaxInt64 && level(m.Until+1) != m.Level:
			t.Errorf("level %d after %d, want %d", level(m.Until+1), m.Until, m.Level)
		}
	})
}

// TestMatcher_long: in long histories, where a matcher drops what is of no use any more, it still has the chain. The reference
// keeps a copy of the chain of each level.
func TestMatcher_long(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 9))
		o := funnel.FunnelOptions{Steps: 2 + rng.IntN(4), Window: 1 + rng.Int64N(300), Ties: funnel.TiesBySeq}
		m, err := funnel.NewMatcher(o)
		if err != nil {
			t.Fatal(err)
		}
		come := o.Steps - rng.IntN(2) // perhaps the last step never comes
		chains := make([][]int, o.Steps+1)
		var events []funnel.Event
		var deepest []int
		for i := range 3_000 {
			at := int64(i) / 3
			k := int(rng.ExpFloat64()) // each step is rarer than the one before
			e := funnel.Event{At: at}
			if k < come {
				e.Steps = 1 << k
			}
			events = append(events, e)
			if _, err := m.Add(e); err != nil {
				t.Fatal(err)
			}
			switch {
			case k >= come:
				continue
			case k == 0:
				if len(chains[1]) == 0 || events[chains[1][0]].At < at {
					chains[1] = []int{i}
				}
			case len(chains[k]) > 0 && at-events[chains[k][0]].At <= o.Window &&
				(len(chains[k+1]) == 0 || events[chains[k+1][0]].At < events[chains[k][0]].At):
				chains[k+1] = append(slices.Clone(chains[k]), i)
			}
			if len(chains[k+1]) > len(deepest) {
				deepest = chains[k+1]
			}
		}
		got := m.Match()
		matValid(t, o, events, got)
		if !slices.Equal(got.Index, deepest) {
			t.Errorf("%+v: events %d, want %d", o, got.Index, deepest)
		}
	}
}

// TestDeepest_hostile: any times, windows and bits.
func TestDeepest_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := rapid.SampledFrom(matAllOptions()).Draw(t, "options")
		o.Steps = rapid.SampledFrom([]int{1, 2, 3, 31, 32}).Draw(t, "steps")
		o.Window = rapid.OneOf(rapid.Int64Range(1, math.MaxInt64), rapid.SampledFrom([]int64{1, math.MaxInt64 - 1, math.MaxInt64})).Draw(t, "window")
		times := rapid.SliceOfN(rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, -1, 0, 1, math.MaxInt64})), 0, 60).Draw(t, "times")
		slices.Sort(times)
		events := make([]funnel.Event, len(times))
		for i := range events {
			events[i] = funnel.Event{At: times[i], Steps: rapid.Uint32().Draw(t, "steps"), Void: rapid.Uint32().Draw(t, "void")}
			if rapid.Bool().Draw(t, "ends none") {
				events[i].Void = 0
			}
		}
		got := matMatch(t, o, events)
		matValid(t, o, events, got)
		if !slices.IsSorted(got.Times) || got.Level > 0 && o.Window < funnel.NoWindow &&
			uint64(got.Times[got.Level-1])-uint64(got.Times[0]) > uint64(o.Window) {
			t.Errorf("times %d", got.Times)
		}
		if got.Open && got.Until < got.Times[got.Level-1] {
			t.Errorf("open until %d, before the last step", got.Until)
		}
		if o.Steps < 4 && len(events) < 7 {
			if diff := matDiff(o, matDeepest(o, events), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		if _, err := funnel.Attempts(o, events); err != nil {
			t.Error(err)
		}
	})
}
