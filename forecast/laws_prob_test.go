package forecast_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

func probTallies(most, closed int) *rapid.Generator[[]forecast.Tally] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) forecast.Tally {
		n := rapid.IntRange(0, closed).Draw(t, "closed")
		return forecast.Tally{Won: rapid.IntRange(0, n).Draw(t, "won"), Closed: n}
	}), 0, most)
}

func probMust[T any](t interface{ Fatal(...any) }) func(v T, err error) T {
	return func(v T, err error) T {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A rate lies between the raw rate and the mean, strictly if these differ; it rises with the wins and goes to the raw rate
// with the number of deals. Neither the order of groups nor their names matter.
func TestPrior_Rate_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tallies := probTallies(12, 60).Draw(t, "tallies")
		p := probMust[forecast.Prior](t)(forecast.FitPrior(tallies))
		shuffled := rapid.Permutation(tallies).Draw(t, "shuffled")
		if q := probMust[forecast.Prior](t)(forecast.FitPrior(shuffled)); p != q {
			t.Errorf("prior %+v, of the groups in another order %+v", p, q)
		}
		for _, x := range tallies {
			rate := probMust[float64](t)(p.Rate(x))
			if x.Closed == 0 {
				if rate != p.Mean {
					t.Errorf("rate without deals %v, want the mean %v", rate, p.Mean)
				}
				continue
			}
			raw := float64(x.Won) / float64(x.Closed)
			switch {
			case p.Pooled:
				if rate != p.Mean {
					t.Errorf("pooled rate %v, want the mean %v", rate, p.Mean)
				}
				continue
			case math.Abs(raw-p.Mean) > 1e-6:
				if !(min(raw, p.Mean) < rate && rate < max(raw, p.Mean)) {
					t.Errorf("rate %v is not between %v and %v", rate, raw, p.Mean)
				}
			}
			if x.Won < x.Closed {
				if more := probMust[float64](t)(p.Rate(forecast.Tally{Won: x.Won + 1, Closed: x.Closed})); more <= rate {
					t.Errorf("rate %v, with one more win %v", rate, more)
				}
			}
			const times = 1 << 22
			if far := probMust[float64](t)(p.Rate(forecast.Tally{Won: x.Won * times, Closed: x.Closed * times})); math.Abs(far-raw) > 1e-3+p.Strength/times {
				t.Errorf("with many deals %v, want about %v", far, raw)
			}
		}
	})
}

// The fit is at the top of the likelihood: no other mean and strength is better, near or far.
func TestFitPrior_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tallies := probTallies(10, 40).Draw(t, "tallies")
		p := probMust[forecast.Prior](t)(forecast.FitPrior(tallies))
		all, groups := forecast.Tally{}, 0
		excess := 0.0
		for _, x := range tallies {
			all.Won, all.Closed = all.Won+x.Won, all.Closed+x.Closed
			groups += min(x.Closed, 1)
		}
		if p.All != all {
			t.Errorf("all %+v, want %+v", p.All, all)
		}
		if groups < 2 {
			if p.Mean != 0.5 || p.Strength != 1 || p.Pooled {
				t.Errorf("prior of %d groups: %+v, want Jeffreys'", groups, p)
			}
			return
		}
		pooled := float64(all.Won) / float64(all.Closed)
		for _, x := range tallies { // Tarone's score, as he writes it
			w, l, n := float64(x.Won), float64(x.Closed-x.Won), float64(x.Closed)
			excess += -n * (n - 1)
			if x.Won > 0 {
				excess += w * (w - 1) / pooled
			}
			if x.Won < x.Closed {
				excess += l * (l - 1) / (1 - pooled)
			}
		}
		if p.Pooled {
			if excess > 1e-6*float64(all.Closed) || math.Abs(p.Mean-pooled) > 1e-15 || p.Strength != 0 {
				t.Errorf("pooled with score %v: %+v, want the mean %v", excess, p, pooled)
			}
			return
		}
		if p.Strength < 1 {
			t.Errorf("%+v is weaker than Jeffreys'", p)
		}
		top := probLogLik(tallies, p.Mean*p.Strength, (1-p.Mean)*p.Strength)
		for _, mean := range []float64{p.Mean * 0.99, p.Mean, 1 - (1-p.Mean)*0.99, pooled, 0.5} {
			for _, strength := range []float64{p.Strength / 1.01, p.Strength, p.Strength * 1.01, 1, 3, 10, 100, 1000, 1e5, 1e8, 1e12} {
				if strength < 1 {
					continue
				}
				if other := probLogLik(tallies, mean*strength, (1-mean)*strength); other > top+1e-9 {
					t.Errorf("mean %v, strength %v is more likely by %v than %+v", mean, strength, other-top, p)
				}
			}
		}
	})
}

// Equal raw rates are pooled, whatever the sizes of the groups.
func TestFitPrior_equalRates_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		won, lost := rapid.IntRange(0, 5).Draw(t, "won"), rapid.IntRange(0, 5).Draw(t, "lost")
		if won+lost == 0 {
			won = 1
		}
		var tallies []forecast.Tally
		for _, n := range rapid.SliceOfN(rapid.IntRange(1, 1000), 2, 8).Draw(t, "sizes") {
			tallies = append(tallies, forecast.Tally{Won: n * won, Closed: n * (won + lost)})
		}
		p := probMust[forecast.Prior](t)(forecast.FitPrior(tallies))
		if want := float64(won) / float64(won+lost); !p.Pooled || math.Abs(p.Mean-want) > 1e-15 {
			t.Errorf("%+v, want pooled at %v", p, want)
		}
	})
}

