package forecast_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/forecast"
)

func TestNewTotal_errors(t *testing.T) {
	one := []forecast.Chance{{Amount: d("1"), P: 0.5}}
	var distinct, rare []forecast.Chance
	for i := range 100 {
		distinct = append(distinct, forecast.Chance{Amount: decimal.New(1<<30+int64(i*i*i), -2), P: 0.5})
		rare = append(rare, forecast.Chance{Amount: decimal.New(1<<30+int64(i*i*i), -2), P: 0.5})
	}
	rare = append(rare, forecast.Chance{Amount: d("1e18"), P: 1e-16})
	var alike []forecast.Chance
	for range 3000 {
		alike = append(alike, forecast.Chance{Amount: d("1"), P: 0.5})
	}
	for name, c := range map[string]struct {
		chances []forecast.Chance
		o       forecast.TotalOptions
		kind    error
		paths   []string
	}{
		"all faults at once": {
			[]forecast.Chance{
				{ID: "a", Amount: d("1"), P: math.NaN()},
				{ID: "b", Amount: decimal.New(1, 1e9), P: 0.5},
				{ID: "c", Amount: decimal.New(1, -1e9), P: -0.1},
				{ID: "d", Amount: d("1"), P: math.Inf(1)},
			},
			forecast.TotalOptions{SpreadTolerance: -1, Correlation: 1},
			forecast.ErrInput,
			[]string{"spreadTolerance", "correlation", "chances/0/p", "chances/1/amount", "chances/2/amount", "chances/2/p", "chances/3/p"},
		},
		"a tolerance that is none":   {one, forecast.TotalOptions{SpreadTolerance: math.NaN()}, forecast.ErrInput, []string{"spreadTolerance"}},
		"a tolerance too small":      {one, forecast.TotalOptions{SpreadTolerance: 1e-10}, forecast.ErrInput, []string{"spreadTolerance"}},
		"a correlation that is none": {one, forecast.TotalOptions{Correlation: math.NaN()}, forecast.ErrInput, []string{"correlation"}},
		"a negative correlation":     {one, forecast.TotalOptions{Correlation: -0.1}, forecast.ErrInput, []string{"correlation"}},
		"too many digits":            {[]forecast.Chance{{Amount: d("1e18"), P: 1}, {Amount: d("0.000000000000000001"), P: 0}, {Amount: d("-1e18"), P: 0.1}}, forecast.TotalOptions{}, forecast.ErrTooLarge, []string{"chances"}},
		"a grid too fine":            {distinct, forecast.TotalOptions{SpreadTolerance: 1e-9}, forecast.ErrTooLarge, []string{"spreadTolerance"}},
		"a deal too rare":            {rare, forecast.TotalOptions{}, forecast.ErrTooLarge, []string{"spreadTolerance"}},
		"a correlation too near 1":   {alike, forecast.TotalOptions{Correlation: 0.9999}, forecast.ErrTooLarge, []string{"correlation"}},
	} {
		t.Run(name, func(t *testing.T) {
			total, err := forecast.NewTotal(c.chances, c.o)
			totFaults(t, err, c.kind, c.paths...)
			if got, want := totJSON(t, total), totJSON(t, forecast.Total{}); got != want {
				t.Errorf("with the error came %s", got)
			}
		})
	}
}

// The remedy that an error names is one.
func TestNewTotal_remedy(t *testing.T) {
	chances := totMany(400, 1)
	_, err := forecast.NewTotal(chances, forecast.TotalOptions{SpreadTolerance: 1e-9})
	totFaults(t, err, forecast.ErrTooLarge, "spreadTolerance")
	_, text, _ := strings.Cut(err.Error(), "give ")
	var eps float64
	if err := json.Unmarshal([]byte(text), &eps); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	total := totNew(t, chances, forecast.TotalOptions{SpreadTolerance: eps})
	if total.Inflation() > eps {
		t.Errorf("inflation %v with a tolerance of %v", total.Inflation(), eps)
	}
}

