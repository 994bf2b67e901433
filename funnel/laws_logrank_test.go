package funnel_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// tstSpells draws spells, late entries among them if asked for; many leave at the same ticks.
func tstSpells(late bool, most int) *rapid.Generator[[]funnel.Spell] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) funnel.Spell {
		var s funnel.Spell
		if late {
			s.Enter = rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 20)).Draw(t, "enter")
		}
		s.Leave = s.Enter + rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 60)).Draw(t, "length")
		s.Exit = rapid.SampledFrom([]funnel.Exit{funnel.Open, funnel.Won, funnel.Lost, funnel.Won, funnel.Lost}).Draw(t, "exit")
		return s
	}), 0, most)
}

func tstLifetimes(t *rapid.T, spells []funnel.Spell) *funnel.Lifetimes {
	l, err := funnel.NewLifetimes(spells...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// tstSlowTest is the outcome of a test by its textbook definition.
type tstSlowTest struct {
	x                            float64
	rank                         int
	observed, expected, variance []float64
}

func newTstSlowTest(groups int) *tstSlowTest {
	return &tstSlowTest{observed: make([]float64, groups), expected: make([]float64, groups), variance: make([]float64, groups)}
}

// check compares a test with its definition.
func (s *tstSlowTest) check(t *rapid.T, got funnel.Test, err error) {
	t.Helper()
	if s.rank == 0 {
		if !errors.Is(err, funnel.ErrUndefined) {
			t.Errorf("%+v, %v, want ErrUndefined", got, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got.DF != s.rank {
		t.Errorf("df = %d, want %d", got.DF, s.rank)
	}
	tstClose(t, "chi-squared", got.ChiSquared, s.x)
	for g := range got.Groups {
		tstClose(t, "observed", got.Groups[g].Observed, s.observed[g])
		tstClose(t, "expected", got.Groups[g].Expected, s.expected[g])
		tstClose(t, "variance", got.Groups[g].Variance, s.variance[g])
	}
}

// tstExactLogRank looks at every spell at every tick, in fractions. rho is whole.
func tstExactLogRank(rho int, strata [][][]funnel.Spell) *tstSlowTest {
	groups := len(strata[0])
	frac := func(a, b int64) *big.Rat { return big.NewRat(a, b) }
	mul := func(first *big.Rat, xs ...*big.Rat) *big.Rat {
		p := new(big.Rat).Set(first)
		for _, x := range xs {
			p.Mul(p, x)
		}
		return p
	}
	s := newTstSlowTest(groups)
	observed, expected, u, v := make([]*big.Rat, groups), make([]*big.Rat, groups), make([]*big.Rat, groups), make([][]*big.Rat, groups)
	for g := range groups {
		observed[g], expected[g], u[g] = new(big.Rat), new(big.Rat), new(big.Rat)
		for range groups {
			v[g] = append(v[g], new(big.Rat))
		}
	}
	for _, stratum := range strata {
		survival := frac(1, 1)
		for tick := range 100 {
			n, d := make([]int64, groups), make([]int64, groups)
			var allN, allD int64
			for g, spells := range stratum {
				for _, x := range spells {
					if x.Enter <= tick && tick <= x.Leave {
						n[g]++
						allN++
						if tick == x.Leave && x.Exit != funnel.Open {
							d[g]++
							allD++
						}
					}
				}
			}
			if allD == 0 {
				continue
			}
			w := frac(1, 1)
			for range rho {
				w.Mul(w, survival)
			}
			survival.Mul(survival, frac(allN-allD, allN))
			for g := range groups {
				e := mul(w, frac(n[g]*allD, allN))
				o := mul(w, frac(d[g], 1))
				observed[g].Add(observed[g], o)
				expected[g].Add(expected[g], e)
				u[g].Add(u[g], o).Sub(u[g], e)
				for h := range groups {
					share := frac(-n[h], allN)
					if g == h {
						share.Add(share, frac(1, 1))
					}
					if allN > 1 {
						v[g][h].Add(v[g][h], mul(w, w, frac(n[g], allN), share, frac(allD*(allN-allD), allN-1)))
					}
				}
			}
		}
	}
	for g := range groups {
		s.observed[g], _ = observed[g].Float64()
		s.expected[g], _ = expected[g].Float64()
		s.variance[g], _ = v[g][g].Float64()
	}
	x := new(big.Rat)
	for i := range groups { // Gauss; a pivot of 0 has a row of zeros, as V is positive semidefinite
		if v[i][i].Sign() == 0 {
			continue
		}
		s.rank++
		x.Add(x, new(big.Rat).Quo(mul(u[i], u[i]), v[i][i]))
		for j := i + 1; j < groups; j++ {
			f := new(big.Rat).Quo(v[j][i], v[i][i])
			u[j].Sub(u[j], mul(f, u[i]))
			for k := i; k < groups; k++ {
				v[j][k].Sub(v[j][k], mul(f, v[i][k]))
			}
		}
	}
	s.x, _ = x.Float64()
	return s
}

// The test is what its definition says, for any groups and strata, late entries, and groups that are never at risk together.
func TestStratifiedLogRank_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, 5).Draw(t, "groups")
		rho := rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "rho")
		var spells [][][]funnel.Spell
		var strata [][]*funnel.Lifetimes
		for range rapid.IntRange(1, 3).Draw(t, "strata") {
			var raw [][]funnel.Spell
			var counted []*funnel.Lifetimes
			for range groups {
				s := tstSpells(true, 15).Draw(t, "spells")
				raw = append(raw, s)
				counted = append(counted, tstLifetimes(t, s))
				if len(s) == 0 && rapid.Bool().Draw(t, "nil") {
					counted[len(counted)-1] = nil
				}
			}
			spells, strata = append(spells, raw), append(strata, counted)
		}
		got, err := funnel.StratifiedLogRank(float64(rho), strata...)
		tstExactLogRank(rho, spells).check(t, got, err)
		for g := range got.Groups {
			n := 0
			for s := range spells {
				n += len(spells[s][g])
			}
			if got.Groups[g].N != int64(n) {
				t.Errorf("n = %d, want %d", got.Groups[g].N, n)
			}
		}
	})
}