// Intervals hold their level, are nested, lie within 0 to 1, and mirror when wins and losses change places.
func TestPrior_Interval_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := forecast.Prior{Mean: rapid.Float64Range(0.01, 0.99).Draw(t, "mean"), Strength: rapid.SampledFrom([]float64{0.5, 2, 30, 3000}).Draw(t, "strength")}
		n := rapid.SampledFrom([]int{0, 1, 7, 100, 30_000, 999_000, 1_001_000}).Draw(t, "closed")
		x := forecast.Tally{Won: rapid.IntRange(0, n).Draw(t, "won"), Closed: n}
		a, b := p.Mean*p.Strength+float64(x.Won), (1-p.Mean)*p.Strength+float64(x.Closed-x.Won)
		before := [2]float64{math.Inf(1), math.Inf(-1)}
		for _, level := range []float64{0.01, 0.5, 0.8, 0.95, 0.999} {
			low, high, err := p.Interval(x, level)
			if err != nil {
				t.Fatal(err)
			}
			if low < 0 || high > 1 || low > before[0] || high < before[1] {
				t.Errorf("level %v: %v to %v, the level before %v", level, low, high, before)
			}
			before = [2]float64{low, high}
			if min(a, b) > 1 { // else the density is steep at the ends, and 1e-7 on the rate is no small probability
				sd := math.Sqrt(a*b/(a+b+1)) / (a + b)
				for _, end := range []struct{ rate, p float64 }{{low, (1 - level) / 2}, {high, (1 + level) / 2}} {
					if got := mathext.RegIncBeta(a, b, end.rate); math.Abs(got-end.p) > 1e-6+1e-7/sd {
						t.Errorf("level %v: %v of the probability lies below %v, want %v", level, got, end.rate, end.p)
					}
				}
			}
			mirror := forecast.Prior{Mean: 1 - p.Mean, Strength: p.Strength}
			mlow, mhigh, err := mirror.Interval(forecast.Tally{Won: x.Closed - x.Won, Closed: x.Closed}, level)
			if err != nil || math.Abs(mlow-(1-high)) > 1e-7 || math.Abs(mhigh-(1-low)) > 1e-7 {
				t.Errorf("level %v: %v to %v, of the losses %v to %v, %v", level, low, high, mlow, mhigh, err)
			}
		}
	})
}

// TallyBy counts every decided deal once, and WinRates returns what the prior says of each group.
func TestWinRates_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals := probDeals().Draw(t, "deals")
		tallies := probMust[map[string]forecast.Tally](t)(forecast.TallyBy(deals, func(d forecast.Deal) string { return d.Owner }))
		var all, want forecast.Tally
		for _, x := range deals {
			if x.Status == forecast.Won {
				want.Won++
			}
			if x.Status == forecast.Won || x.Status == forecast.Lost {
				want.Closed++
			}
		}
		list := []forecast.Tally{}
		for _, k := range slices.Sorted(maps.Keys(tallies)) {
			x := tallies[k]
			all.Won, all.Closed = all.Won+x.Won, all.Closed+x.Closed
			list = append(list, x)
		}
		if all != want {
			t.Errorf("tallies sum to %+v, want %+v", all, want)
		}
		rates, prior, err := forecast.WinRates(tallies, 0.8)
		if err != nil {
			t.Fatal(err)
		}
		if p := probMust[forecast.Prior](t)(forecast.FitPrior(list)); p != prior {
			t.Errorf("prior %+v, want %+v", prior, p)
		}
		for i, r := range rates {
			if i > 0 && rates[i-1].Key >= r.Key {
				t.Errorf("%q after %q", r.Key, rates[i-1].Key)
			}
			rate := probMust[float64](t)(prior.Rate(tallies[r.Key]))
			low, high, _ := prior.Interval(tallies[r.Key], 0.8)
			if r.Rate != rate || r.Low != low || r.High != high || *r.Raw != float64(r.Tally.Won)/float64(r.Tally.Closed) {
				t.Errorf("%+v, want rate %v, %v to %v", r, rate, low, high)
			}
		}
		probRoundTrip(t, rates)
	})
}

// probRoundTrip checks that a value is the same after JSON.
func probRoundTrip[T any](t interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}, v T,
) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}

func probSpells(least int) *rapid.Generator[[]forecast.Spell] {
	return rapid.Map(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) forecast.Spell {
		enter := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 20)).Draw(t, "enter")
		return forecast.Spell{
			Enter:  enter,
			Leave:  enter + rapid.IntRange(0, 40).Draw(t, "days"),
			Status: rapid.SampledFrom([]forecast.Status{"", forecast.Open, forecast.Won, forecast.Lost}).Draw(t, "status"),
		}
	}), least, 40), func(s []forecast.Spell) []forecast.Spell {
		return append(s, forecast.Spell{Leave: 12, Status: forecast.Lost}) // else the curve may be undefined
	})
}

func probCurve(t interface{ Fatal(...any) }, spells []forecast.Spell) forecast.CloseCurve {
	return probMust[forecast.CloseCurve](t)(forecast.FitCloseCurve(spells))
}

// probRates are the daily rates of a curve by definition: those who closed at the age over those at risk at it, and beyond
// the last age watched the closings of the tail's ages over the days at risk in them.
func probRates(c forecast.CloseCurve, spells []forecast.Spell, age int) (won, lost float64) {
	from, to := age, age
	support := 0
	for _, s := range spells {
		support = max(support, s.Leave)
	}
	if age > support {
		from, to = c.Tail.From, support
	}
	days := 0.0
	for _, s := range spells {
		days += float64(max(min(s.Leave, to)-max(s.Enter, from)+1, 0))
		if from <= s.Leave && s.Leave <= to {
			switch s.Status {
			case forecast.Won:
				won++
			case forecast.Lost:
				lost++
			}
		}
	}
	if days == 0 {
		return 0, 0
	}
	return won / days, lost / days
}