func TestTotal_questionErrors(t *testing.T) {
	total := totNew(t, []forecast.Chance{{Amount: d("5"), P: 0.5}}, forecast.TotalOptions{})
	for _, q := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := total.Quantile(q)
		totFaults(t, err, forecast.ErrInput, "q")
		_, _, err = total.Interval(q)
		totFaults(t, err, forecast.ErrInput, "level")
	}
	_, err := total.Shift(decimal.New(1, 1e9))
	totFaults(t, err, forecast.ErrInput, "amount")
	huge := total
	for range 10 { // to 9 × 10^36
		if huge, err = huge.Shift(d("900000000000000000000000000000000000")); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := huge.Mean(), d("9000000000000000000000000000000000002.5"); !got.Equal(want) {
		t.Errorf("mean %s, want %s", got.StringFixed(1), want.StringFixed(1))
	}
	_, err = huge.Plus(huge)
	totFaults(t, err, forecast.ErrTooLarge, "")
	for range 2 {
		huge, err = huge.Shift(d("900000000000000000000000000000000000"))
	}
	totFaults(t, err, forecast.ErrTooLarge, "")
	if got := totJSON(t, huge); got != totJSON(t, forecast.Total{}) {
		t.Errorf("with the error came %s", got)
	}
}

// A threshold may be any decimal: it is on the right side of every value.
func TestTotal_thresholds(t *testing.T) {
	total := totNew(t, []forecast.Chance{{Amount: d("5"), P: 0.25}}, forecast.TotalOptions{})
	for _, c := range []struct {
		x    decimal.Decimal
		want float64
	}{
		{decimal.New(-1, 1e9), 1},
		{decimal.New(-1, -1e9), 1},
		{decimal.New(0, 1e9), 1},
		{d("0"), 1},
		{decimal.New(1, -1e9), 0.25},
		{d("5").Sub(decimal.New(1, -2000)), 0.25},
		{d("5"), 0.25},
		{d("5").Add(decimal.New(1, -999)), 0},
		{d("5").Add(decimal.New(1, -2000)), 0},
		{d("-5").Sub(decimal.New(1, -2000)), 1},
		{d("1e37"), 0},
		{d("1e38"), 0},
		{decimal.New(1, 1e9), 0},
	} {
		if got := total.AtLeast(c.x); got != c.want {
			t.Errorf("P(S ≥ %de%d) = %v, want %v", c.x.Sign(), c.x.Exponent(), got, c.want)
		}
		for name, v := range map[string]float64{"shortfall": total.Shortfall(c.x), "CRPS": total.CRPS(c.x)} {
			if !(v >= 0 && v < 1.1e37) {
				t.Errorf("%s of %de%d is %v", name, c.x.Sign(), c.x.Exponent(), v)
			}
		}
	}
}

// A grid forgets deals of no probability to speak of, and says so.
func TestNewTotal_negligible(t *testing.T) {
	chances := totMany(30, 1)
	want := totNew(t, chances, forecast.TotalOptions{})
	got := totNew(t, append(chances, forecast.Chance{Amount: d("1e18"), P: 1e-300}), forecast.TotalOptions{})
	if got.LostMass() != want.LostMass()+1e-300 || got.Exact() || !totQuantile(t, got, 0.9).Equal(totQuantile(t, want, 0.9)) {
		t.Errorf("lost %v, exact %v, P90 %s; want %v, false, %s", got.LostMass(), got.Exact(),
			totQuantile(t, got, 0.9).StringFixed(2), want.LostMass(), totQuantile(t, want, 0.9).StringFixed(2))
	}
	if !got.Mean().Equal(want.Mean()) { // but for 1e-282, which rounds away
		t.Errorf("mean %s, want %s", got.Mean().StringFixed(18), want.Mean().StringFixed(18))
	}
	var none []forecast.Chance
	for _, c := range chances {
		none = append(none, forecast.Chance{Amount: c.Amount, P: 5e-324})
	}
	if total := totNew(t, none, forecast.TotalOptions{}); total.AtLeast(d("0.01")) != 0 {
		t.Errorf("P(S > 0) = %v", total.AtLeast(d("0.01")))
	}
}

