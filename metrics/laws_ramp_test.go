package metrics_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

func chgRep(t *rapid.T) metrics.TenureHistory {
	h := metrics.TenureHistory{Left: rapid.Bool().Draw(t, "left")}
	for range rapid.IntRange(0, 8).Draw(t, "periods") {
		h.Attainment = append(h.Attainment, metrics.Ratio[decimal.Decimal]{
			Num: chgAmount(t, "bookings"), Den: decimal.New(rapid.Int64Range(0, 5).Draw(t, "quota"), 2),
		})
	}
	h.FirstDeal = rapid.IntRange(0, len(h.Attainment)).Draw(t, "first deal")
	return h
}

func TestRamp_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reps := rapid.SliceOfN(rapid.Custom(chgRep), 0, 12).Draw(t, "reps")
		r := accGroupLaws(t, len(reps), func(to *metrics.Ramp, i int) {
			if err := to.Add(reps[i]); err != nil {
				t.Fatal(err)
			}
		})
		chgRampSlow(t, r, reps, metrics.RampOptions{Threshold: d("1"), Sustained: 1})
	})
}

// With other options there is a constructor, and what is taken away leaves the options.
func TestRamp_options_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reps := rapid.SliceOfN(rapid.Custom(chgRep), 0, 12).Draw(t, "reps")
		o := metrics.RampOptions{
			Threshold: decimal.New(rapid.Int64Range(1, 20).Draw(t, "tenths"), -1),
			Sustained: rapid.IntRange(1, 4).Draw(t, "sustained"),
		}
		var r, odd, even *metrics.Ramp
		for _, to := range []**metrics.Ramp{&r, &odd, &even} {
			var err error
			if *to, err = metrics.NewRamp(o); err != nil {
				t.Fatal(err)
			}
		}
		for i, h := range reps {
			half := even
			if i%2 == 1 {
				half = odd
			}
			if err := errors.Join(r.Add(h), half.Add(h)); err != nil {
				t.Fatal(err)
			}
		}
		var sum metrics.Ramp
		if err := errors.Join(sum.Merge(odd), sum.Merge(even)); err != nil || accBinary(t, &sum) != accBinary(t, r) {
			t.Fatalf("merged %s, want %s (%v)", accJSON(t, &sum), accJSON(t, r), err)
		}
		if err := sum.Sub(even); err != nil || accBinary(t, &sum) != accBinary(t, odd) {
			t.Fatalf("less %s, want %s (%v)", accJSON(t, &sum), accJSON(t, odd), err)
		}
		var back metrics.Ramp
		if err := back.UnmarshalJSON([]byte(accJSON(t, r))); err != nil || accBinary(t, &back) != accBinary(t, r) {
			t.Fatalf("JSON %s comes back as %s (%v)", accJSON(t, r), accJSON(t, &back), err)
		}
		if err := back.UnmarshalBinary([]byte(accBinary(t, r))); err != nil || accBinary(t, &back) != accBinary(t, r) {
			t.Fatalf("the binary form does not come back (%v)", err)
		}
		chgRampSlow(t, r, reps, o)
	})
}

