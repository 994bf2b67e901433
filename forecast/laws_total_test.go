package forecast_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast"
)

// totChances draws up to most deals of low to high thousandths, some of them certain or lost.
func totChances(most int, low, high int64) *rapid.Generator[[]forecast.Chance] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) forecast.Chance {
		exp := rapid.Int32Range(0, 3).Draw(t, "exponent") // 5, 5.0, 5.00 or 5.000
		scale := int64(math.Pow10(3 - int(exp)))
		return forecast.Chance{
			Amount: decimal.New(rapid.Int64Range(low/scale, high/scale).Draw(t, "amount"), -exp),
			P:      rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, 0.5, 0.1, 0.9, 0.3, 1e-20})).Draw(t, "p"),
		}
	}), 0, most)
}

// totFew draws deals with sums that can be listed.
func totFew(most int) *rapid.Generator[[]forecast.Chance] { return totChances(most, -20_000, 100_000) }

// totMany returns deals with amounts of all sizes to the cent, too many of them for an exact total.
func totMany(n int, seed uint64) []forecast.Chance {
	rng := rand.New(rand.NewPCG(seed, 50))
	out := make([]forecast.Chance, n)
	for i := range out {
		out[i] = forecast.Chance{Amount: decimal.New(int64(100*math.Exp(9+rng.NormFloat64())), -2), P: 0.7 * rng.Float64()}
	}
	return out
}

// totMilli is an amount in thousandths.
func totMilli(x decimal.Decimal) int64 { return x.Shift(3).BigInt().Int64() }

// totPoints lists a distribution in thousandths.
func totPoints(total forecast.Total) map[int64]float64 {
	out := map[int64]float64{}
	for x, p := range total.All() {
		out[totMilli(x)] += p
	}
	return out
}

// totEnumerate computes the distribution from all 2^n outcomes, and for a correlation from 401 states of the market.
func totEnumerate(chances []forecast.Chance, rho float64) map[int64]float64 {
	n := len(chances)
	prob := make([]float64, 1<<n)
	states := 401
	if rho == 0 {
		states = 1
	}
	p := make([]float64, n)
	var weights float64
	for k := range states {
		w := 1.0
		for i, c := range chances {
			p[i] = c.P
		}
		if rho > 0 {
			z := 9 * float64(2*k-(states-1)) / float64(states-1)
			w = math.Exp(-z * z / 2)
			for i, c := range chances {
				if c.P > 0 && c.P < 1 {
					p[i] = totPhi((totPhiInverse(c.P) - math.Sqrt(rho)*z) / math.Sqrt(1-rho))
				}
			}
		}
		weights += w
		for won := range prob {
			q := w
			for i := range chances {
				if won>>i&1 == 1 {
					q *= p[i]
				} else {
					q *= 1 - p[i]
				}
			}
			prob[won] += q
		}
	}
	out := map[int64]float64{}
	for won, q := range prob {
		var sum int64
		for i, c := range chances {
			if won>>i&1 == 1 {
				sum += totMilli(c.Amount)
			}
		}
		out[sum] += q / weights
	}
	return out
}

// totAgree compares two distributions point by point.
func totAgree(t rapid.TB, got, want map[int64]float64, tolerance float64) {
	t.Helper()
	for x, p := range want {
		if !(math.Abs(got[x]-p) <= tolerance) {
			t.Errorf("P(%d/1000) = %v, want %v", x, got[x], p)
		}
	}
	for x, p := range got {
		if _, ok := want[x]; !ok && p > tolerance {
			t.Errorf("P(%d/1000) = %v, but it is no sum of the amounts", x, p)
		}
	}
}