func TestTotal_hostileJSON(t *testing.T) {
	const good = `{"exact":true,"origin":"0","step":"5","p":[0.75,0.25],"mean":"1.25","cumulants":[4.6875,0,0]}`
	var total forecast.Total
	if err := json.Unmarshal([]byte(good), &total); err != nil || total.AtLeast(d("5")) != 0.25 {
		t.Fatalf("%v, P(S ≥ 5) = %v", err, total.AtLeast(d("5")))
	}
	before := totJSON(t, total)
	for name, c := range map[string]struct {
		old, new string
		paths    []string
	}{
		"no object":                  {good, `[]`, []string{""}},
		"no points":                  {`[0.75,0.25]`, `[]`, []string{"p"}},
		"null":                       {`[0.75,0.25]`, `null`, []string{"p"}},
		"text for a probability":     {`0.75`, `"x"`, []string{""}},
		"a probability out of range": {`[0.75,0.25]`, `[1.25,-1,0.75]`, []string{"p/0", "p/1"}},
		"probabilities beyond 1":     {`0.75`, `0.76`, []string{"p"}},
		"no probability at the end":  {`[0.75,0.25]`, `[0.75,0.25,0]`, []string{"p"}},
		"a step of 0":                {`"5"`, `"0"`, []string{"step"}},
		"a step back":                {`"5"`, `"-5"`, []string{"step"}},
		"an absurd step":             {`"5"`, `"1e9999"`, []string{"step"}},
		"an absurd origin":           {`"origin":"0"`, `"origin":"1e-9999"`, []string{"origin"}},
		"an absurd mean":             {`"1.25"`, `"1e41"`, []string{"mean"}},
		"values of too many digits":  {`"origin":"0"`, `"origin":"1e37"`, []string{"origin"}},
		"a variance too small":       {`4.6875`, `4.6`, []string{"cumulants/0"}},
		"a negative variance":        {`4.6875`, `-1`, []string{"cumulants/0"}},
		"an infinite cumulant":       {`4.6875`, `1e999`, []string{""}},
		"an exact excess":            {`"mean"`, `"excess":1,"mean"`, []string{"excess"}},
		"a lost certainty":           {`"mean"`, `"lost":1.5,"mean"`, []string{"lost"}},
		"points that do not begin":   {`"mean"`, `"at":[1,2],"mean"`, []string{"at/0"}},
		"points that do not ascend":  {`"mean"`, `"at":[0,0],"mean"`, []string{"at/1"}},
		"points too far":             {`"mean"`, `"at":[0,9223372036854775807],"mean"`, []string{"at/1"}},
		"fewer points":               {`"mean"`, `"at":[0],"mean"`, []string{"at"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, c.old, c.new, 1)
			if text == good {
				t.Fatal("the case changes nothing")
			}
			totFaults(t, json.Unmarshal([]byte(text), &total), forecast.ErrInput, c.paths...)
			if got := totJSON(t, total); got != before {
				t.Errorf("the total has become %s", got)
			}
		})
	}
}