// chgRampSlow computes the median of Kaplan and Meier and the curve the slow way, in fractions.
func chgRampSlow(t *rapid.T, r *metrics.Ramp, reps []metrics.TenureHistory, o metrics.RampOptions) {
	m := o.Sustained
	// ramps reports whether a rep ramped in a period; ok is false if that is not known.
	ramps := func(h metrics.TenureHistory, period int) (ramped, ok bool) {
		if period+m-1 > len(h.Attainment) {
			return false, false
		}
		for _, a := range h.Attainment[period-1 : period+m-1] {
			if a.Den.IsZero() || a.Num.Cmp(o.Threshold.Mul(a.Den)) < 0 {
				return false, true
			}
		}
		return true, true
	}
	survival, half := big.NewRat(1, 1), big.NewRat(1, 2)
	median, flat := math.NaN(), math.NaN()
	for period := 1; period <= 8; period++ {
		atRisk, events := int64(0), int64(0)
		for _, h := range reps {
			before := false
			for p := 1; p < period; p++ {
				ramped, _ := ramps(h, p)
				before = before || ramped
			}
			ramped, ok := ramps(h, period)
			switch {
			case before || !ok:
			case ramped:
				events++
				fallthrough
			default:
				atRisk++
			}
		}
		if events == 0 {
			continue
		}
		survival.Mul(survival, big.NewRat(atRisk-events, atRisk))
		switch survival.Cmp(half) {
		case 0:
			flat = float64(period)
		case -1:
			if math.IsNaN(median) {
				median = float64(period)
				if !math.IsNaN(flat) {
					median = (flat + float64(period)) / 2
				}
			}
		}
	}
	if math.IsNaN(median) {
		median = flat
	}
	f := r.Time(0)
	v, ok := f.Float()
	// A step on which nobody ramps may lie between two at one half; the middle is that of the steps with an event.
	if ok == math.IsNaN(median) || ok && v != median {
		t.Fatalf("median %v %t, want %v", v, ok, median)
	}
	if f.Interval != nil && (f.Interval.Low > v || f.Interval.High < v) || f.N != int64(len(reps)) {
		t.Fatalf("%v is not in %v, n = %d", v, f.Interval, f.N)
	}
	const steady = 3
	var all, pairs int64
	total := new(big.Rat)
	for _, h := range reps {
		for i, a := range h.Attainment {
			all++
			if i+1 >= steady {
				pairs++
				total.Add(total, a.Num.Rat())
			}
		}
	}
	for _, p := range r.Curve(steady) {
		n, sum := int64(0), new(big.Rat)
		for _, h := range reps {
			if len(h.Attainment) >= p.Tenure {
				n++
				sum.Add(sum, h.Attainment[p.Tenure-1].Num.Rat())
			}
		}
		all -= n
		if p.Reps != n || p.Bookings.Rat().Cmp(sum) != 0 {
			t.Fatalf("%d: %d reps with %s, want %d with %s", p.Tenure, p.Reps, p.Bookings.StringFixed(2), n, sum.FloatString(2))
		}
		if total.Sign() <= 0 {
			if p.Productivity.Value != nil {
				t.Fatalf("%d: %v of nothing", p.Tenure, *p.Productivity.Value)
			}
			continue
		}
		want := new(big.Rat).Quo(sum.Mul(sum, big.NewRat(pairs, n)), total)
		if q := p.Productivity.Parts; q == nil || new(big.Rat).Quo(q.Num.Rat(), q.Den.Rat()).Cmp(want) != 0 {
			t.Fatalf("%d: %v, want %s", p.Tenure, p.Productivity, want.FloatString(6))
		}
	}
	if all != 0 {
		t.Fatalf("%d periods of reps are not on the curve", all)
	}
}

// The mean, and the median, of those who have ramped are too short: all the longer cases are still on their way.
func TestRamp_censored(t *testing.T) {
	var r metrics.Ramp
	var finished []int
	for rep := range 20 { // rep i was hired i quarters ago, and ramps in quarter 6
		h := metrics.TenureHistory{}
		need := 6
		if rep%4 == 0 {
			need = 2 // but every fourth is fast
		}
		for q := 1; q <= rep; q++ {
			a := "0.5"
			if q >= need {
				a = "1"
			}
			h.Attainment = append(h.Attainment, chgHistory(a).Attainment...)
		}
		if rep >= need {
			finished = append(finished, need)
		}
		if err := r.Add(h); err != nil {
			t.Fatal(err)
		}
	}
	mean := 0.0
	for _, n := range finished {
		mean += float64(n) / float64(len(finished))
	}
	f := r.Time(0)
	if v, ok := f.Float(); !ok || v != 6 || mean > 5 {
		t.Errorf("%v (%s), want 6; the mean of those who have ramped is %v", v, f.Reason, mean)
	}
}