func totMake(t rapid.TB, chances []forecast.Chance, o forecast.TotalOptions) forecast.Total {
	t.Helper()
	total, err := forecast.NewTotal(chances, o)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func totJSON(t rapid.TB, total forecast.Total) string {
	t.Helper()
	text, err := json.Marshal(total)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every outcome can be listed for a few deals.
func TestTotal_enumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := totFew(9).Draw(t, "chances")
		total := totMake(t, chances, forecast.TotalOptions{})
		if !total.Exact() || total.LostMass() != 0 {
			t.Fatalf("exact %v, lost %v", total.Exact(), total.LostMass())
		}
		want := totEnumerate(chances, 0)
		totAgree(t, totPoints(total), want, 1e-14)

		x := rapid.Int64Range(-200_000, 1_000_000).Draw(t, "x")
		var atLeast, shortfall, spread, distance float64
		for v, p := range want {
			if v >= x {
				atLeast += p
			}
			shortfall += p * max(0, float64(x-v)) / 1000
			distance += p * math.Abs(float64(x-v)) / 1000
			for u, q := range want {
				spread += p * q * math.Abs(float64(u-v)) / 1000
			}
		}
		at := decimal.New(x, -3)
		totClose(t, "at least", total.AtLeast(at), atLeast, 1e-13)
		totClose(t, "shortfall", total.Shortfall(at), shortfall, 1e-12)
		totClose(t, "CRPS", total.CRPS(at), distance-spread/2, 1e-11) // E|S-x| - E|S-S'|/2
		below, upTo := total.PIT(at)
		totClose(t, "PIT below", below, 1-atLeast, 1e-13)
		totClose(t, "PIT", upTo, 1-atLeast+want[x], 1e-13)
	})
}

func TestTotal_enumerationOfCorrelated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := totFew(5).Draw(t, "chances")
		rho := rapid.Float64Range(0, 0.9).Draw(t, "rho")
		total := totMake(t, chances, forecast.TotalOptions{Correlation: rho})
		totAgree(t, totPoints(total), totEnumerate(chances, rho), 1e-13)
	})
}

// A deal that wins 5 and a credit note of 5 that is likely are the same event, but for what they have to do with the market.
func TestTotal_mirrored(t *testing.T) {
	chances := []forecast.Chance{{Amount: d("5"), P: 0.25}, {Amount: d("-5"), P: 0.75}, {Amount: d("5"), P: 0.25}, {Amount: d("-5"), P: 0.75}}
	for _, rho := range []float64{0, 0.4} {
		total := totNew(t, chances, forecast.TotalOptions{Correlation: rho})
		totAgree(t, totPoints(total), totEnumerate(chances, rho), 1e-14)
	}
}

// The same sums by a table of whole units, for many deals, so that the transform is used.
func TestTotal_table(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{300, 1200} {
		const most = 60
		table, next := make([]float64, n*most+1), make([]float64, n*most+1)
		table[0] = 1
		var chances []forecast.Chance
		for range n {
			k, p := rng.IntN(most), rng.Float64()
			chances = append(chances, forecast.Chance{Amount: decimal.New(int64(k), 2), P: p})
			for j := range table {
				next[j] = (1 - p) * table[j]
				if j >= k {
					next[j] += p * table[j-k]
				}
			}
			table, next = next, table
		}
		total := totNew(t, chances, forecast.TotalOptions{})
		var cumulated, lower float64
		for j, p := range table {
			at := decimal.New(int64(j), 2)
			below, upTo := total.PIT(at)
			cumulated += p
			if math.Abs(below-lower) > 1e-13 || math.Abs(upTo-cumulated) > 1e-13 {
				t.Fatalf("%d deals: P(S ≤ %s) = %v, want %v", n, at.StringFixed(0), upTo, cumulated)
			}
			lower = cumulated
		}
		if n == 1200 && total.LostMass() == 0 || total.LostMass() > 1e-16 {
			t.Errorf("%d deals: lost %v", n, total.LostMass())
		}
	}
}