// Following a deal day by day, by the definition of the rates, gives Win, Lose, Won, Lost, Open and CreateAndClose.
func TestCloseCurve_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spells := probSpells(0).Draw(t, "spells")
		c := probCurve(t, spells)
		if c.Tail.Won+c.Tail.Lost == 0 {
			t.Errorf("nothing closes beyond age %d", c.Support)
		}
		near := cmpopts.EquateApprox(1e-9, 1e-12)
		age, within := rapid.IntRange(-1, 80).Draw(t, "age"), rapid.IntRange(0, 90).Draw(t, "within")
		var won, lost, sum float64
		open := 1.0
		for k := 1; k <= within; k++ {
			w, l := probRates(c, spells, age+k)
			won, lost, open = won+open*w, lost+open*l, open*(1-w-l)
			if age == -1 {
				sum += won
			}
		}
		if diff := cmp.Diff([2]float64{won, lost}, [2]float64{c.Win(age, within), c.Lose(age, within)}, near); diff != "" {
			t.Errorf("Win, Lose(%d, %d) (-want +got):\n%s", age, within, diff)
		}
		if age == -1 {
			if diff := cmp.Diff([3]float64{won, lost, open}, [3]float64{c.Won(within - 1), c.Lost(within - 1), c.Open(within - 1)}, near); diff != "" {
				t.Errorf("Won, Lost, Open(%d) (-want +got):\n%s", within-1, diff)
			}
			if diff := cmp.Diff(sum, c.CreateAndClose(within), near); diff != "" {
				t.Errorf("CreateAndClose(%d) (-want +got):\n%s", within, diff)
			}
		}

		if all := c.Won(age) + c.Lost(age) + c.Open(age); math.Abs(all-1) > 1e-12 {
			t.Errorf("won + lost + open at %d = %v", age, all)
		}
		first := rapid.IntRange(0, within).Draw(t, "first")
		stays := 1 - c.Win(age, first) - c.Lose(age, first)
		if diff := cmp.Diff(c.Win(age, within), c.Win(age, first)+stays*c.Win(age+first, within-first), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("Win(%d, %d) and after %d days (-whole +parts):\n%s", age, within, first, diff)
		}
		if more := c.Win(age, within+1); more < c.Win(age, within) {
			t.Errorf("Win(%d, %d) = %v falls to %v a day later", age, within, c.Win(age, within), more)
		}

		shifted := make([]forecast.Spell, len(spells))
		const by = 300 // more than a page of the histogram
		for i, s := range spells {
			shifted[i] = forecast.Spell{Enter: s.Enter + by, Leave: s.Leave + by, Status: s.Status}
		}
		sc := probCurve(t, shifted)
		if age >= 0 && len(c.Steps) > 0 && sc.Tail.From >= by { // a tail from age 0 on has other days
			if got := sc.Win(age+by, within); got != c.Win(age, within) {
				t.Errorf("shifted by %d days: Win = %v, want %v", by, got, c.Win(age, within))
			}
		}
		if diff := cmp.Diff(c, probCurve(t, rapid.Permutation(spells).Draw(t, "shuffled"))); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		probRoundTrip(t, c)
	})
}

// Without open deals and late entries, the curve ends at the raw share of deals won.
func TestCloseCurve_complete_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		won := 0.0
		spells := probSpells(1).Draw(t, "spells")
		for i := range spells {
			spells[i].Enter = 0
			if s := &spells[i].Status; *s != forecast.Won {
				*s = forecast.Lost
			} else {
				won++
			}
		}
		c := probCurve(t, spells)
		if got, want := c.Won(c.Support), won/float64(len(spells)); math.Abs(got-want) > 1e-12 {
			t.Errorf("won in the end %v, want %v", got, want)
		}
		if got := c.Open(c.Support); got > 1e-12 {
			t.Errorf("open in the end %v", got)
		}
	})
}

// Deals drawn from known rates, seen late and not to their end, give these rates back: within four standard errors of a
// share of that many deals.
func TestCloseCurve_recovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rate := func(age int) (won, lost float64) {
		if age < 30 {
			return 0.004, 0.012
		}
		return 0.015, 0.006
	}
	const n = 20_000
	var spells []forecast.Spell
	for range n {
		first, last := max(rng.IntN(120)-60, 0), rng.IntN(120)
		for age := 0; ; age++ {
			w, l := rate(age)
			u := rng.Float64()
			if age < first {
				if u < w+l {
					break // closed before it was seen
				}
				continue
			}
			if age > last {
				if age > first {
					spells = append(spells, forecast.Spell{Enter: first, Leave: age - 1})
				}
				break
			}
			if u < w+l {
				s := forecast.Spell{Enter: first, Leave: age, Status: forecast.Lost}
				if u < w {
					s.Status = forecast.Won
				}
				spells = append(spells, s)
				break
			}
		}
	}
	c := probCurve(t, spells)
	won, open := 0.0, 1.0
	for age := range 100 {
		w, l := rate(age)
		won, open = won+open*w, open*(1-w-l)
		if math.Abs(c.Won(age)-won) > 4*math.Sqrt(won*(1-won)/(n/4)) { // at most ages a quarter of the deals is watched
			t.Errorf("won by age %d: %v, want about %v", age, c.Won(age), won)
		}
	}
	share := 0.0
	for _, s := range spells {
		if s.Status == forecast.Won {
			share++
		}
	}
	if naive := share / float64(len(spells)); math.Abs(naive-won) < 0.05 {
		t.Errorf("the share won of the deals seen is %v and does not show what the curve is for, want a difference to %v", naive, won)
	}
}

// probDeals draws deals of one currency created and closed within 2025 and 2026, in order.
func probDeals() *rapid.Generator[[]forecast.Deal] {
	start := on("2025-01-01")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) forecast.Deal {
		x := forecast.Deal{
			ID:      rapid.StringMatching(`D[0-9]{3}`).Draw(t, "id"),
			Owner:   rapid.SampledFrom([]string{"ann", "bob", "cid"}).Draw(t, "owner"),
			Status:  rapid.SampledFrom([]forecast.Status{"", forecast.Open, forecast.Won, forecast.Lost}).Draw(t, "status"),
			Amount:  d("0.25").Mul(d("4").Mul(d(rapid.StringMatching(`-?[1-9][0-9]{0,5}\.[0-9]{2}`).Draw(t, "amount")))),
			Created: start.AddDays(rapid.IntRange(0, 500).Draw(t, "created")),
		}
		if x.Status == forecast.Won || x.Status == forecast.Lost {
			x.Close = x.Created.AddDays(rapid.IntRange(0, 200).Draw(t, "age"))
		}
		return x
	}), 0, 30)
}