func tstClose(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*(1+math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// tstSlowGray is the test by the paper's formulas, with sums over later ticks taken anew at each. There is no late entry.
func tstSlowGray(by funnel.Exit, spells [][]funnel.Spell) *tstSlowTest {
	groups := len(spells)
	s := newTstSlowTest(groups)
	u, v := make([]float64, groups), make([][]float64, groups)
	for g := range v {
		v[g] = make([]float64, groups)
	}
	const ticks = 100
	type state struct{ y, d, e, before, after, f float64 } // f is the incidence just before the tick
	at := make([][ticks]state, groups)
	for g, xs := range spells {
		survival, f := 1.0, 0.0
		for tick := range ticks {
			k := &at[g][tick]
			for _, x := range xs {
				if tick <= x.Leave {
					k.y++
				}
				if tick == x.Leave && x.Exit == by {
					k.d++
				} else if tick == x.Leave && x.Exit != funnel.Open {
					k.e++
				}
			}
			k.before, k.f = survival, f
			if k.y > 0 {
				f += survival * k.d / k.y
				survival *= 1 - (k.d+k.e)/k.y
			}
			k.after = survival
		}
	}
	h := func(g, tick int) float64 {
		if at[g][tick].y == 0 {
			return 0
		}
		return at[g][tick].y / at[g][tick].before
	}
	var hs, rs, ds, null [ticks]float64 // null is 1-F° after the tick
	left := 1.0
	for tick := range ticks {
		for g := range groups {
			hs[tick] += h(g, tick)
			rs[tick] += h(g, tick) * (1 - at[g][tick].f)
			ds[tick] += at[g][tick].d
		}
		if ds[tick] > 0 {
			left = max(left-ds[tick]/hs[tick], 0)
		}
		null[tick] = left
	}
	d := func(g, r, tick int) float64 {
		if g == r {
			return 1 - h(g, tick)/hs[tick]
		}
		return -h(g, tick) / hs[tick]
	}
	tied := func(d, n float64) float64 {
		if d <= 1 {
			return 1
		}
		return max(1-(d-1)/(n-1), 0)
	}
	for tick := range ticks {
		for g := range groups {
			s.observed[g] += at[g][tick].d
			if ds[tick] > 0 {
				e := h(g, tick) * (1 - at[g][tick].f) * ds[tick] / rs[tick]
				s.expected[g] += e
				u[g] += at[g][tick].d - e
			}
		}
		for r := range groups {
			if h(r, tick) == 0 {
				continue
			}
			a, b := make([]float64, groups), make([]float64, groups)
			for g := range groups {
				c := 0.0
				for later := tick + 1; later < ticks; later++ {
					switch {
					case ds[later] == 0:
					case null[later-1] > 1e-9:
						c += d(g, r, later) * h(r, later) * ds[later] / hs[later] / null[later-1]
					default:
						c += d(g, r, later) * h(r, later) * ds[later] / rs[later]
					}
				}
				ratio := 0.0
				if at[r][tick].after > 0 {
					ratio = null[tick] / at[r][tick].after
				}
				a[g] = d(g, r, tick)*h(r, tick) + c*(1-ratio)
				b[g] = -c * ratio
			}
			k := at[r][tick]
			for g := range groups {
				for j := range groups {
					v[g][j] += a[g] * a[j] * tied(ds[tick], hs[tick]*k.before) * ds[tick] / hs[tick] / h(r, tick)
					v[g][j] += b[g] * b[j] * tied(k.e, k.y) * k.before * k.before * k.e / k.y / k.y
				}
			}
		}
	}
	// All groups with a variance hang together, as all are at risk at the first tick: without the last of them V is regular.
	var some []int
	for g := range groups {
		if s.variance[g] = v[g][g]; v[g][g] > 1e-12 {
			some = append(some, g)
		}
	}
	s.rank = max(len(some)-1, 0)
	for i, g := range some[:s.rank] {
		s.x += u[g] * u[g] / v[g][g]
		for _, j := range some[i+1 : s.rank] {
			f := v[j][g] / v[g][g]
			u[j] -= f * u[g]
			for _, k := range some[i:s.rank] {
				v[j][k] -= f * v[g][k]
			}
		}
	}
	return s
}

// Gray's test is what the paper says.
func TestGray_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spells [][]funnel.Spell
		var groups []*funnel.Lifetimes
		for range rapid.IntRange(1, 4).Draw(t, "groups") {
			s := tstSpells(false, 25).Draw(t, "spells")
			spells, groups = append(spells, s), append(groups, tstLifetimes(t, s))
		}
		got, err := funnel.Gray(funnel.Won, groups...)
		tstSlowGray(funnel.Won, spells).check(t, got, err)
	})
}