// P(S ≤ Quantile(q)) ≥ q, and below it is less.
func TestTotal_galois(t *testing.T) {
	lattice := []forecast.Total{totNew(t, totMany(60, 1), forecast.TotalOptions{}), totNew(t, totMany(60, 1), forecast.TotalOptions{Correlation: 0.2})}
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.OneOf(rapid.SampledFrom(lattice), rapid.Custom(func(t *rapid.T) forecast.Total {
			return totMake(t, totFew(12).Draw(t, "chances"), forecast.TotalOptions{Correlation: rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "rho")})
		})).Draw(t, "total")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		x, err := total.Quantile(q)
		if err != nil {
			t.Fatal(err)
		}
		below, upTo := total.PIT(x)
		if !(upTo >= q) || !(below < q || q == 0) {
			t.Errorf("quantile %v is %s, with P(S < x) = %v and P(S ≤ x) = %v", q, x.StringFixed(3), below, upTo)
		}
		if upTo == below {
			t.Errorf("quantile %v is %s, which is no value of the total", q, x.StringFixed(3))
		}
		if got := total.AtLeast(x) + below; math.Abs(got-1) > 1e-15 {
			t.Errorf("P(S < x) + P(S ≥ x) = %v", got)
		}
		y := decimal.New(rapid.Int64Range(-1000, 1_000_000).Draw(t, "y"), 0)
		_, upTo = total.PIT(y)
		back, err := total.Quantile(upTo)
		if err != nil {
			t.Fatal(err)
		}
		if upTo > 0 && back.GreaterThan(y) {
			t.Errorf("P(S ≤ %s) = %v, but the quantile of that is %s", y.StringFixed(0), upTo, back.StringFixed(3))
		}
		low, high, err := total.Interval(q)
		if err != nil {
			t.Fatal(err)
		}
		below, _ = total.PIT(low)
		if _, upTo = total.PIT(high); upTo-below < q-1e-15 || low.GreaterThan(high) {
			t.Errorf("the %v interval from %s to %s has the probability %v", q, low.StringFixed(3), high.StringFixed(3), upTo-below)
		}
	})
}

// Sum(A ++ B) = Sum(A) + Sum(B).
func TestTotal_concatenation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := totFew(8).Draw(t, "a"), totFew(8).Draw(t, "b")
		one, two := totMake(t, a, forecast.TotalOptions{}), totMake(t, b, forecast.TotalOptions{})
		both := totMake(t, slices.Concat(a, b), forecast.TotalOptions{})
		sum, err := one.Plus(two)
		if err != nil {
			t.Fatal(err)
		}
		if !sum.Mean().Equal(both.Mean()) || !sum.Exact() {
			t.Errorf("mean %s, want %s; exact %v", sum.Mean().StringFixed(18), both.Mean().StringFixed(18), sum.Exact())
		}
		totAgree(t, totPoints(sum), totPoints(both), 1e-14)
		totSameMoments(t, sum, both)
	})
}

func totSameMoments(t rapid.TB, got, want forecast.Total) {
	t.Helper()
	v, third, fourth := got.Cumulants()
	wv, wthird, wfourth := want.Cumulants()
	totClose(t, "variance", v, wv, 1e-12)
	totClose(t, "third cumulant", third, wthird, 1e-11)
	totClose(t, "fourth cumulant", fourth, wfourth, 1e-11)
}

// The same on grids, of equal and of different steps, and of both kinds.
func TestTotal_concatenationOnGrids(t *testing.T) {
	for name, c := range map[string][2][]forecast.Chance{
		"two grids":          {totMany(300, 1), totMany(200, 2)},
		"a grid and a list":  {totMany(300, 3), totMany(8, 4)},
		"two lists":          {totMany(14, 5), totMany(13, 6)},
		"two rows":           {totWhole(100, 7), totWhole(200, 700)},
		"a row and a grid":   {totWhole(300, 700), totMany(300, 8)},
		"a much larger deal": {totMany(300, 9), {{Amount: d("123456789.01"), P: 0.3}, {Amount: d("0.07"), P: 0.2}}},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := totNew(t, c[0], forecast.TotalOptions{}), totNew(t, c[1], forecast.TotalOptions{})
			both := totNew(t, slices.Concat(c[0], c[1]), forecast.TotalOptions{})
			sum, err := a.Plus(b)
			if err != nil {
				t.Fatal(err)
			}
			if !sum.Mean().Equal(both.Mean()) {
				t.Errorf("mean %s, want %s", sum.Mean().StringFixed(18), both.Mean().StringFixed(18))
			}
			totSameMoments(t, sum, both)
			totOwnMoments(t, sum)
			if sum.Inflation() > 1.1e-4 || sum.LostMass() > 1e-16 {
				t.Errorf("inflation %v, lost %v", sum.Inflation(), sum.LostMass())
			}
			back, err := b.Plus(a)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range []float64{0.01, 0.1, 0.5, 0.9, 0.99} {
				got, want := totQuantile(t, sum, q), totQuantile(t, both, q)
				if near := 0.01 * both.SD(); math.Abs(totFloat(got.Sub(want))) > near {
					t.Errorf("quantile %v: %s, want %s ± %.2f", q, got.StringFixed(2), want.StringFixed(2), near)
				}
				if !got.Equal(totQuantile(t, back, q)) {
					t.Errorf("quantile %v: %s, the other way round %s", q, got.StringFixed(2), totQuantile(t, back, q).StringFixed(2))
				}
			}
		})
	}
}

