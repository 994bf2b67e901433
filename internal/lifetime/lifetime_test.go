package lifetime_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/internal/lifetime"
)

const (
	won lifetime.Cause = iota + 1
	lost
)

type life struct {
	First, Last int
	Cause       lifetime.Cause
}

func lives() *rapid.Generator[[]life] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) life {
		first := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 12), rapid.IntRange(0, 700)).Draw(t, "first")
		return life{
			First: first,
			Last:  first + rapid.OneOf(rapid.IntRange(0, 12), rapid.IntRange(0, 700)).Draw(t, "length"),
			Cause: rapid.SampledFrom([]lifetime.Cause{lifetime.Censored, won, lost}).Draw(t, "cause"),
		}
	}), 0, 60)
}

func histogram(t interface{ Fatalf(string, ...any) }, ls []life) *lifetime.Histogram {
	h := new(lifetime.Histogram)
	for _, l := range ls {
		if !h.Add(l.First, l.Last, l.Cause) {
			t.Fatalf("Add(%+v) = false", l)
		}
	}
	return h
}

// rows copies the rows of a histogram.
func rows(h *lifetime.Histogram) []lifetime.Row {
	var out []lifetime.Row
	for r := range h.Rows() {
		r.Exit = append([]int64(nil), r.Exit...)
		for len(r.Exit) > 0 && r.Exit[len(r.Exit)-1] == 0 { // how many causes there are room for is nobody's business
			r.Exit = r.Exit[:len(r.Exit)-1]
		}
		out = append(out, r)
	}
	return out
}

// The rows hold what counting every lifetime at every tick gives.
func TestHistogram_Rows_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := lives().Draw(t, "lives")
		var want []lifetime.Row
		for tick := range 1500 {
			r := lifetime.Row{Tick: tick}
			exits := [3]int64{}
			gone := false
			for _, l := range ls {
				if l.First <= tick && tick <= l.Last {
					r.AtRisk++
				}
				if l.First == tick {
					r.Enter++
				}
				if l.Last == tick {
					exits[l.Cause]++
					gone = true
				}
			}
			for c := len(exits); c > 0; c-- {
				if exits[c-1] != 0 {
					r.Exit = exits[:c]
					break
				}
			}
			if gone || r.Enter > 0 {
				want = append(want, r)
			}
		}
		h := histogram(t, ls)
		if diff := cmp.Diff(want, rows(h), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if got := h.Len(); got != int64(len(ls)) {
			t.Errorf("Len() = %d, want %d", got, len(ls))
		}
	})
}

// Parts merge into the whole in any order, the empty histogram changes nothing, what is merged stays as it is, and what is
// taken away again leaves no trace. Causes may have other numbers.
func TestHistogram_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := lives().Draw(t, "a"), lives().Draw(t, "b"), lives().Draw(t, "c")
		want := rows(histogram(t, append(append(append([]life(nil), a...), b...), c...)))
		ha, hb, hc := histogram(t, a), histogram(t, b), histogram(t, c)
		before := rows(hb)

		left := new(lifetime.Histogram)
		for _, h := range []*lifetime.Histogram{ha, hb, hc, new(lifetime.Histogram)} {
			if !left.Merge(h, nil) {
				t.Fatal("Merge = false")
			}
		}
		if diff := cmp.Diff(want, rows(left)); diff != "" {
			t.Errorf("a + b + c (-want +got):\n%s", diff)
		}
		swapped := make([]life, len(b))
		for i, l := range b {
			if l.Cause != lifetime.Censored {
				l.Cause = won + lost - l.Cause
			}
			swapped[i] = l
		}
		back := []lifetime.Cause{lifetime.Censored, lost, won}
		whole := histogram(t, c)
		whole.Merge(histogram(t, swapped), back)
		whole.Merge(ha, nil)
		if diff := cmp.Diff(want, rows(whole)); diff != "" {
			t.Errorf("c + b + a (-want +got):\n%s", diff)
		}
		if whole.Len() != left.Len() {
			t.Errorf("Len() = %d and %d", whole.Len(), left.Len())
		}
		if diff := cmp.Diff(before, rows(hb)); diff != "" {
			t.Errorf("b was changed (-want +got):\n%s", diff)
		}

		if !left.Sub(histogram(t, swapped), back) || !left.Sub(ha, nil) {
			t.Fatal("Sub = false")
		}
		if diff := cmp.Diff(rows(hc), rows(left)); diff != "" {
			t.Errorf("a + b + c - b - a (-want +got):\n%s", diff)
		}
		if left.Len() != hc.Len() {
			t.Errorf("Len() = %d, want %d", left.Len(), hc.Len())
		}
	})
}

// Merged with itself a histogram is doubled, and subtracted from itself it is empty.
func TestHistogram_Merge_self(t *testing.T) {
	ls := []life{{0, 3, won}, {2, 3, lost}, {70, 700, lifetime.Censored}, {0, 0, won}}
	h := histogram(t, ls)
	h.Merge(h, nil)
	if diff := cmp.Diff(rows(histogram(t, append(ls, ls...))), rows(h)); diff != "" {
		t.Errorf("h + h (-want +got):\n%s", diff)
	}
	if !h.Sub(h, nil) || h.Len() != 0 || len(rows(h)) != 0 {
		t.Errorf("h - h holds %d: %+v", h.Len(), rows(h))
	}
}

