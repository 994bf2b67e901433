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

// Parts merge into the whole in any order, the empty histogram changes nothing, and what is merged stays as it is.
func TestHistogram_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := lives().Draw(t, "a"), lives().Draw(t, "b"), lives().Draw(t, "c")
		want := rows(histogram(t, append(append(append([]life(nil), a...), b...), c...)))
		ha, hb, hc := histogram(t, a), histogram(t, b), histogram(t, c)
		before := rows(hb)

		left := new(lifetime.Histogram)
		left.Merge(ha, nil)
		left.Merge(hb, nil)
		left.Merge(hc, nil)
		left.Merge(new(lifetime.Histogram), nil)
		if diff := cmp.Diff(want, rows(left)); diff != "" {
			t.Errorf("a + b + c (-want +got):\n%s", diff)
		}
		hc.Merge(hb, nil)
		hc.Merge(ha, nil)
		if diff := cmp.Diff(want, rows(hc)); diff != "" {
			t.Errorf("c + b + a (-want +got):\n%s", diff)
		}
		if hc.Len() != left.Len() {
			t.Errorf("Len() = %d and %d", hc.Len(), left.Len())
		}
		if diff := cmp.Diff(before, rows(hb)); diff != "" {
			t.Errorf("b was changed (-want +got):\n%s", diff)
		}
	})
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

// Ages that make no sense are refused, and extreme ones cost a few pages.
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
		h.Add(0, lifetime.MaxTick, 255)
	}
	runtime.ReadMemStats(&after)
	if bytes := (after.TotalAlloc - before.TotalAlloc) / times; bytes > 128<<10 { // 64 KiB, and what the race detector adds
		t.Errorf("one lifetime of the greatest length takes %d bytes, want at most 128 KiB", bytes)
	}
}

// A million lifetimes are counted at a few nanoseconds each; nothing is allocated when the pages are there.
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