// totWhole returns deals of whole multiples of a unit.
func totWhole(n int, unit int64) []forecast.Chance {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(unit)))
	out := make([]forecast.Chance, n)
	for i := range out {
		out[i] = forecast.Chance{Amount: decimal.New(unit*(1+rng.Int64N(20)), 0), P: rng.Float64()}
	}
	return out
}

// totOwnMoments checks what the points themselves say: they sum to 1, their mean is the mean, and their standard deviation
// is larger by the inflation, exactly.
func totOwnMoments(t testing.TB, total forecast.Total) {
	t.Helper()
	mean := totFloat(total.Mean())
	var sum, first, second float64
	for x, p := range total.All() {
		if !(p > 0) {
			t.Fatalf("P(%s) = %v", x.StringFixed(2), p)
		}
		v := totFloat(x) - mean
		sum, first, second = sum+p, first+p*v, second+p*v*v
	}
	totClose(t, "sum of the probabilities", sum, 1, 1e-12)
	totClose(t, "mean of the points", first/total.SD(), 0, 1e-10)
	totClose(t, "spread of the points", math.Sqrt(second)/total.SD(), 1+total.Inflation(), 1e-10)
}

// On a grid the standard deviation is within [sd, sd (1 + eps)], and shortfalls are upper bounds.
func TestTotal_tolerance(t *testing.T) {
	for _, n := range []int{20, 300, 3000} {
		for _, o := range []forecast.TotalOptions{{}, {SpreadTolerance: 1e-2}, {SpreadTolerance: 1e-6}, {Correlation: 0.1}} {
			if n == 3000 && o.Correlation > 0 {
				continue
			}
			chances := totMany(n, 3)
			total := totNew(t, chances, o)
			eps := o.SpreadTolerance
			if eps == 0 {
				eps = 1e-4
			}
			if total.Exact() || !(total.Inflation() > 0 && total.Inflation() <= eps) || total.Resolution().Sign() <= 0 {
				t.Errorf("%d deals, %+v: exact %v, inflation %v, resolution %s", n, o, total.Exact(), total.Inflation(), total.Resolution().StringFixed(2))
			}
			totOwnMoments(t, total)
		}
	}
}

// Against a table of whole units: on a grid the shortfalls are upper bounds, and near.
func TestTotal_convexOrder(t *testing.T) {
	const n, most = 25, 100_000
	rng := rand.New(rand.NewPCG(3, 4))
	table := make([]float64, n*most+1)
	table[0] = 1
	var chances []forecast.Chance
	end := 0
	for range n {
		k, p := 1+rng.IntN(most), rng.Float64()
		chances = append(chances, forecast.Chance{Amount: decimal.New(int64(k), 0), P: p})
		end += k
		for j := end; j >= 0; j-- {
			table[j] *= 1 - p
			if j >= k {
				table[j] += p * table[j-k]
			}
		}
	}
	total := totNew(t, chances, forecast.TotalOptions{})
	if total.Exact() {
		t.Fatal("want a grid")
	}
	var below, shortfall float64 // P(S < x), E max(x - S, 0)
	for x := range end + 1 {
		if x%10_000 == 0 {
			at := decimal.New(int64(x), 0)
			if got := total.Shortfall(at); got < shortfall-1e-6 || got > shortfall+1e-4*total.SD() {
				t.Errorf("shortfall of %d: %v, want slightly above %v", x, got, shortfall)
			}
			if got := 1 - total.AtLeast(at); math.Abs(got-below) > 1e-3 {
				t.Errorf("P(S < %d) = %v, want %v", x, got, below)
			}
		}
		below += table[x]
		shortfall += below
	}
}

