package forecast_test

import (
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/internal/testenv"
)

// totReference reads a reference file.
func totReference(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(testenv.Data(t, "forecast/reference/"+name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func totNew(t testing.TB, chances []forecast.Chance, o forecast.TotalOptions) forecast.Total {
	t.Helper()
	total, err := forecast.NewTotal(chances, o)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func totQuantile(t testing.TB, total forecast.Total, q float64) decimal.Decimal {
	t.Helper()
	x, err := total.Quantile(q)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func totFloat(x decimal.Decimal) float64 { f, _ := x.Float64(); return f }

// totClose compares with a tolerance that is relative to numbers above 1.
func totClose(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v: off by %.2g", what, got, want, got-want)
	}
}

// totTolerance is how near totals of a few dozen deals must come to exact arithmetic.
const totTolerance = 1e-12

// TestE50_exactTotals compares with totals of up to 40 deals computed in rational arithmetic: every probability, moment,
// quantile, chance to reach a threshold and shortfall (deal_totals.json, made with Python's fractions for this project).
func TestE50_exactTotals(t *testing.T) {
	var cases []struct {
		Name       string
		Deals      [][2]any
		Mean       string
		Variance   float64 `json:"variance_f"`
		Third      float64 `json:"cum3"`
		Fourth     float64 `json:"cum4"`
		Quantiles  map[string]int64
		Threshold  int64
		AtLeast    float64      `json:"prob_at_least"`
		Shortfall  float64      `json:"expected_shortfall_below"`
		Pmf        [][2]float64 `json:"pmf"`
		AtomNumber int          `json:"atoms"`
	}
	totReference(t, "deal_totals.json", &cases)
	if len(cases) != 6 {
		t.Fatalf("%d cases, want 6", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var chances []forecast.Chance
			for _, deal := range c.Deals {
				p, ok := new(big.Rat).SetString(deal[1].(string))
				if !ok {
					t.Fatal(deal)
				}
				f, _ := p.Float64()
				chances = append(chances, forecast.Chance{Amount: decimal.New(int64(deal[0].(float64)), 0), P: f})
			}
			total := totNew(t, chances, forecast.TotalOptions{})
			if !total.Exact() || total.LostMass() != 0 || total.Inflation() != 0 || !total.Resolution().IsZero() {
				t.Errorf("exact %v, lost %v, inflation %v, resolution %s", total.Exact(), total.LostMass(), total.Inflation(), total.Resolution().StringFixed(2))
			}
			mean, _ := new(big.Rat).SetString(c.Mean)
			if want, exact := mean.Float64(); exact && !total.Mean().Equal(decimal.NewFromBigRat(mean, 6)) {
				t.Errorf("mean %s, want %v", total.Mean().StringFixed(6), want)
			} else {
				totClose(t, "mean", totFloat(total.Mean()), want, totTolerance)
			}
			variance, third, fourth := total.Cumulants()
			totClose(t, "variance", variance, c.Variance, totTolerance)
			totClose(t, "sd", total.SD(), math.Sqrt(c.Variance), totTolerance)
			totClose(t, "third cumulant", third, c.Third, totTolerance)
			totClose(t, "fourth cumulant", fourth, c.Fourth, totTolerance)
			for q, want := range c.Quantiles {
				f, err := strconv.ParseFloat(q, 64)
				if err != nil {
					t.Fatal(err)
				}
				if got := totQuantile(t, total, f); !got.Equal(decimal.New(want, 0)) {
					t.Errorf("quantile %s: got %s, want %d", q, got.StringFixed(2), want)
				}
			}
			at := decimal.New(c.Threshold, 0)
			totClose(t, "at least", total.AtLeast(at), c.AtLeast, totTolerance)
			totClose(t, "shortfall", total.Shortfall(at), c.Shortfall, totTolerance)
			want := map[string]float64{}
			for _, atom := range c.Pmf {
				want[decimal.New(int64(atom[0]), 0).StringFixed(2)] = atom[1]
			}
			n := 0
			for x, p := range total.All() {
				v, ok := want[x.StringFixed(2)]
				if !ok {
					t.Errorf("%s is no value of the total", x.StringFixed(2))
				}
				if !(math.Abs(p-v) <= 1e-12*v) {
					t.Errorf("P(%s) = %v, want %v", x.StringFixed(2), p, v)
				}
				n++
			}
			if n != c.AtomNumber || len(want) != n {
				t.Errorf("%d values, want %d and %d", n, c.AtomNumber, len(want))
			}
		})
	}
}

// TestE51_oneFactorTotals compares with correlated totals of 25 deals (deal_totals_one_factor.json, made in Python for
// this project by a quadrature of the one-factor Gaussian copula). Its standard deviations agree to 1e-14 with those of
// 2,001 nodes on [-9, 9], so it was made with enough; on [-7, 7] they would be off by 6e-12 whatever the number of nodes.
func TestE51_oneFactorTotals(t *testing.T) {
	var c struct {
		Deals   [][2]float64
		Results []struct {
			Rho, Mean, SD float64
			Quantiles     map[string]int64
		}
	}
	totReference(t, "deal_totals_one_factor.json", &c)
	var chances []forecast.Chance
	for _, deal := range c.Deals {
		chances = append(chances, forecast.Chance{Amount: decimal.New(int64(deal[0]), 0), P: deal[1]})
	}
	if len(c.Results) != 4 {
		t.Fatalf("%d results, want 4", len(c.Results))
	}
	for _, r := range c.Results {
		total := totNew(t, chances, forecast.TotalOptions{Correlation: r.Rho})
		if !total.Mean().Equal(d("28745")) {
			t.Errorf("correlation %v: mean %s, want 28745", r.Rho, total.Mean().StringFixed(6))
		}
		totClose(t, "sd", total.SD(), r.SD, totTolerance)
		for q, want := range r.Quantiles {
			f, err := strconv.ParseFloat(q, 64)
			if err != nil {
				t.Fatal(err)
			}
			if got := totQuantile(t, total, f); !got.Equal(decimal.New(want, 0)) {
				t.Errorf("correlation %v: quantile %s: got %s, want %d", r.Rho, q, got.StringFixed(2), want)
			}
		}
	}
}

// TestE52_crps scores ensembles as totals of equally likely values (probabilistic_metrics.json, made for this project).
func TestE52_crps(t *testing.T) {
	var c struct {
		Actual   []float64
		Ensemble [][]float64
		Mean     float64 `json:"crps_ensemble_mean"`
	}
	totReference(t, "probabilistic_metrics.json", &c)
	var sum float64
	for i, members := range c.Ensemble {
		var cents []int64
		for _, v := range members {
			cents = append(cents, int64(math.Round(v*100)))
		}
		total := totEqually(t, cents)
		sum += total.CRPS(decimal.New(int64(math.Round(c.Actual[i]*100)), -2))
	}
	totClose(t, "mean CRPS", sum/float64(len(c.Ensemble)), c.Mean, totTolerance)
}

// totEqually is a total of equally likely values.
func totEqually(t *testing.T, cents []int64) forecast.Total {
	t.Helper()
	count := map[int64]int{}
	for _, v := range cents {
		count[v]++
	}
	keys := slices.Sorted(maps.Keys(count))
	form := map[string]any{"exact": true, "origin": decimal.New(keys[0], -2), "step": d("0.01"), "mean": "0", "cumulants": [3]float64{1e6, 0, 0}}
	var at []int64
	var p []float64
	for _, v := range keys {
		at, p = append(at, v-keys[0]), append(p, float64(count[v])/float64(len(cents)))
	}
	form["at"], form["p"] = at, p
	text, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	var total forecast.Total
	if err := json.Unmarshal(text, &total); err != nil {
		t.Fatal(err)
	}
	return total
}

// TestE53_closedForms compares with distributions that have a formula.
func TestE53_closedForms(t *testing.T) {
	t.Run("equal deals are binomial", func(t *testing.T) {
		const n, p = 2000, 0.3
		chances := make([]forecast.Chance, n)
		for i := range chances {
			chances[i] = forecast.Chance{Amount: d("2500"), P: p}
		}
		total := totNew(t, chances, forecast.TotalOptions{})
		k := 0
		for x, got := range total.All() {
			for !x.Equal(decimal.New(int64(k)*2500, 0)) {
				k++
			}
			a, _ := math.Lgamma(n + 1)
			b, _ := math.Lgamma(float64(k) + 1)
			c, _ := math.Lgamma(float64(n-k) + 1)
			want := math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
			if math.Abs(got-want) > 1e-13 {
				t.Errorf("P(%d won) = %v, want %v", k, got, want)
			}
		}
		if want := d("1500000"); !total.Mean().Equal(want) || !totQuantile(t, total, 0.5).Equal(want) {
			t.Errorf("mean %s, median %s, want 1500000", total.Mean().StringFixed(2), totQuantile(t, total, 0.5).StringFixed(2))
		}
	})
	t.Run("powers of two are uniform", func(t *testing.T) {
		var chances []forecast.Chance
		for k := range 14 {
			chances = append(chances, forecast.Chance{Amount: decimal.New(1<<k, 0), P: 0.5})
		}
		total := totNew(t, chances, forecast.TotalOptions{})
		n := 0
		for x, p := range total.All() {
			if !x.Equal(decimal.New(int64(n), 0)) || p != 1.0/(1<<14) {
				t.Fatalf("P(%s) = %v, want 2^-14 for %d", x.StringFixed(0), p, n)
			}
			n++
		}
		if n != 1<<14 {
			t.Errorf("%d values, want 2^14", n)
		}
	})
	t.Run("many equal correlated deals are Vasicek's loss distribution", func(t *testing.T) {
		// P(share ≤ x) = Φ((√(1-ρ) Φ⁻¹(x) - Φ⁻¹(p)) / √ρ) in the limit; 5,000 deals are 1e-3 from it.
		const n, p, rho = 5000, 0.2, 0.3
		chances := make([]forecast.Chance, n)
		for i := range chances {
			chances[i] = forecast.Chance{Amount: d("1"), P: p}
		}
		total := totNew(t, chances, forecast.TotalOptions{Correlation: rho})
		for _, x := range []float64{0.02, 0.1, 0.2, 0.4, 0.7} {
			want := totPhi((math.Sqrt(1-rho)*totPhiInverse(x) - totPhiInverse(p)) / math.Sqrt(rho))
			got := 1 - total.AtLeast(decimal.New(int64(x*n)+1, 0))
			if math.Abs(got-want) > 1e-3 {
				t.Errorf("P(share ≤ %v) = %v, want %v", x, got, want)
			}
		}
	})
}

func totPhi(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// totPhiInverse is found by bisection.
func totPhiInverse(p float64) float64 {
	low, high := -40.0, 40.0
	for range 100 {
		if mid := (low + high) / 2; totPhi(mid) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