// What is not held is not taken away, even if all its counts are, and then nothing changes.
func TestHistogram_Sub_refuses(t *testing.T) {
	held := []life{{0, 1, won}, {5, 9, won}, {3, 7, lost}}
	for name, ls := range map[string][]life{
		"other exit":                       {{0, 2, won}},
		"other entry":                      {{1, 1, won}},
		"other cause":                      {{0, 1, lost}},
		"cause that there is none of":      {{0, 1, 7}},
		"twice":                            {{0, 1, won}, {0, 1, won}},
		"page that there is none of":       {{0, 900, won}},
		"entry before, exit after another": {{0, 9, won}}, // leaves an exit at 1 and an entry at 5
	} {
		h := histogram(t, held)
		if h.Sub(histogram(t, ls), nil) {
			t.Errorf("%s: Sub = true", name)
		}
		if diff := cmp.Diff(rows(histogram(t, held)), rows(h)); diff != "" || h.Len() != int64(len(held)) {
			t.Errorf("%s: changed (-want +got):\n%s", name, diff)
		}
	}
}

// There are never more than 2^63-1 lifetimes.
func TestHistogram_overflow(t *testing.T) {
	h := histogram(t, []life{{0, 3, won}})
	for range 62 {
		if !h.Merge(h, nil) {
			t.Fatal("Merge = false")
		}
	}
	if h.Len() != 1<<62 {
		t.Fatalf("Len() = %d, want 2^62", h.Len())
	}
	most, one := h.Clone(), histogram(t, []life{{0, 3, won}})
	if h.Merge(h, nil) {
		t.Error("2^62 + 2^62: Merge = true")
	}
	if !most.Sub(one, nil) || !h.Merge(most, nil) || h.Len() != math.MaxInt64 {
		t.Errorf("2^62 + 2^62 - 1: Len() = %d", h.Len())
	}
	if h.Add(0, 3, won) || h.Merge(one, nil) {
		t.Error("one more than 2^63-1 was counted")
	}
	for s := range h.Survival() {
		if s.Value != 1 && s.Value != 0 || s.SE != 0 {
			t.Errorf("%+v", s)
		}
	}
	for s := range h.Hazard(true) { // 1 + 1/2 + … + 1/2^63: Euler's constant more than the logarithm
		if want := math.Log(math.MaxInt64) + 0.5772156649015329; s.Events > 0 && math.Abs(s.Value-want) > 1e-12*want {
			t.Errorf("hazard %v, want %v", s.Value, want)
		}
	}
}

// A clone shares nothing.
func TestHistogram_Clone(t *testing.T) {
	ls := []life{{0, 3, won}, {2, 3, lost}, {70, 700, lifetime.Censored}}
	h := histogram(t, ls)
	c := h.Clone()
	c.Merge(c, nil)
	c.Add(0, 3, won)
	if diff := cmp.Diff(rows(histogram(t, ls)), rows(h)); diff != "" {
		t.Errorf("the original (-want +got):\n%s", diff)
	}
	h.Add(2, 3, lost)
	if got, want := c.Len(), int64(7); got != want {
		t.Errorf("Len() of the clone = %d, want %d", got, want)
	}
	if got, want := c.Ended(lost), int64(2); got != want {
		t.Errorf("Ended(lost) of the clone = %d, want %d", got, want)
	}
}

// A cause that is dropped gives its number to the one after it.
func TestHistogram_Drop(t *testing.T) {
	h := histogram(t, []life{{0, 3, lost}, {0, 5, lost}})
	if h.Ended(won) != 0 || h.Ended(lost) != 2 || h.Ended(99) != 0 {
		t.Errorf("Ended: won %d, lost %d, other %d", h.Ended(won), h.Ended(lost), h.Ended(99))
	}
	h.Drop(99)
	h.Drop(won)
	if h.Ended(won) != 2 || h.Ended(lost) != 0 {
		t.Errorf("after Drop(won): won %d, lost %d", h.Ended(won), h.Ended(lost))
	}
}