// Rounding all amounts down or up to a unit that allows an exact total brackets the total on a grid.
func TestTotal_brackets(t *testing.T) {
	for _, rho := range []float64{0, 0.2} {
		chances := totMany(150, 4)
		total := totNew(t, chances, forecast.TotalOptions{Correlation: rho})
		bracket := func(up bool) forecast.Total {
			unit := total.Resolution()
			out := slices.Clone(chances)
			for i := range out {
				k, rest := out[i].Amount.QuoRem(unit, 0)
				if up && !rest.IsZero() {
					k = k.Add(decimal.New(1, 0))
				}
				out[i].Amount = k.Mul(unit)
			}
			return totNew(t, out, forecast.TotalOptions{Correlation: rho})
		}
		low, high := bracket(false), bracket(true)
		if total.Exact() || !low.Exact() || !high.Exact() {
			t.Fatal("want a grid between two exact totals")
		}
		for q := 0.001; q < 1; q += 0.001 {
			a, x, b := totQuantile(t, low, q), totQuantile(t, total, q), totQuantile(t, high, q)
			if a.GreaterThan(x) || x.GreaterThan(b) {
				t.Errorf("correlation %v, quantile %v: %s is not between %s and %s", rho, q, x.StringFixed(2), a.StringFixed(2), b.StringFixed(2))
			}
		}
	}
}

// Amounts times c give quantiles times c.
func TestTotal_scaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := totFew(10).Draw(t, "chances")
		c := decimal.New(rapid.Int64Range(1, 999).Draw(t, "c"), -2)
		scaled := slices.Clone(chances)
		for i := range scaled {
			scaled[i].Amount = scaled[i].Amount.Mul(c)
		}
		o := forecast.TotalOptions{Correlation: rapid.SampledFrom([]float64{0, 0.4}).Draw(t, "rho")}
		a, b := totMake(t, chances, o), totMake(t, scaled, o)
		if !b.Mean().Equal(a.Mean().Mul(c)) && b.Mean().Sub(a.Mean().Mul(c)).Abs().GreaterThan(d("1e-16")) {
			t.Errorf("mean %s × %s is %s", a.Mean().StringFixed(6), c.StringFixed(2), b.Mean().StringFixed(6))
		}
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		x, _ := a.Quantile(q)
		y, _ := b.Quantile(q)
		if !y.Equal(x.Mul(c)) {
			t.Errorf("quantile %v: %s × %s is %s", q, x.StringFixed(6), c.StringFixed(2), y.StringFixed(6))
		}
	})
}

// A more likely deal makes every threshold more likely, if its amount is not negative.
func TestTotal_stochasticOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := totChances(10, 0, 100_000).Filter(func(c []forecast.Chance) bool { return len(c) > 0 }).Draw(t, "chances")
		more := slices.Clone(chances)
		i := rapid.IntRange(0, len(more)-1).Draw(t, "i")
		more[i].P = rapid.Float64Range(more[i].P, 1).Draw(t, "more")
		o := forecast.TotalOptions{Correlation: rapid.SampledFrom([]float64{0, 0.4}).Draw(t, "rho")}
		a, b := totMake(t, chances, o), totMake(t, more, o)
		for x := range a.All() {
			if a.AtLeast(x) > b.AtLeast(x)+1e-13 {
				t.Errorf("P(S ≥ %s) falls from %v to %v", x.StringFixed(3), a.AtLeast(x), b.AtLeast(x))
			}
		}
	})
}

