package funnel_test

import (
	"errors"
	"math"
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

// tstSlowTest is a test statistic by its textbook definition: scores u with covariance v.
type tstSlowTest struct {
	observed, expected, u []float64
	v                     [][]float64
	linked                [][]bool
}

func newTstSlowTest(groups int) *tstSlowTest {
	s := &tstSlowTest{observed: make([]float64, groups), expected: make([]float64, groups), u: make([]float64, groups)}
	for range groups {
		s.v = append(s.v, make([]float64, groups))
		s.linked = append(s.linked, make([]bool, groups))
	}
	return s
}

// statistic returns u' V⁻ u and the rank of V. V is singular: its null space is spanned by the indicators of the parts of the groups
// that are linked. With these added it is regular, and as u is orthogonal to them the solution is that of the generalised inverse.
func (s *tstSlowTest) statistic() (x float64, rank int) {
	n := len(s.u)
	part := make([]int, n)
	for i := range part {
		part[i] = i
	}
	for range n {
		for i := range n {
			for j := range n {
				if s.linked[i][j] {
					part[i] = min(part[i], part[j])
					part[j] = part[i]
				}
			}
		}
	}
	a := make([][]float64, n)
	rank = n
	for i := range n {
		a[i] = append(append([]float64(nil), s.v[i]...), s.u[i])
		for j := range n {
			if part[i] == part[j] {
				a[i][j] += 1
			}
		}
		if part[i] == i {
			rank--
		}
	}
	for i := range n { // Gauss and Jordan, with pivoting
		p := i
		for r := i; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[p][i]) {
				p = r
			}
		}
		a[i], a[p] = a[p], a[i]
		for r := range n {
			if f := a[r][i] / a[i][i]; r != i {
				for c := i; c <= n; c++ {
					a[r][c] -= f * a[i][c]
				}
			}
		}
	}
	for i := range n {
		x += s.u[i] * a[i][n] / a[i][i]
	}
	return x, rank
}

// tstSlowLogRank looks at every spell at every tick.
func tstSlowLogRank(rho float64, strata [][][]funnel.Spell) *tstSlowTest {
	groups := len(strata[0])
	s := newTstSlowTest(groups)
	for _, stratum := range strata {
		survival := 1.0
		for tick := range 100 {
			n, d := make([]float64, groups), make([]float64, groups)
			var allN, allD float64
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
			w := math.Pow(survival, rho)
			survival *= 1 - allD/allN
			for g := range groups {
				s.observed[g] += w * d[g]
				s.expected[g] += w * n[g] * allD / allN
				s.u[g] += w * (d[g] - n[g]*allD/allN)
				for h := range groups {
					delta := 0.0
					if g == h {
						delta = 1
					}
					if allN > 1 {
						s.v[g][h] += w * w * n[g] / allN * (delta - n[h]/allN) * allD * (allN - allD) / (allN - 1)
					}
					s.linked[g][h] = s.linked[g][h] || w > 0 && allD < allN && n[g] > 0 && n[h] > 0
				}
			}
		}
	}
	return s
}

// The test is what its definition says, for any groups and strata, late entries, and groups that are never at risk together.
func TestStratifiedLogRank_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, 5).Draw(t, "groups")
		rho := rapid.SampledFrom([]float64{0, 0, 1, 0.5, 3}).Draw(t, "rho")
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
		slow := tstSlowLogRank(rho, spells)
		x, df := slow.statistic()
		got, err := funnel.StratifiedLogRank(rho, strata...)
		if df == 0 {
			if !errors.Is(err, funnel.ErrUndefined) {
				t.Fatalf("%+v, %v, want ErrUndefined", got, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if got.DF != df {
			t.Errorf("df = %d, want %d", got.DF, df)
		}
		tstClose(t, "chi-squared", got.ChiSquared, x)
		for g := range groups {
			n := int64(0)
			for s := range spells {
				n += int64(len(spells[s][g]))
			}
			if got.Groups[g].N != n {
				t.Errorf("n = %d, want %d", got.Groups[g].N, n)
			}
			tstClose(t, "observed", got.Groups[g].Observed, slow.observed[g])
			tstClose(t, "expected", got.Groups[g].Expected, slow.expected[g])
			tstClose(t, "variance", got.Groups[g].Variance, slow.v[g][g])
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
				s.u[g] += at[g][tick].d - e
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
					s.v[g][j] += a[g] * a[j] * tied(ds[tick], hs[tick]*k.before) * ds[tick] / hs[tick] / h(r, tick)
					s.v[g][j] += b[g] * b[j] * tied(k.e, k.y) * k.before * k.before * k.e / k.y / k.y
				}
			}
		}
	}
	for g := range groups {
		for j := range groups {
			s.linked[g][j] = s.v[g][g] > 1e-12 && s.v[j][j] > 1e-12
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
		slow := tstSlowGray(funnel.Won, spells)
		x, df := slow.statistic()
		got, err := funnel.Gray(funnel.Won, groups...)
		if df == 0 {
			if !errors.Is(err, funnel.ErrUndefined) {
				t.Fatalf("%+v, %v, want ErrUndefined", got, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if got.DF != df {
			t.Errorf("df = %d, want %d", got.DF, df)
		}
		tstClose(t, "chi-squared", got.ChiSquared, x)
		for g := range groups {
			tstClose(t, "observed", got.Groups[g].Observed, slow.observed[g])
			tstClose(t, "expected", got.Groups[g].Expected, slow.expected[g])
			tstClose(t, "variance", got.Groups[g].Variance, slow.v[g][g])
		}
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