// totNasty draws decimals and probabilities that break things.
func totNasty() *rapid.Generator[forecast.Chance] {
	return rapid.Custom(func(t *rapid.T) forecast.Chance {
		return forecast.Chance{
			Amount: rapid.SampledFrom([]decimal.Decimal{
				{},
				d("1"), d("-1"), d("0.01"), d("1234567.89"), d("-98765.43"), d("1e18"), d("-1e18"), d("1e-18"), d("3.000000000000000001"),
				d("123456789012345678.9"), d("0.333333333333333333"), d("7e15"),
			}).Draw(t, "amount").Add(decimal.New(rapid.Int64Range(0, 1000).Draw(t, "more"), -2)),
			P: rapid.SampledFrom([]float64{
				0, math.Copysign(0, -1), 1, 0.5, 5e-324, 1e-308, 1e-200, 1e-17, 1e-9, 1e-3, 0.1, math.Nextafter(0.5, 1), math.Nextafter(1, 0), 1 - 1e-9, 0.999,
			}).Draw(t, "p"),
		}
	})
}

// Whatever comes in, there is a total of finite numbers, or an error of the package.
func TestNewTotal_hostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := rapid.SliceOfN(totNasty(), 0, 20).Draw(t, "chances")
		o := forecast.TotalOptions{
			SpreadTolerance: rapid.SampledFrom([]float64{0, 0, 1, 1e-3, 1e-5}).Draw(t, "tolerance"),
			Correlation:     rapid.SampledFrom([]float64{0, 0, 0, 0, 0, 0, 0, 5e-324, 0.3}).Draw(t, "rho"),
		}
		total, err := forecast.NewTotal(chances, o)
		totSound(t, total, err)
		other, err := forecast.NewTotal(rapid.SliceOfN(totNasty(), 0, 6).Draw(t, "others"), forecast.TotalOptions{})
		totSound(t, other, err)
		sum, err := total.Plus(other)
		totSound(t, sum, err)
		fit, err := forecast.FitCorrelation([]forecast.PastPeriod{{Chances: chances, Actual: d("1e20")}, {Chances: chances, Actual: d("-0.01")}})
		if err == nil {
			_, err = json.Marshal(fit)
		}
		totSound(t, forecast.Total{}, err)
	})
}

// A few points beside a wide grid: the rounding of a Fourier transform over all of it would be more than their variance.
func TestTotal_Plus_fewPoints(t *testing.T) {
	wide, err := forecast.NewTotal([]forecast.Chance{{Amount: d("6.540000000000000001"), P: 5e-324}}, forecast.TotalOptions{})
	totSound(t, wide, err)
	few, err := forecast.NewTotal([]forecast.Chance{{Amount: d("0.02"), P: 0.999999999}}, forecast.TotalOptions{})
	totSound(t, few, err)
	sum, err := wide.Plus(few)
	totSound(t, sum, err)
	sum, err = few.Plus(wide)
	totSound(t, sum, err)
}

// totSound checks that a total consists of finite numbers, or an error is one of the package.
func totSound(t rapid.TB, total forecast.Total, err error) {
	t.Helper()
	if err != nil {
		if !totTyped(err) {
			t.Errorf("%v is no error of the package", err)
		}
		return
	}
	variance, third, fourth := total.Cumulants()
	x := total.Mean()
	below, upTo := total.PIT(x)
	low, high, err := total.Interval(0.9)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]float64{
		"variance": variance, "third": third, "fourth": fourth, "sd": total.SD(), "at least": total.AtLeast(x), "below": below, "up to": upTo,
		"shortfall": total.Shortfall(high), "CRPS": total.CRPS(low), "lost": total.LostMass(), "inflation": total.Inflation(),
	} {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 && name != "third" && name != "fourth" {
			t.Errorf("%s is %v", name, v)
		}
	}
	if low.GreaterThan(high) || upTo < below || total.LostMass() > 1e-15 {
		t.Errorf("from %s to %s; %v, %v; lost %v", low.StringFixed(2), high.StringFixed(2), below, upTo, total.LostMass())
	}
	var sum float64
	for _, p := range total.All() {
		sum += p
	}
	totClose(t, "sum of the probabilities", sum, 1, 1e-9)
	text := totJSON(t, total)
	var back forecast.Total
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	if totJSON(t, back) != text {
		t.Errorf("decoding changes %.200s", text)
	}
}