// probClosing adds deals without which curves may be undefined.
func probClosing(deals []forecast.Deal) []forecast.Deal {
	return append(slices.Clone(deals),
		forecast.Deal{ID: "W", Status: forecast.Won, Amount: d("10"), Created: on("2025-01-02"), Close: on("2025-01-20")},
		forecast.Deal{ID: "L", Status: forecast.Lost, Amount: d("10"), Created: on("2025-01-05"), Close: on("2025-02-20")})
}

// The spells of a past day do not depend on what happened after it; each deal has one, and its days are those in which it
// existed, was open, and was watched.
func TestAgeSpells_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals := probDeals().Draw(t, "deals")
		asOf := on("2025-01-01").AddDays(rapid.IntRange(1, 800).Draw(t, "asOf"))
		seen := salesops.Period{End: asOf.AddDays(1)}
		if rapid.Bool().Draw(t, "late") {
			seen.Start = asOf.AddDays(-rapid.IntRange(0, 300).Draw(t, "history"))
		}
		before := slices.Clone(deals)
		spells := probMust[[]forecast.Spell](t)(forecast.AgeSpells(deals, seen))
		then := probMust[[]forecast.Spell](t)(forecast.AgeSpells(forecast.Rewind(deals, asOf), seen))
		if diff := cmp.Diff(spells, then); diff != "" {
			t.Errorf("of the deals rewound (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, deals); diff != "" {
			t.Errorf("the deals were changed (-want +got):\n%s", diff)
		}
		want := []forecast.Spell{}
		for _, x := range deals {
			var s *forecast.Spell
			for age := 0; ; age++ {
				day := x.Created.AddDays(age)
				if day.After(asOf) {
					break
				}
				over := (x.Status == forecast.Won || x.Status == forecast.Lost) && x.Close == day
				if !day.Before(seen.Start) {
					if s == nil {
						s = &forecast.Spell{Enter: age, Status: forecast.Open}
					}
					s.Leave = age
					if over {
						s.Status = x.Status
					}
				}
				if over {
					break
				}
			}
			if s != nil {
				want = append(want, *s)
			}
		}
		if diff := cmp.Diff(want, spells); diff != "" {
			t.Errorf("spells (-want +got):\n%s", diff)
		}
	})
}

// A period's spells are the age spells of its days, counted from its start instead of the deal's creation.
func TestPeriodSpells_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals := probDeals().Draw(t, "deals")
		p := period("2025-04-01", "2025-07-01")
		asOf := on("2025-03-01").AddDays(rapid.IntRange(0, 200).Draw(t, "asOf"))
		spells := probMust[[]forecast.Spell](t)(forecast.PeriodSpells(deals, []salesops.Period{p}, asOf))
		seen := p
		if !asOf.After(p.Last()) {
			seen.End = asOf.AddDays(1)
		}
		var want []forecast.Spell
		if !seen.IsEmpty() {
			for _, x := range deals {
				for _, s := range probMust[[]forecast.Spell](t)(forecast.AgeSpells([]forecast.Deal{x}, seen)) {
					shift := x.Created.DaysSince(p.Start)
					want = append(want, forecast.Spell{Enter: s.Enter + shift, Leave: s.Leave + shift, Status: s.Status})
				}
			}
		}
		if diff := cmp.Diff(want, spells); diff != "" {
			t.Errorf("spells (-want +got):\n%s", diff)
		}
	})
}

func probClock(t interface{ Fatal(...any) }, deals []forecast.Deal, seen salesops.Period, o forecast.CloseClockOptions) forecast.CloseClock {
	return probMust[forecast.CloseClock](t)(forecast.FitCloseClock(deals, seen, o))
}