// What the tests of groups have in common: the order of the groups does not matter, nor the unit and curvature of time; what is
// observed is expected in total; P and log P agree.
func TestTest_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gray := rapid.Bool().Draw(t, "Gray")
		rho := rapid.SampledFrom([]float64{0, 1}).Draw(t, "rho")
		run := func(groups []*funnel.Lifetimes) (funnel.Test, error) {
			if gray {
				return funnel.Gray(funnel.Won, groups...)
			}
			return funnel.StratifiedLogRank(rho, groups)
		}
		k := rapid.IntRange(2, 4).Draw(t, "groups")
		groups, bent := make([]*funnel.Lifetimes, k), make([]*funnel.Lifetimes, k)
		for g := range groups {
			spells := tstSpells(!gray, 20).Draw(t, "spells")
			groups[g] = tstLifetimes(t, spells)
			for i := range spells {
				spells[i].Leave = spells[i].Leave*spells[i].Leave*3 + 7
				if e := spells[i].Enter; e > 0 {
					spells[i].Enter = (e-1)*(e-1)*3 + 8 // at risk from just after e-1
				}
			}
			bent[g] = tstLifetimes(t, spells)
		}
		order := rapid.Permutation([]int{0, 1, 2, 3}[:k]).Draw(t, "order")
		shuffled := make([]*funnel.Lifetimes, k)
		for i, g := range order {
			shuffled[i] = groups[g]
		}

		got, err := run(groups)
		other, errOther := run(shuffled)
		later, errLater := run(bent)
		if err != nil || errOther != nil || errLater != nil {
			if !errors.Is(err, funnel.ErrUndefined) || !errors.Is(errOther, funnel.ErrUndefined) || !errors.Is(errLater, funnel.ErrUndefined) {
				t.Fatalf("%v, %v in another order, %v with time bent", err, errOther, errLater)
			}
			return
		}
		if !(got.ChiSquared >= 0 && got.P >= 0 && got.P <= 1 && got.LogP <= 0) {
			t.Errorf("%+v", got)
		}
		tstClose(t, "e^log p", math.Exp(got.LogP), got.P)
		tstClose(t, "chi-squared in another order", other.ChiSquared, got.ChiSquared)
		if diff := cmp.Diff(got, later); diff != "" {
			t.Errorf("with time bent (-straight +bent):\n%s", diff)
		}
		var observed, expected float64
		for i, g := range order {
			tstClose(t, "observed in another order", other.Groups[i].Observed, got.Groups[g].Observed)
			observed += got.Groups[g].Observed
			expected += got.Groups[g].Expected
		}
		tstClose(t, "sum of expected", expected, observed)
	})
}