// Many lifetimes, at ticks near and far, in any order: what a map counts.
func TestHistogram_many(t *testing.T) {
	for _, far := range []int{100, 4_000, lifetime.MaxTick} {
		enters, exits := map[int]int64{}, map[[2]int]int64{}
		h := new(lifetime.Histogram)
		seed := uint64(far)
		next := func(below int) int {
			seed = seed*6364136223846793005 + 1442695040888963407
			return int(seed >> 33 % uint64(below))
		}
		for range 20_000 {
			last := next(far + 1)
			if next(2) == 0 {
				last = next(min(far, 300))
			}
			first, cause := 0, next(3)
			if next(5) == 0 {
				first = next(last + 1)
			}
			if !h.Add(first, last, lifetime.Cause(cause)) {
				t.Fatalf("Add(%d, %d, %d) = false", first, last, cause)
			}
			enters[first]++
			exits[[2]int{last, cause}]++
		}
		before := -1
		for r := range h.Rows() {
			if r.Tick <= before {
				t.Fatalf("tick %d after %d", r.Tick, before)
			}
			before = r.Tick
			if r.Enter != enters[r.Tick] {
				t.Errorf("far %d: Enter at %d = %d, want %d", far, r.Tick, r.Enter, enters[r.Tick])
			}
			delete(enters, r.Tick)
			for c, n := range r.Exit {
				if want := exits[[2]int{r.Tick, c}]; n != want {
					t.Errorf("far %d: Exit[%d] at %d = %d, want %d", far, c, r.Tick, n, want)
				}
				delete(exits, [2]int{r.Tick, c})
			}
		}
		if len(enters) != 0 || len(exits) != 0 {
			t.Errorf("far %d: not in the rows: %v %v", far, enters, exits)
		}
	}
}

// Survival and incidences sum to 1, survival never rises, incidences never fall; and without delayed entry or censoring
// they are the plain shares.
func TestHistogram_Incidence_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ls := lives().Draw(t, "lives")
		h := histogram(t, ls)
		w, l, none := h.Incidence(won), h.Incidence(lost), h.Incidence(lifetime.Censored)
		before := lifetime.Point{Survival: 1}
		for i := range w {
			if sum := w[i].Incidence + l[i].Incidence + w[i].Survival; math.Abs(sum-1) > 1e-12 {
				t.Errorf("tick %d: won + lost + open = %v", w[i].Tick, sum)
			}
			if w[i].Incidence < before.Incidence || w[i].Survival > before.Survival || w[i].Tick < before.Tick {
				t.Errorf("not monotone: %+v after %+v", w[i], before)
			}
			if none[i].Incidence != 0 || none[i].Exits != 0 {
				t.Errorf("incidence of censoring: %+v", none[i])
			}
			before = w[i]
		}

		whole := new(lifetime.Histogram)
		n := 0
		for _, x := range ls {
			if x.Cause != lifetime.Censored {
				whole.Add(0, x.Last, x.Cause)
				n++
			}
		}
		for _, p := range whole.Incidence(won) {
			wins, open := 0, 0
			for _, x := range ls {
				if x.Cause == won && x.Last <= p.Tick {
					wins++
				}
				if x.Cause != lifetime.Censored && x.Last > p.Tick {
					open++
				}
			}
			want := lifetime.Point{Tick: p.Tick, AtRisk: p.AtRisk, Exits: p.Exits, Incidence: float64(wins) / float64(n), Survival: float64(open) / float64(n)}
			if diff := cmp.Diff(want, p, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("without censoring (-want +got):\n%s", diff)
			}
		}
	})
}

// Ages that make no sense are refused, and extreme ones cost no more than others.
func TestHistogram_Add_hostile(t *testing.T) {
	var h lifetime.Histogram
	for _, l := range []life{
		{-1, 3, won},
		{4, 3, won},
		{0, lifetime.MaxTick + 1, won},
		{math.MaxInt, math.MaxInt, won},
		{math.MinInt, math.MaxInt, lifetime.Censored},
	} {
		if h.Add(l.First, l.Last, l.Cause) {
			t.Errorf("Add(%d, %d) = true", l.First, l.Last)
		}
	}
	if h.Len() != 0 || len(rows(&h)) != 0 {
		t.Errorf("refused lifetimes are counted: %+v", rows(&h))
	}
	var before, after runtime.MemStats
	const times = 100
	runtime.ReadMemStats(&before)
	for range times {
		var h lifetime.Histogram
		for range 50 {
			h.Add(0, lifetime.MaxTick, 4)
		}
	}
	runtime.ReadMemStats(&after)
	if bytes := (after.TotalAlloc - before.TotalAlloc) / times; bytes > 4<<10 { // 1.5 KiB, and what the race detector adds
		t.Errorf("lifetimes of the greatest length take %d bytes, want at most 4 KiB", bytes)
	}
}

// Counting allocates nothing at ticks that have a count.
func TestHistogram_Add_allocates(t *testing.T) {
	var h lifetime.Histogram
	add := func() {
		for i := range 500 {
			h.Add(i%7, i%7+i, lifetime.Cause(i%3))
		}
	}
	add()
	if n := testing.AllocsPerRun(100, add); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// A million lifetimes are counted at a few nanoseconds each, as fast as with a plain array of counts for each cause (4 ns).
func BenchmarkHistogram(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run("lives="+map[int]string{1000: "1e3", 1_000_000: "1e6"}[n], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var h lifetime.Histogram
				for i := range n {
					h.Add(i%3*20, i%3*20+(i*7919)%365, lifetime.Cause(i%3))
				}
				if len(h.Incidence(won)) == 0 {
					b.Fatal("no incidence")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/life")
		})
	}
}