// The shortfall is convex with the distribution function for a slope, 0 at the least value and x - mean beyond the largest.
func TestTotal_shortfall(t *testing.T) {
	grid := totNew(t, totMany(60, 2), forecast.TotalOptions{})
	rapid.Check(t, func(t *rapid.T) {
		total := grid
		if rapid.Bool().Draw(t, "few") {
			total = totMake(t, totFew(10).Draw(t, "chances"), forecast.TotalOptions{})
		}
		low, high, err := total.Interval(1)
		if err != nil {
			t.Fatal(err)
		}
		if got := total.Shortfall(low); got != 0 {
			t.Errorf("shortfall of the least value is %v", got)
		}
		beyond := high.Add(d("1000"))
		totClose(t, "shortfall beyond the largest value", total.Shortfall(beyond), totFloat(beyond.Sub(total.Mean())), 1e-11)
		width := totFloat(high.Sub(low)) + 1
		x := low.Add(decimal.New(int64(1000*width*rapid.Float64Range(0, 1).Draw(t, "x")), -3))
		y := x.Add(decimal.New(int64(1000*width*rapid.Float64Range(0.001, 1).Draw(t, "y")), -3))
		_, slope := total.PIT(x)
		endSlope, _ := total.PIT(y)
		rise, run := total.Shortfall(y)-total.Shortfall(x), totFloat(y.Sub(x))
		if rise < slope*run-1e-9*width || rise > endSlope*run+1e-9*width {
			t.Errorf("the shortfall rises by %v from %s to %s, out of [%v, %v]", rise, x.StringFixed(3), y.StringFixed(3), slope*run, endSlope*run)
		}
	})
}

// A correlation keeps the mean and, of amounts of one sign, never makes the spread less.
func TestTotal_correlation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := totChances(10, 0, 100_000).Draw(t, "chances")
		last := totMake(t, chances, forecast.TotalOptions{})
		var size float64
		for _, c := range chances {
			size += totFloat(c.Amount)
		}
		for _, rho := range []float64{0.01, 0.2, 0.5, 0.9, 0.99} {
			next := totMake(t, chances, forecast.TotalOptions{Correlation: rho})
			if !next.Mean().Equal(last.Mean()) {
				t.Errorf("correlation %v: mean %s, was %s", rho, next.Mean().StringFixed(6), last.Mean().StringFixed(6))
			}
			if next.SD()*next.SD() < last.SD()*last.SD()-1e-13*size*size { // probabilities are right to 1e-14
				t.Errorf("correlation %v: sd %v, was %v", rho, next.SD(), last.SD())
			}
			var mean float64
			for x, p := range next.All() {
				mean += p * totFloat(x)
			}
			totClose(t, "mean of the points", mean, totFloat(next.Mean()), 1e-12)
			last = next
		}
	})
}

// What is certain only shifts the total, wherever it is computed; what is lost or worth nothing leaves it as it is; and
// the order of the deals does not matter.
func TestTotal_certain(t *testing.T) {
	many := totMany(18, 5)
	rapid.Check(t, func(t *rapid.T) {
		chances := many
		if rapid.IntRange(0, 4).Draw(t, "few") > 0 {
			chances = totFew(10).Draw(t, "chances")
		}
		o := forecast.TotalOptions{Correlation: rapid.SampledFrom([]float64{0, 0, 0, 0, 0, 0, 0, 0.3}).Draw(t, "rho")}
		base := totMake(t, chances, o)
		won := decimal.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "won"), -2)
		shifted, err := base.Shift(won)
		if err != nil {
			t.Fatal(err)
		}
		extra := append(slices.Clone(chances), forecast.Chance{Amount: won, P: 1}, forecast.Chance{Amount: d("77.7"), P: 0}, forecast.Chance{P: 0.5})
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rng.Shuffle(len(extra), func(i, j int) { extra[i], extra[j] = extra[j], extra[i] })
		want := totJSON(t, shifted)
		if diff := cmp.Diff(want, totJSON(t, totMake(t, extra, o))); diff != "" {
			t.Errorf("(-shifted +with a certain deal)\n%s", diff)
		}
		point := totMake(t, []forecast.Chance{{Amount: won, P: 1}}, o)
		plus, err := base.Plus(point)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, totJSON(t, plus)); diff != "" {
			t.Errorf("(-shifted +plus)\n%s", diff)
		}
		if diff := cmp.Diff(totJSON(t, base), totJSON(t, totMake(t, chances, o))); diff != "" {
			t.Errorf("the total has changed (-before +after)\n%s", diff)
		}
	})
}