func TestRamp_sustained(t *testing.T) {
	for _, c := range []struct {
		name      string
		h         metrics.TenureHistory
		sustained int
		want      string // "" for none
	}{
		{"at once", chgHistory("1"), 1, "1.0"},
		{"luck", chgHistory("1", "0.2", "1.00", "1"), 2, "3.0"},
		{"not yet known", chgHistory("0.2", "1"), 2, ""},
		{"almost", chgHistory("0.99999"), 1, ""},
		{"too short", chgHistory("1"), 3, ""},
		{"none", chgHistory(), 1, ""},
	} {
		r, err := metrics.NewRamp(metrics.RampOptions{Sustained: c.sustained})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Add(c.h); err != nil {
			t.Fatal(err)
		}
		v, ok := r.Time(0).Decimal(1)
		if got := v.StringFixed(1); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: %s %t, want %q", c.name, got, ok, c.want)
		}
	}
}

// Half of ten have ramped by quarter 3, and one more in quarter 5: the median is 4, though the product of 9/10, 7/9 and 5/7 in
// floats is a bit above one half.
func TestRamp_half(t *testing.T) {
	var r metrics.Ramp
	for _, n := range []int{1, 2, 2, 3, 3, 5, 6, 6, 6, 6} {
		h := metrics.TenureHistory{Attainment: make([]metrics.Ratio[decimal.Decimal], n)}
		h.Attainment[n-1] = metrics.Ratio[decimal.Decimal]{Num: d("1"), Den: d("1")}
		if err := r.Add(h); err != nil {
			t.Fatal(err)
		}
	}
	if v, ok := r.Time(0).Float(); v != 4 || !ok {
		t.Errorf("%v %t, want 4", v, ok)
	}
}