// The clock's rates and factors solve the equations that define them, with deals at risk counted day by day.
func TestFitCloseClock_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals := probClosing(probDeals().Draw(t, "deals"))
		seen := salesops.Period{Start: on("2025-01-01").AddDays(rapid.IntRange(0, 19).Draw(t, "start")), End: on("2026-02-11")}
		o := forecast.CloseClockOptions{
			Phases: rapid.SampledFrom([]forecast.Phases{
				{},
				{Calendar: salesops.Calendar{FirstMonth: 2, Weeks: "4-5-4"}},
				{DaysLeft: []int{7, 30}},
				{Period: salesops.Month, DaysLeft: []int{5}},
				{Period: salesops.Year},
			}).Draw(t, "phases"),
			Bands:    rapid.IntRange(0, 5).Draw(t, "bands"),
			Strength: rapid.SampledFrom([]float64{0, 1, 20}).Draw(t, "strength"),
		}
		if rapid.Bool().Draw(t, "grouped") {
			o.Group = func(x forecast.Deal) string { return x.Owner }
		}
		c := probClock(t, deals, seen, o)
		phases := len(c.Won.Cells) / len(c.Bands)
		band := func(age int) int {
			b := 0
			for b+1 < len(c.Bands) && age >= c.Bands[b+1] {
				b++
			}
			return b
		}
		type key struct{ age, phase int }
		atRisk, won, lost := map[key]float64{}, map[key]int{}, map[key]int{}
		for _, x := range deals {
			for s := range slices.Values(probMust[[]forecast.Spell](t)(forecast.AgeSpells([]forecast.Deal{x}, seen))) {
				for age := s.Enter; age <= s.Leave; age++ {
					k := key{age, probPhase(o.Phases, x.Created.AddDays(age))}
					atRisk[k]++
					if age == s.Leave && s.Status == forecast.Won {
						won[k]++
					}
					if age == s.Leave && s.Status == forecast.Lost {
						lost[k]++
					}
				}
			}
		}
		for _, side := range []struct {
			name    string
			factors forecast.CloseFactors
			rate    func(forecast.CloseDay) float64
			closed  map[key]int
		}{
			{"won", c.Won, func(d forecast.CloseDay) float64 { return d.Won }, won},
			{"lost", c.Lost, func(d forecast.CloseDay) float64 { return d.Lost }, lost},
		} {
			want := make([]forecast.CloseFactor, len(side.factors.Cells))
			for q := range want {
				want[q] = forecast.CloseFactor{FromAge: c.Bands[q/phases], Phase: q%phases + 1}
			}
			for _, day := range c.Days {
				n, weight := 0.0, 0.0
				for p := range phases {
					k, q := key{day.Age, p}, band(day.Age)*phases+p
					n += float64(side.closed[k])
					weight += atRisk[k] * side.factors.Cells[q].Factor
					want[q].Observed += side.closed[k]
					want[q].Expected += atRisk[k] * side.rate(day)
				}
				if math.Abs(side.rate(day)*weight-n) > 1e-7*(1+n) {
					t.Errorf("%s: rate of age %d is %v, want %v / %v", side.name, day.Age, side.rate(day), n, weight)
				}
			}
			for q := range want {
				want[q].Factor = 1
				if !side.factors.Flat {
					want[q].Factor = (float64(want[q].Observed) + side.factors.Strength) / (want[q].Expected + side.factors.Strength)
				}
			}
			if diff := cmp.Diff(want, side.factors.Cells, cmpopts.EquateApprox(1e-7, 1e-9)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", side.name, diff)
			}
		}

		if o.Group != nil {
			probGroups(t, c, deals, seen, func(age int, day salesops.Date) int { return band(age)*phases + probPhase(o.Phases, day) })
		} else if len(c.GroupWon.Cells)+len(c.GroupLost.Cells) > 0 {
			t.Errorf("groups that were not asked for: %+v", c.GroupWon)
		}
		shuffled := rapid.Permutation(deals).Draw(t, "shuffled")
		if diff := cmp.Diff(c, probClock(t, shuffled, seen, o)); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		probRoundTrip(t, c)

		// A belief that nothing shakes leaves the curve by age.
		o.Strength, o.Group = 1e15, nil
		flat := probClock(t, deals, seen, o).Closing("")
		byAge := probCurve(t, probMust[[]forecast.Spell](t)(forecast.AgeSpells(deals, seen))).ByAge()
		x := forecast.Deal{Created: on("2025-12-01")}
		asOf := x.Created.AddDays(rapid.IntRange(-1, 60).Draw(t, "age"))
		through := asOf.AddDays(rapid.IntRange(0, 300).Draw(t, "days"))
		got, _ := flat(x, asOf, through)
		want, _ := byAge(x, asOf, through)
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("without rhythm: %v, by age: %v", got, want)
		}
		// And the chance over two spans is that of the first, and of the second if nothing happened in the first.
		closing := c.Closing("")
		whole, _ := closing(x, asOf, through)
		if !(whole >= 0 && whole <= 1) {
			t.Errorf("chance %v", whole)
		}
		last := 0.0
		for day := asOf; !day.After(through); day = day.AddDays(1) {
			p, _ := closing(x, asOf, day)
			if p < last {
				t.Errorf("chance falls to %v on %s", p, day)
			}
			last = p
		}
		if last != whole && through.After(asOf) {
			t.Errorf("chance %v, day by day %v", whole, last)
		}
	})
}

// probGroups checks the factors of groups: closings over those expected day by day from the rates of ages and phases, both
// increased by the strength, which is the inverse of the variance between groups beyond chance (by moments).
func probGroups(t *rapid.T, c forecast.CloseClock, deals []forecast.Deal, seen salesops.Period, cell func(int, salesops.Date) int) {
	days := map[int]forecast.CloseDay{}
	for _, d := range c.Days {
		days[d.Age] = d
	}
	for _, side := range []struct {
		status        forecast.Status
		cells, groups forecast.CloseFactors
		rate          func(forecast.CloseDay) float64
	}{
		{forecast.Won, c.Won, c.GroupWon, func(d forecast.CloseDay) float64 { return d.Won }},
		{forecast.Lost, c.Lost, c.GroupLost, func(d forecast.CloseDay) float64 { return d.Lost }},
	} {
		want := map[string]forecast.CloseFactor{}
		for _, x := range deals {
			for _, s := range probMust[[]forecast.Spell](t)(forecast.AgeSpells([]forecast.Deal{x}, seen)) {
				f := want[x.Owner]
				f.Group = x.Owner
				for age := s.Enter; age <= s.Leave; age++ {
					f.Expected += side.rate(days[age]) * side.cells.Cells[cell(age, x.Created.AddDays(age))].Factor
				}
				if s.Status == side.status {
					f.Observed++
				}
				want[x.Owner] = f
			}
		}
		names := slices.Sorted(maps.Keys(want))
		var spread, sum, squares, n float64
		for _, name := range names {
			if f := want[name]; f.Expected > 0 {
				spread += f.Expected * math.Pow(float64(f.Observed)/f.Expected-1, 2)
				sum, squares, n = sum+f.Expected, squares+f.Expected*f.Expected, n+1
			}
		}
		between := 0.0
		if n > 1 {
			between = (spread - (n - 1)) / (sum - squares/sum)
		}
		if math.Abs(between) < 1e-6 {
			return // rounding decides
		}
		if side.groups.Flat != (between <= 0) {
			t.Errorf("%s: level %v with the variance %v between groups", side.status, side.groups.Flat, between)
		}
		cells := []forecast.CloseFactor{}
		for _, name := range names {
			f := want[name]
			f.Factor = 1
			if between > 0 {
				f.Factor = (float64(f.Observed) + 1/between) / (f.Expected + 1/between)
			}
			cells = append(cells, f)
		}
		if diff := cmp.Diff(cells, side.groups.Cells, cmpopts.EquateApprox(1e-6, 1e-9)); diff != "" {
			t.Errorf("groups %s (-want +got):\n%s", side.status, diff)
		}
	}
}

