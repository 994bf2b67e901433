package funnel_test

import (
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/funnel"
)

// survDeals returns n spells of up to 3,650 days with three exits, one in four open, some of them entered late: the mix that the
// benchmarks count.
func survDeals(n int) []funnel.Spell {
	spells := make([]funnel.Spell, n)
	seed := uint64(0x5A1E50F5)
	next := func(below uint64) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % below)
	}
	exits := []funnel.Exit{funnel.Won, funnel.Lost, funnel.Open, funnel.Lost, funnel.Won, funnel.Open, funnel.Left, funnel.Lost}
	for i := range spells {
		leave := min(next(3651), next(3651))
		spells[i] = funnel.Spell{Leave: leave, Exit: exits[next(8)]}
		if next(10) == 0 {
			spells[i].Enter = next(uint64(leave) + 1)
		}
	}
	return spells
}

func survLifetimes(t survT, spells ...funnel.Spell) *funnel.Lifetimes {
	t.Helper()
	l, err := funnel.NewLifetimes(spells...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A million spells are to be counted in 10 ms on one core. R's survfit takes 5.5 s for a Kaplan-Meier curve of as many, and 17.9 s
// for the incidences of two causes.
func BenchmarkLifetimes_Add(b *testing.B) {
	for _, n := range []int{1000, 30_000, 1_000_000} {
		spells := survDeals(n)
		b.Run("spells="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var l funnel.Lifetimes
				for i := range spells {
					if err := l.Add(spells[i]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// Curves of 3,650 days are to take 1 ms, with intervals.
func BenchmarkLifetimes_curves(b *testing.B) {
	l := survLifetimes(b, survDeals(1_000_000)...)
	for _, m := range survMethods {
		b.Run("survival/"+string(m), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Survival(funnel.CI{Method: m}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for name, curve := range map[string]func() error{
		"incidence": func() error { _, err := l.Incidence(funnel.Won, funnel.CI{}); return err },
		"hazard":    func() error { _, err := l.Hazard(funnel.FlemingHarrington, funnel.CI{}); return err },
		"mean":      func() error { _, err := l.RestrictedMean(3650, funnel.CI{}); return err },
		"timelost":  func() error { _, err := l.TimeLost(funnel.Won, 3650, funnel.CI{}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := curve(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A thousand shards are to merge in 10 ms, and to be encoded and decoded at a few nanoseconds a byte.
func BenchmarkLifetimes_Merge(b *testing.B) {
	for _, size := range []int{10, 1000} {
		all := survDeals(1000 * size)
		shards := make([]*funnel.Lifetimes, 1000)
		texts := make([][]byte, len(shards))
		bytes := 0
		for i := range shards {
			shards[i] = survLifetimes(b, all[i*size:(i+1)*size]...)
			texts[i], _ = shards[i].MarshalBinary()
			bytes += len(texts[i])
		}
		b.Run("shards=1000/spells="+strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var l funnel.Lifetimes
				for _, s := range shards {
					if err := l.Merge(s); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run("decode=1000/spells="+strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(bytes))
			for b.Loop() {
				for _, text := range texts {
					var l funnel.Lifetimes
					if err := l.UnmarshalBinary(text); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run("encode=1000/spells="+strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(bytes))
			for b.Loop() {
				for _, s := range shards {
					if _, err := s.MarshalBinary(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run("sub=1000/spells="+strconv.Itoa(size), func(b *testing.B) {
			whole := survLifetimes(b, all...)
			b.ReportAllocs()
			for b.Loop() {
				l := whole.Clone()
				for _, s := range shards {
					if err := l.Sub(s); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