// Groups that are equal do not differ, whatever their spells.
func TestTest_identical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gray := rapid.Bool().Draw(t, "Gray")
		l := tstLifetimes(t, append(tstSpells(!gray, 25).Draw(t, "spells"), funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Leave: 9}))
		groups := []*funnel.Lifetimes{l, l, l}[:rapid.IntRange(2, 3).Draw(t, "groups")]
		got, err := funnel.LogRank(groups...)
		if gray {
			got, err = funnel.Gray(funnel.Won, groups...)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got.ChiSquared > 1e-20 || got.P < 1-1e-9 || got.DF != len(groups)-1 {
			t.Errorf("%+v", got)
		}
	})
}

// Without competing exits Gray's test observes and expects what the log-rank test does.
func TestGray_withoutCompetition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var groups []*funnel.Lifetimes
		for range 3 {
			spells := append(tstSpells(false, 25).Draw(t, "spells"), funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Leave: 9})
			for i := range spells {
				if spells[i].Exit == funnel.Lost {
					spells[i].Exit = funnel.Open
				}
			}
			groups = append(groups, tstLifetimes(t, spells))
		}
		a, errA := funnel.LogRank(groups...)
		b, errB := funnel.Gray(funnel.Won, groups...)
		if errA != nil || errB != nil || a.DF != b.DF {
			t.Fatalf("%+v, %v and %+v, %v", a, errA, b, errB)
		}
		for g := range groups {
			tstClose(t, "observed", b.Groups[g].Observed, a.Groups[g].Observed)
			tstClose(t, "expected", b.Groups[g].Expected, a.Groups[g].Expected)
		}
	})
}

// A stratum given twice counts twice; a stratum of one group only counts nothing.
func TestStratifiedLogRank_strata(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := tstLifetimes(t, append(tstSpells(true, 20).Draw(t, "a"), funnel.Spell{Leave: 3, Exit: funnel.Won}))
		b := tstLifetimes(t, append(tstSpells(true, 20).Draw(t, "b"), funnel.Spell{Leave: 5, Exit: funnel.Lost}))
		one, err := funnel.StratifiedLogRank(0, []*funnel.Lifetimes{a, b})
		if err != nil {
			t.Fatal(err)
		}
		two, err := funnel.StratifiedLogRank(0, []*funnel.Lifetimes{a, b}, []*funnel.Lifetimes{a, b})
		if err != nil {
			t.Fatal(err)
		}
		tstClose(t, "chi-squared of two equal strata", two.ChiSquared, 2*one.ChiSquared)
		tstClose(t, "expected of two equal strata", two.Groups[0].Expected, 2*one.Groups[0].Expected)
		alone, err := funnel.StratifiedLogRank(0, []*funnel.Lifetimes{a, b}, []*funnel.Lifetimes{b, nil})
		if err != nil {
			t.Fatal(err)
		}
		tstClose(t, "chi-squared with a stratum of one group", alone.ChiSquared, one.ChiSquared)
	})
}