// probPhase is the phase of a date, by counting.
func probPhase(p forecast.Phases, date salesops.Date) int {
	unit := p.Period
	if unit == "" {
		unit = salesops.Quarter
	}
	of := p.Calendar.Period(unit, date)
	if len(p.DaysLeft) == 0 {
		for i, m := range p.Calendar.Tile(salesops.Month, of) {
			if m.Contains(date) {
				return i
			}
		}
	}
	left, phase := 0, len(p.DaysLeft)
	for x := date; of.Contains(x); x = x.AddDays(1) {
		left++
	}
	for _, n := range p.DaysLeft {
		if left > n {
			phase--
		}
	}
	return phase
}

// Deals that are drawn with a rhythm give its factors back, and those drawn without give none.
func TestFitCloseClock_recovers(t *testing.T) {
	draw := func(seed uint64, factors [3]float64) []forecast.Deal {
		rng := rand.New(rand.NewPCG(seed, 7))
		var deals []forecast.Deal
		for range 12_000 {
			x := forecast.Deal{Created: on("2023-01-01").AddDays(rng.IntN(1095))}
			for day := x.Created; day.Before(on("2026-01-01")); day = day.AddDays(1) {
				month := (int(day.Month()) - 1) % 3
				if u := rng.Float64(); u < 0.006*factors[month] {
					x.Status, x.Close = forecast.Won, day
					break
				} else if u > 1-0.01 {
					x.Status, x.Close = forecast.Lost, day
					break
				}
			}
			deals = append(deals, x)
		}
		return deals
	}
	seen := salesops.Period{End: on("2026-01-01")}
	c := probClock(t, draw(1, [3]float64{0.6, 0.9, 1.5}), seen, forecast.CloseClockOptions{Bands: 1})
	for i, want := range []float64{0.6, 0.9, 1.5} { // they have the mean 1, as months are about equally long
		if got := c.Won.Cells[i].Factor; math.Abs(got-want) > 0.08 {
			t.Errorf("month %d: factor %v, want about %v", i+1, got, want)
		}
		if got := c.Lost.Cells[i].Factor; math.Abs(got-1) > 0.05 {
			t.Errorf("month %d: factor of losses %v, want about 1", i+1, got)
		}
	}
	level := 0
	for seed := range uint64(10) {
		c := probClock(t, draw(seed, [3]float64{1, 1, 1}), seen, forecast.CloseClockOptions{Bands: 1})
		if c.Won.Flat {
			level++
		}
		for _, f := range c.Won.Cells {
			if math.Abs(f.Factor-1) > 0.08 {
				t.Errorf("seed %d: factor %v without a rhythm", seed, f.Factor)
			}
		}
	}
	if level < 4 {
		t.Errorf("%d of 10 histories without a rhythm are found to have none, want about half or more", level)
	}
}

// A projection adds up: exactly over its parts and over parts of the deals, and its chances over parts of the period.
func TestProject_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history := probClosing(probDeals().Draw(t, "deals"))
		asOf := on("2025-03-01").AddDays(rapid.IntRange(0, 400).Draw(t, "asOf"))
		deals := forecast.Rewind(history, asOf)
		known := salesops.Period{End: asOf.AddDays(1)}
		curve := probCurve(t, probMust[[]forecast.Spell](t)(forecast.AgeSpells(deals, known)))
		closing := curve.ByAge()
		if rapid.Bool().Draw(t, "clock") {
			closing = probClock(t, deals, known, forecast.CloseClockOptions{}).Closing("")
		}
		inflow := probMust[forecast.Inflow](t)(forecast.MeasureInflow(deals, salesops.Period{Start: asOf.AddDays(-59), End: asOf.AddDays(1)}))
		probRoundTrip(t, inflow)
		start := asOf.AddDays(rapid.IntRange(-80, 40).Draw(t, "start"))
		p := salesops.Period{Start: start, End: start.AddDays(rapid.IntRange(1, 100).Draw(t, "days"))}
		o := forecast.ProjectOptions{Inflow: inflow, Places: rapid.Int32Range(-2, 6).Draw(t, "places")}
		project := func(deals []forecast.Deal, p salesops.Period) forecast.Projection {
			return probMust[forecast.Projection](t)(forecast.Project(deals, p, asOf, closing, o))
		}
		got := project(deals, p)
		probRoundTrip(t, got)

		closed, open, fresh, wins := d("0"), 0.0, 0.0, 0.0
		for _, x := range deals {
			if x.Status == forecast.Won && p.Contains(x.Close) {
				closed = closed.Add(x.Amount)
			}
		}
		size := 1.0
		for _, c := range got.Deals {
			open += c.Amount.InexactFloat64() * c.P
			size += math.Abs(c.Amount.InexactFloat64())
		}
		for _, c := range got.NewDeals {
			fresh += c.Amount.InexactFloat64() * c.P
			size += math.Abs(c.Amount.InexactFloat64())
			wins += c.P
			if c.P > 0.05*(1+1e-12) {
				t.Errorf("chance %v of a deal to come, want at most 0.05", c.P)
			}
		}
		unit := math.Pow10(-int(o.Places))
		if !got.Closed.Equal(closed) || math.Abs(got.Open.InexactFloat64()-open) > unit/2+1e-9*size ||
			math.Abs(got.New.InexactFloat64()-fresh) > unit/2+1e-9*size || math.Abs(got.NewWins-wins) > 1e-9*(1+wins) {
			t.Errorf("closed %s, open %s, new %s with %v wins, want %s, %v, %v with %v", got.Closed, got.Open, got.New, got.NewWins, closed, open, fresh, wins)
		}
		if sum := got.Closed.Add(got.Open).Add(got.New); !sum.Equal(got.Expected) {
			t.Errorf("expected %s, the parts sum to %s", got.Expected, sum)
		}
		if !asOf.Before(p.Last()) && !got.Expected.Equal(closed) {
			t.Errorf("after the period %s, closed were %s", got.Expected, closed)
		}

		// Parts of the period, of unlimited places.
		if days, _ := p.Days(); days > 1 {
			o.Places = 18
			whole := project(deals, p)
			parts := p.Split(p.Start.AddDays(rapid.IntRange(1, days-1).Draw(t, "cut")))
			a, b := project(deals, parts[0]), project(deals, parts[1])
			if diff := cmp.Diff(whole.Expected.InexactFloat64(), a.Expected.InexactFloat64()+b.Expected.InexactFloat64(), cmpopts.EquateApprox(0, 1e-9*size)); diff != "" {
				t.Errorf("parts of the period (-whole +sum):\n%s", diff)
			}
			for i := range whole.Deals {
				if math.Abs(whole.Deals[i].P-a.Deals[i].P-b.Deals[i].P) > 1e-12 {
					t.Errorf("chance %v, of the parts %v and %v", whole.Deals[i].P, a.Deals[i].P, b.Deals[i].P)
				}
			}
			// And of the deals.
			k := rapid.IntRange(0, len(deals)).Draw(t, "first deals")
			o.Inflow = forecast.Inflow{}
			x, y, both := project(deals[:k], p), project(deals[k:], p), project(deals, p)
			sum := probMust[forecast.Projection](t)(x.Add(y))
			if diff := cmp.Diff(both, sum, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Sub(b).Abs().Cmp(d("0.000000000000000002")) <= 0 }), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("sum of the parts (-want +got):\n%s", diff)
			}
			if !x.Closed.Add(y.Closed).Equal(both.Closed) || x.Open.Add(y.Open).Sub(both.Open).Abs().Cmp(d("0.000000000000000002")) > 0 {
				t.Errorf("parts of the deals: %s, %s and %s, %s, want %s, %s", x.Closed, x.Open, y.Closed, y.Open, both.Closed, both.Open)
			}
		}

		total, err := got.Total(forecast.TotalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Expected.InexactFloat64(), total.Mean().InexactFloat64(), cmpopts.EquateApprox(0, unit+1e-9*size)); diff != "" {
			t.Errorf("mean of the total (-want +got):\n%s", diff)
		}
	})
}