func TestTotal_zero(t *testing.T) {
	var zero forecast.Total
	none := totNew(t, nil, forecast.TotalOptions{})
	if diff := cmp.Diff(totJSON(t, none), totJSON(t, zero)); diff != "" {
		t.Errorf("(-no deals +zero value)\n%s", diff)
	}
	if x := totQuantile(t, zero, 0.5); !x.IsZero() || !zero.Mean().IsZero() || zero.SD() != 0 || !zero.Exact() {
		t.Errorf("median %s, mean %s, sd %v, exact %v", x.StringFixed(2), zero.Mean().StringFixed(2), zero.SD(), zero.Exact())
	}
	if zero.AtLeast(d("0")) != 1 || zero.AtLeast(d("0.01")) != 0 || zero.Shortfall(d("5")) != 5 || zero.CRPS(d("-7")) != 7 {
		t.Error("the total of no deals is not surely 0")
	}
	sum, err := zero.Plus(zero)
	if err != nil || totJSON(t, sum) != totJSON(t, zero) {
		t.Errorf("0 + 0 = %s, %v", totJSON(t, sum), err)
	}
}

// Encoding loses nothing.
func TestTotal_json(t *testing.T) {
	grid := totNew(t, totMany(40, 6), forecast.TotalOptions{Correlation: 0.05})
	rapid.Check(t, func(t *rapid.T) {
		total := grid
		if rapid.Bool().Draw(t, "few") {
			total = totMake(t, totFew(10).Draw(t, "chances"), forecast.TotalOptions{})
		}
		text := totJSON(t, total)
		var back forecast.Total
		if err := json.Unmarshal([]byte(text), &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text, totJSON(t, back)); diff != "" {
			t.Errorf("(-encoded +encoded again)\n%s", diff)
		}
		x := decimal.New(rapid.Int64Range(-1000, 1_000_000).Draw(t, "x"), 0)
		type answers struct {
			AtLeast, Shortfall, CRPS, Inflation, Lost, SD float64
			Exact                                         bool
			Mean, Resolution                              string
		}
		of := func(t forecast.Total) answers {
			return answers{
				t.AtLeast(x), t.Shortfall(x), t.CRPS(x), t.Inflation(), t.LostMass(), t.SD(), t.Exact(),
				t.Mean().StringFixed(18), t.Resolution().StringFixed(18),
			}
		}
		if diff := cmp.Diff(of(total), of(back)); diff != "" {
			t.Errorf("(-encoded +decoded)\n%s", diff)
		}
	})
}

// Methods change nothing, and may run at the same time.
func TestTotal_purity(t *testing.T) {
	chances := totMany(30, 7)
	before := slices.Clone(chances)
	total, few := totNew(t, chances, forecast.TotalOptions{}), totNew(t, chances[:6], forecast.TotalOptions{})
	if diff := cmp.Diff(before, chances); diff != "" {
		t.Errorf("the chances have changed (-before +after)\n%s", diff)
	}
	texts := [2]string{totJSON(t, total), totJSON(t, few)}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for _, x := range []forecast.Total{total, few} {
				_, _ = x.Plus(few)
				_, _ = few.Plus(x)
				_, _ = x.Plus(forecast.Total{})
				_, _ = x.Shift(d("3"))
				_, _, _ = x.Interval(0.8)
				_, _, _ = x.AtLeast(d("5")), x.Shortfall(d("5")), x.CRPS(d("5"))
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff(texts, [2]string{totJSON(t, total), totJSON(t, few)}); diff != "" {
		t.Errorf("the totals have changed (-before +after)\n%s", diff)
	}
}