// What no reps can have left is no ramp.
func TestRamp_decode(t *testing.T) {
	const good = `{"threshold":"1","sustained":2,"reps":2,"left":1,"curve":[{"count":2,"amount":"5"},{"count":1,"amount":"1"}],` +
		`"ramped":[[0,0,1],[1,1,0]],"firstDeal":[[1,0,1],[2,1,0]]}`
	var r metrics.Ramp
	if err := r.UnmarshalJSON([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"threshold":"1"`, `"threshold":"-1"`},
		{`"threshold":"1"`, `"threshold":"1e99"`},
		{`"sustained":2`, `"sustained":3`}, // then who ramped in the first period was there for three
		{`"sustained":2`, `"sustained":-1`},
		{`"reps":2`, `"reps":3`},
		{`"left":1`, `"left":2`},
		{`"left":1`, `"left":-1`},
		{`{"count":2,`, `{"count":3,`}, // more than there are reps
		{`{"count":1,`, `{"count":0,`},
		{`"amount":"1"`, `"amount":"1e99"`},
		{`,{"count":1,"amount":"1"}`, ``},
		{`{"count":2,"amount":"5"}`, `{"count":1,"amount":"5"}`}, // the first deals of two are known of the first period
		{`[1,1,0]]`, `[3,1,0]]`},
		{`[[0,0,1],[1,1,0]]`, `[[1,1,0],[0,0,1]]`},
		{`[[1,0,1],[2,1,0]]`, `[[0,1,0],[2,1,0]]`}, // nobody wins a deal before the first period
		{`[1,1,0]]`, `[1,1]]`},
		{`[1,1,0]]`, `[1,1,0],[2,0,0]]`},
		{`[2,1,0]]`, `[2,9223372036854775807,0]]`},
		{`"left":1`, `"left":1,"more":1`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if err := r.UnmarshalJSON([]byte(bad)); bad == good || !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestRamp_errors(t *testing.T) {
	huge := decimal.New(1, 1e9)
	for name, o := range map[string]metrics.RampOptions{
		"negative": {Threshold: d("-1")}, "huge": {Threshold: huge}, "never": {Sustained: -1}, "for ever": {Sustained: math.MaxInt},
	} {
		if r, err := metrics.NewRamp(o); r != nil || !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var r metrics.Ramp
	if err := r.Add(chgHistory("0.5", "1")); err != nil {
		t.Fatal(err)
	}
	before := accBinary(t, &r)
	ratio := func(num, den decimal.Decimal) []metrics.Ratio[decimal.Decimal] {
		return []metrics.Ratio[decimal.Decimal]{{Num: num, Den: den}}
	}
	for name, h := range map[string]metrics.TenureHistory{
		"bookings":   {Attainment: ratio(huge, d("1"))},
		"quota":      {Attainment: ratio(d("1"), huge)},
		"negative":   {Attainment: ratio(d("1"), d("-1"))},
		"first deal": {Attainment: ratio(d("1"), d("1")), FirstDeal: 2},
		"before all": {FirstDeal: -1},
		"too long":   {Attainment: make([]metrics.Ratio[decimal.Decimal], 1201)},
	} {
		if err := r.Add(h); !errors.Is(err, metrics.ErrInput) || accBinary(t, &r) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	other, err := metrics.NewRamp(metrics.RampOptions{Threshold: d("0.8")})
	if err != nil {
		t.Fatal(err)
	}
	same, err := metrics.NewRamp(metrics.RampOptions{Threshold: d("1.00"), Sustained: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(other.Add(chgHistory("1")), same.Add(chgHistory("0.4", "1"))); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"merge": r.Merge(other), "sub": r.Sub(other), "not held": r.Sub(same)} {
		if !errors.Is(err, metrics.ErrMismatch) || accBinary(t, &r) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	err = errors.Join(r.Merge(nil), r.Sub(nil), r.Merge(&r), r.Sub(&r))
	if err != nil || accBinary(t, &r) != accBinary(t, new(metrics.Ramp)) {
		t.Errorf("with itself: %v", err)
	}
	if r.Curve(1) != nil || other.Curve(0) != nil || other.Curve(math.MaxInt)[0].Productivity.Value != nil {
		t.Error("a curve of nothing")
	}
	for _, level := range []float64{-1, 1, 2, math.NaN(), math.Inf(1)} {
		if f := other.Time(level); f.Interval != nil || f.Value == nil || f.KPI != metrics.RampTime80 {
			t.Errorf("level %v: %+v", level, f)
		}
	}
	for _, cycle := range []float64{-1, math.NaN(), math.Inf(1)} {
		if f := metrics.RampRule(cycle); f.Value != nil || f.Reason == "" {
			t.Errorf("a cycle of %v: %v", cycle, *f.Value)
		}
	}
}

func chgAskRamp(t *testing.T, r *metrics.Ramp) {
	t.Helper()
	for _, f := range []metrics.Figure{r.Time(0), r.TimeToFirstDeal(0.5)} {
		if (f.Value == nil) == (f.Reason == "") {
			t.Fatalf("%s: %v %q", f.KPI, f.Value, f.Reason)
		}
	}
	r.Curve(2)
	r.Options()
}

func chgSeedRamp(f *testing.F) *metrics.Ramp {
	f.Helper()
	r, err := metrics.NewRamp(metrics.RampOptions{Threshold: d("0.8"), Sustained: 2})
	if err != nil {
		f.Fatal(err)
	}
	left := chgHistory("0.1", "0.2")
	left.Left, left.FirstDeal = true, 1
	if err := errors.Join(r.Add(left), r.Add(chgHistory("0.2", "0.90", "1", "1")), r.Add(chgHistory())); err != nil {
		f.Fatal(err)
	}
	return r
}

func FuzzRamp_binary(f *testing.F) { accFuzzBinary(f, chgSeedRamp(f), chgAskRamp) }

func FuzzRamp_json(f *testing.F) { accFuzzJSON(f, chgSeedRamp(f), chgAskRamp) }

func TestRampEquivalents_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := on("2026-01-01").AddDays(rapid.IntRange(0, 60).Draw(t, "start"))
		p := salesops.Period{Start: start, End: start.AddDays(rapid.IntRange(1, 120).Draw(t, "days"))}
		curve := make([]decimal.Decimal, rapid.IntRange(0, 6).Draw(t, "months"))
		for i := range curve {
			curve[i] = decimal.New(rapid.Int64Range(0, 100).Draw(t, "weight"), -2)
		}
		reps := make([]metrics.Rep, rapid.IntRange(0, 4).Draw(t, "reps"))
		want := new(big.Rat)
		days, _ := p.Days()
		for i := range reps {
			r := &reps[i]
			r.Hired = on("2025-08-31").AddDays(rapid.IntRange(0, 300).Draw(t, "hired"))
			if rapid.Bool().Draw(t, "has left") {
				r.Active.End = r.Hired.AddDays(rapid.IntRange(1, 300).Draw(t, "stayed"))
			}
			for day := p.Start; day.Before(p.End); day = day.AddDays(1) {
				if day.Before(r.Hired) || !r.Active.End.IsZero() && !day.Before(r.Active.End) {
					continue
				}
				weight := big.NewRat(1, int64(days))
				for m := range curve {
					if !day.Before(r.Hired.AddMonths(m)) && day.Before(r.Hired.AddMonths(m+1)) {
						weight.Mul(weight, curve[m].Rat())
					}
				}
				want.Add(want, weight)
			}
		}
		got, err := metrics.RampEquivalents(p, reps, curve)
		if err != nil {
			t.Fatal(err)
		}
		if v := new(big.Rat).Quo(got.Num.Rat(), got.Den.Rat()); v.Cmp(want) != 0 {
			t.Fatalf("%s, want %s", v, want)
		}
		f := metrics.ProductivityPerRep(d("1000"), "EUR", got)
		if want.Sign() == 0 {
			if f.Value != nil {
				t.Fatalf("%v for nobody", *f.Value)
			}
			return
		}
		each := new(big.Rat).Quo(f.Parts.Num.Rat(), f.Parts.Den.Rat())
		if each.Mul(each, want).Cmp(big.NewRat(1000, 1)) != 0 || f.Currency != "EUR" {
			t.Fatalf("%v × %s is not 1000", f, want)
		}
	})
}

func TestRampEquivalents_errors(t *testing.T) {
	q := chgQuarter()
	huge := decimal.New(1, 1e9)
	rep := []metrics.Rep{{Name: "Ana", Hired: q.Start}}
	for name, f := range map[string]func() (metrics.Ratio[decimal.Decimal], error){
		"open": func() (metrics.Ratio[decimal.Decimal], error) {
			return metrics.RampEquivalents(salesops.Period{}, rep, nil)
		},
		"weight": func() (metrics.Ratio[decimal.Decimal], error) {
			return metrics.RampEquivalents(q, rep, []decimal.Decimal{huge})
		},
		"less": func() (metrics.Ratio[decimal.Decimal], error) {
			return metrics.RampEquivalents(q, rep, []decimal.Decimal{d("-0.1")})
		},
		"left": func() (metrics.Ratio[decimal.Decimal], error) {
			return metrics.RampEquivalents(q, []metrics.Rep{{Hired: q.Start, Active: salesops.Period{End: q.Start.AddDays(-1)}}}, nil)
		},
		"72 digits": func() (metrics.Ratio[decimal.Decimal], error) {
			return metrics.RampEquivalents(q, rep, []decimal.Decimal{decimal.NewFromBigInt(chgTenTo(35), 18), decimal.New(1, -18)})
		},
	} {
		if r, err := f(); !errors.Is(err, metrics.ErrInput) || !r.Num.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range []metrics.Figure{
		metrics.ProductivityPerRep(huge, "", metrics.Ratio[decimal.Decimal]{Num: d("1"), Den: d("1")}),
		metrics.ProductivityPerRep(d("1"), "", metrics.Ratio[decimal.Decimal]{}),
		metrics.ProductivityPerRep(d("1"), "", metrics.Ratio[decimal.Decimal]{Num: huge, Den: d("1")}),
	} {
		if f.Value != nil || f.Reason == "" {
			t.Errorf("%+v", f)
		}
	}
}