// Deals to come are Poisson: the variance is λ a² for wins of the amount a at the rate λ, less about 5 % at most, however large
// or small the rate and however many the amounts.
func TestProjection_newDealsArePoisson(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	many := make([]decimal.Decimal, 3000)
	for i := range many { // log-normal, as the sizes of deals are
		many[i] = decimal.New(int64(1e6*math.Exp(1.2*rng.NormFloat64())), -2)
	}
	for _, amounts := range [][]decimal.Decimal{{d("100"), d("250"), d("250.00")}, many} {
		for _, p := range []float64{0.001, 0.2, 1} {
			surely := func(forecast.Deal, salesops.Date, salesops.Date) (float64, bool) { return p, true }
			in := forecast.Inflow{Days: 10, Amounts: amounts}
			got := probMust[forecast.Projection](t)(forecast.Project(nil, period("2026-01-01", "2026-04-01"), on("2025-12-31"), surely, forecast.ProjectOptions{Inflow: in, Places: 6}))
			rate, sum, squares := 90*p/10, 0.0, 0.0
			for _, a := range amounts {
				sum += a.InexactFloat64()
				squares += math.Pow(a.InexactFloat64(), 2)
			}
			if want := rate * sum; math.Abs(got.New.InexactFloat64()/want-1) > 1e-9 || math.Abs(got.NewWins/rate/float64(len(amounts))-1) > 1e-9 {
				t.Errorf("p = %v: %s by %v wins, want %v by %v", p, got.New, got.NewWins, want, rate*float64(len(amounts)))
			}
			mean, variance := 0.0, 0.0
			sizes := map[float64]bool{}
			for _, c := range got.NewDeals {
				a := c.Amount.InexactFloat64()
				sizes[a] = true
				mean += c.P * a
				variance += c.P * (1 - c.P) * a * a
			}
			if want := rate * squares; variance > want || variance < 0.949*want || math.Abs(mean/(rate*sum)-1) > 1e-6 {
				t.Errorf("p = %v: mean %v, want %v; variance %v, want 95 to 100 %% of %v", p, mean, rate*sum, variance, want)
			}
			if len(sizes) > 256 {
				t.Errorf("%d different amounts, want at most 256", len(sizes))
			}
		}
	}
}

// Whatever comes in, nothing panics, what comes out is an error of this package or makes sense, and arguments stay as they are.
func TestProb_hostile_law(t *testing.T) { rapid.Check(t, propProbHostile) }

func FuzzProb_hostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(propProbHostile)) }

// probAmount returns the decimal written s, or one that no computation may touch.
func probAmount(s string) decimal.Decimal {
	if s == "huge" {
		return decimal.New(1, 1e9)
	}
	return d(s)
}

func propProbHostile(t *rapid.T) {
	number := rapid.SampledFrom([]int{math.MinInt, -1, 0, 1, 2, 29, 1 << 20, math.MaxInt - 1, math.MaxInt})
	real := rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 0, 1e-320, 0.3, 1, 2, 1e9, 1e308})
	date := rapid.SampledFrom([]salesops.Date{{}, on("0001-01-01"), on("2025-12-31"), on("2026-01-01"), on("2026-02-03"), on("9999-12-31")})
	amount := rapid.SampledFrom([]string{"0", "1", "-5.25", "huge", "1e18", "1e-18", "1e19", "123456789012345678901234567890123456", "1234567890123456789012345678901234567"})
	status := rapid.SampledFrom([]forecast.Status{"", forecast.Open, forecast.Won, forecast.Lost, "frozen"})
	deals := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) forecast.Deal {
		return forecast.Deal{
			Status: status.Draw(t, "status"), Amount: probAmount(amount.Draw(t, "amount")),
			Created: date.Draw(t, "created"), Close: date.Draw(t, "close"),
			Currency: rapid.SampledFrom([]string{"", "", "", "EUR"}).Draw(t, "currency"),
		}
	}), 0, 5).Draw(t, "deals")
	p := salesops.Period{Start: date.Draw(t, "start"), End: date.Draw(t, "end")}
	asOf := date.Draw(t, "asOf")
	before := slices.Clone(deals)

	fault := func(what string, err error) {
		var e *forecast.Error
		switch {
		case err == nil:
		case !errors.As(err, &e) || !errors.Is(err, forecast.ErrInput) && !errors.Is(err, forecast.ErrUndefined) && !errors.Is(err, forecast.ErrTooLarge):
			t.Errorf("%s: %v is no error of this package", what, err)
		}
	}
	chance := func(what string, p float64) {
		if !(p >= 0 && p <= 1) {
			t.Errorf("%s: %v is no probability", what, p)
		}
	}

	tally := forecast.Tally{Won: number.Draw(t, "won"), Closed: number.Draw(t, "closed")}
	prior := forecast.Prior{Mean: real.Draw(t, "mean"), Strength: real.Draw(t, "strength"), Pooled: rapid.Bool().Draw(t, "pooled"), All: tally}
	for _, prior := range []forecast.Prior{prior, {}} {
		rate, err := prior.Rate(tally)
		fault("Rate", err)
		chance("Rate", rate)
		low, high, err := prior.Interval(tally, real.Draw(t, "level"))
		fault("Interval", err)
		chance("Interval", low)
		chance("Interval", high)
	}
	fitted, err := forecast.FitPrior([]forecast.Tally{tally, {Won: 3, Closed: 9}, {Won: number.Draw(t, "won"), Closed: math.MaxInt}})
	fault("FitPrior", err)
	chance("FitPrior", fitted.Mean)
	if math.IsNaN(fitted.Strength) || math.IsInf(fitted.Strength, 0) {
		t.Errorf("FitPrior: strength %v", fitted.Strength)
	}
	_, err = forecast.TallyBy(deals, func(d forecast.Deal) string { return d.Owner })
	fault("TallyBy", err)

	spell := forecast.Spell{Enter: number.Draw(t, "enter"), Leave: number.Draw(t, "exit"), Status: status.Draw(t, "status")}
	curve, err := forecast.FitCloseCurve([]forecast.Spell{spell, {Leave: 5, Status: forecast.Won}})
	fault("FitCloseCurve", err)
	curves := []forecast.CloseCurve{curve, {
		Steps:   []forecast.CloseStep{{Age: number.Draw(t, "age"), AtRisk: number.Draw(t, "atRisk"), Won: number.Draw(t, "won"), Lost: number.Draw(t, "lost")}},
		Support: number.Draw(t, "support"), Tail: forecast.CloseTail{Won: real.Draw(t, "tail"), Lost: real.Draw(t, "tail")},
	}}
	for _, c := range curves {
		age, within := number.Draw(t, "age"), number.Draw(t, "within")
		for _, v := range []float64{c.Win(age, within), c.Lose(age, within), c.Won(age), c.Lost(age), c.Open(age)} {
			chance("CloseCurve", v)
		}
		if v := c.CreateAndClose(within); math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			t.Errorf("CreateAndClose(%d) = %v", within, v)
		}
	}

	_, err = forecast.AgeSpells(deals, p)
	fault("AgeSpells", err)
	_, err = forecast.PeriodSpells(deals, []salesops.Period{p}, asOf)
	fault("PeriodSpells", err)
	clock, err := forecast.FitCloseClock(deals, p, forecast.CloseClockOptions{
		Phases: forecast.Phases{
			Period:   rapid.SampledFrom([]salesops.Unit{"", salesops.Month, salesops.Week, salesops.Year, "eon"}).Draw(t, "unit"),
			DaysLeft: rapid.SliceOfN(number, 0, 2).Draw(t, "daysLeft"),
		},
		Bands: number.Draw(t, "bands"), Strength: real.Draw(t, "strength"),
		Group: func(x forecast.Deal) string { return x.Currency },
	})
	fault("FitCloseClock", err)
	odd := forecast.CloseClock{
		Phases: forecast.Phases{Period: "eon", DaysLeft: []int{number.Draw(t, "daysLeft")}}, Bands: []int{number.Draw(t, "band"), 3},
		Days: []forecast.CloseDay{{Age: 1, Won: real.Draw(t, "won"), Lost: real.Draw(t, "lost")}}, Support: number.Draw(t, "support"),
		Tail: forecast.CloseTail{Won: real.Draw(t, "tail")},
		Won:  forecast.CloseFactors{Cells: []forecast.CloseFactor{{Factor: real.Draw(t, "factor")}, {Factor: real.Draw(t, "factor")}}},

		GroupWon: forecast.CloseFactors{Cells: []forecast.CloseFactor{{Group: "b", Factor: real.Draw(t, "factor")}}},
	}
	in, err := forecast.MeasureInflow(deals, p)
	fault("MeasureInflow", err)
	if v := in.PerDay(); math.IsNaN(v) || v < 0 {
		t.Errorf("PerDay = %v", v)
	}
	if rapid.Bool().Draw(t, "odd inflow") {
		in.Days = number.Draw(t, "days")
	}
	for i, closing := range []forecast.Closing{
		curves[0].ByAge(), curves[1].ByAge(), curve.ByDay(p.Start), clock.Closing(""), odd.Closing("b"), nil,
		func(forecast.Deal, salesops.Date, salesops.Date) (float64, bool) { return real.Draw(t, "p"), true },
	} {
		out, err := forecast.Project(deals, p, asOf, closing, forecast.ProjectOptions{Inflow: in, Places: int32(rapid.IntRange(-20, 20).Draw(t, "places"))})
		fault("Project", err)
		if closing == nil && err == nil {
			t.Error("Project without a closing is no error")
		}
		for _, c := range out.Chances() {
			chance("Project", c.P)
		}
		_, err = out.Add(forecast.Projection{Period: p, AsOf: asOf, Closed: probAmount(amount.Draw(t, "other")), Currency: "EUR"})
		fault("Add", err)
		if math.IsNaN(out.NewWins) || math.IsInf(out.NewWins, 0) {
			t.Errorf("closing %d: %v wins of new deals", i, out.NewWins)
		}
		_, err = out.Total(forecast.TotalOptions{})
		fault("Total", err)
	}
	forecast.Rewind(deals, asOf)
	if !reflect.DeepEqual(before, deals) {
		t.Errorf("the deals were changed: %v, were %v", deals, before)
	}
}
