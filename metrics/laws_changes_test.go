package metrics_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// chgAmount draws an amount of 0 or more, in one of its representations.
func chgAmount(t *rapid.T, label string) decimal.Decimal {
	cents := rapid.Int64Range(0, 50_000).Draw(t, label)
	if rapid.Bool().Draw(t, label+" in thousandths") {
		return decimal.New(cents*10, -3)
	}
	return decimal.New(cents, -2)
}

func chgQuarter() salesops.Period { return period("2026-01-01", "2026-04-01") }

func chgState(t *rapid.T, label string) *metrics.DealState {
	if rapid.IntRange(0, 4).Draw(t, label+" absent") == 0 {
		return nil
	}
	return &metrics.DealState{
		Status:   rapid.SampledFrom([]metrics.Status{"", "open", "won", "lost"}).Draw(t, label+" status"),
		Due:      chgDue(t, label+" due"),
		Amount:   chgAmount(t, label+" amount"),
		Currency: "EUR",
		Forecast: rapid.Bool().Draw(t, label+" forecast"),
	}
}

// chgDue draws a day in the quarter or around it, often at its edges.
func chgDue(t *rapid.T, label string) salesops.Date {
	q := chgQuarter()
	return rapid.OneOf(
		rapid.SampledFrom([]salesops.Date{q.Start.AddDays(-1), q.Start, q.Last(), q.End}),
		rapid.Custom(func(t *rapid.T) salesops.Date { return q.Start.AddDays(rapid.IntRange(-60, 180).Draw(t, "day")) }),
	).Draw(t, label)
}

func chgDeal(t *rapid.T) metrics.DealChange {
	c := metrics.DealChange{Start: chgState(t, "start"), End: chgState(t, "end")}
	if c.Start == nil && c.End == nil {
		c.End = &metrics.DealState{Due: on("2026-02-01"), Currency: "EUR"}
	}
	if rapid.Bool().Draw(t, "initial known") {
		c.Initial = new(chgAmount(t, "initial"))
	}
	if rapid.Bool().Draw(t, "pushes known") {
		c.Pushes = new(rapid.IntRange(0, 5).Draw(t, "pushes"))
	}
	return c
}

func TestChanges_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deals := rapid.SliceOfN(rapid.Custom(chgDeal), 0, 12).Draw(t, "deals")
		c := accGroupLaws(t, len(deals), func(to *metrics.Changes, i int) {
			if err := to.Add(chgQuarter(), deals[i]); err != nil {
				t.Fatal(err)
			}
		})
		for _, f := range chgFigures(*c) {
			v, ok := f.Float()
			if ok != (f.Reason == "") || (f.Parts == nil) == ok {
				t.Fatalf("%s: %v %q", f.KPI, f.Value, f.Reason)
			}
			// Amounts are 0 or more, so all but these are shares. What is worth more at the end may be more than all before.
			switch f.KPI {
			case metrics.PushRateOfClosed, metrics.PushCount, metrics.PipelineCreation, metrics.PipelineCreationCount,
				metrics.PipelineCreationInitial, metrics.PipelineEfficiency:
			default:
				if v < 0 || v > 1 {
					t.Fatalf("%s is %v", f.KPI, v)
				}
			}
		}
		chgNotAbove(t, c.PushRate(), c.SlippageRate())
		chgNotAbove(t, c.PushRateValue(), c.SlippageRateValue())
		if diff := gocmp.Diff(chgSlow(deals), chgValues(*c)); diff != "" {
			t.Fatalf("figures (-want +got)\n%s", diff)
		}
	})
}

func chgNotAbove(t *rapid.T, less, more metrics.Figure) {
	a, okA := less.Float()
	b, okB := more.Float()
	if okA != okB || a > b {
		t.Fatalf("%s is %v, %s %v", less.KPI, a, more.KPI, b)
	}
}

func chgFigures(c metrics.Changes) []metrics.Figure {
	return []metrics.Figure{
		c.SlippageRate(), c.SlippageRateValue(), c.PushRate(), c.PushRateValue(), c.PushRateOfClosed(), c.SlipRateForecast(),
		c.PullInRate(), c.PullInRateValue(), c.PushCount(), c.PipelineCreation(), c.PipelineCreationCount(),
		c.PipelineCreationInitial(), c.PipelineEfficiency(),
	}
}

func chgValues(c metrics.Changes) map[metrics.ID]string {
	out := map[metrics.ID]string{}
	for _, f := range chgFigures(c) {
		if f.Parts != nil {
			out[f.KPI] = new(big.Rat).Quo(f.Parts.Num.Rat(), f.Parts.Den.Rat()).RatString()
		}
	}
	return out
}

// chgSlow computes the figures from the definitions, deal by deal, in fractions.
func chgSlow(deals []metrics.DealChange) map[metrics.ID]string {
	p := chgQuarter()
	open := func(s *metrics.DealState) bool { return s != nil && (s.Status == "" || s.Status == metrics.Open) }
	num, den := map[metrics.ID]*big.Rat{}, map[metrics.ID]*big.Rat{}
	add := func(to map[metrics.ID]*big.Rat, id metrics.ID, v *big.Rat) {
		if to[id] == nil {
			to[id] = new(big.Rat)
		}
		to[id].Add(to[id], v)
	}
	one := big.NewRat(1, 1)
	for _, id := range []metrics.ID{metrics.PipelineCreation, metrics.PipelineCreationCount, metrics.PipelineCreationInitial} {
		add(num, id, new(big.Rat))
		add(den, id, one)
	}
	created, initial := 0, 0
	for _, c := range deals {
		wasDue := open(c.Start) && p.Contains(c.Start.Due)
		closed := c.End != nil && !open(c.End) && c.End.Due.Before(p.End) // in the period, as far as the deal was due in it
		came := !wasDue && c.End != nil && p.Contains(c.End.Due) &&
			(c.Start == nil || open(c.Start) || open(c.End) || c.Start.Status != c.End.Status)
		if wasDue {
			v := c.Start.Amount.Rat()
			pushed := c.End != nil && !c.End.Due.Before(p.End)
			for _, r := range []struct {
				count, value metrics.ID
				in           bool
			}{{metrics.SlippageRate, metrics.SlippageRateValue, !closed}, {metrics.PushRate, metrics.PushRateValue, pushed}} {
				add(den, r.count, one)
				add(den, r.value, v)
				if r.in {
					add(num, r.count, one)
					add(num, r.value, v)
				}
			}
			if pushed {
				add(num, metrics.PushRateOfClosed, one)
			}
			if c.Start.Forecast {
				add(den, metrics.SlipRateForecast, one)
				if !closed || c.End.Status != metrics.Won {
					add(num, metrics.SlipRateForecast, one)
				}
			}
			add(den, metrics.PipelineEfficiency, v)
		}
		if came {
			add(den, metrics.PipelineEfficiency, c.End.Amount.Rat())
		}
		if (wasDue || came) && closed {
			add(den, metrics.PushRateOfClosed, one)
			if c.End.Status == metrics.Won {
				add(num, metrics.PipelineEfficiency, c.End.Amount.Rat())
			}
		}
		if came || wasDue && (closed || c.End != nil && p.Contains(c.End.Due)) {
			add(den, metrics.PullInRate, one)
			add(den, metrics.PullInRateValue, c.End.Amount.Rat())
			if came && c.Start != nil && open(c.Start) && !c.Start.Due.Before(p.End) {
				add(num, metrics.PullInRate, one)
				add(num, metrics.PullInRateValue, c.End.Amount.Rat())
			}
		}
		if c.Start == nil {
			created++
			add(num, metrics.PipelineCreationCount, one)
			add(num, metrics.PipelineCreation, c.End.Amount.Rat())
			if c.Initial != nil {
				initial++
				add(num, metrics.PipelineCreationInitial, c.Initial.Rat())
			}
		}
		if c.Pushes != nil {
			add(den, metrics.PushCount, one)
			add(num, metrics.PushCount, big.NewRat(int64(*c.Pushes), 1))
		}
	}
	if created > 0 && initial == 0 {
		delete(den, metrics.PipelineCreationInitial)
	}
	out := map[metrics.ID]string{}
	for id, v := range den {
		if v.Sign() > 0 {
			add(num, id, new(big.Rat))
			out[id] = new(big.Rat).Quo(num[id], v).RatString()
		}
	}
	return out
}

func TestCountPushes_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 400), 1, 8).Draw(t, "days")
		unit := rapid.SampledFrom([]salesops.Unit{salesops.Week, salesops.Month, salesops.Quarter, salesops.Year}).Draw(t, "unit")
		cal := salesops.Calendar{FirstMonth: 2}
		var dues []salesops.Date
		for _, n := range days {
			dues = append(dues, on("2026-01-01").AddDays(n))
		}
		want := 0
		for i := 1; i < len(dues); i++ {
			if cal.Name(unit, dues[i]) > cal.Name(unit, dues[i-1]) { // names sort by time
				want++
			}
		}
		if got, ok := metrics.CountPushes(cal, unit, dues); got != want || !ok {
			t.Fatalf("%d %t, want %d", got, ok, want)
		}
	})
	for _, dues := range [][]salesops.Date{nil, {{}}, {on("2026-01-01"), {}}} {
		if n, ok := metrics.CountPushes(salesops.Calendar{}, salesops.Month, dues); n != 0 || ok {
			t.Errorf("%v: %d %t", dues, n, ok)
		}
	}
	if _, ok := metrics.CountPushes(salesops.Calendar{}, "fortnight", []salesops.Date{on("2026-01-01")}); ok {
		t.Error("fortnight is no unit")
	}
}

func TestChanges_errors(t *testing.T) {
	good := metrics.DealState{Due: on("2026-02-01"), Amount: d("10"), Currency: "EUR"}
	with := func(change func(*metrics.DealState)) *metrics.DealState {
		s := good
		change(&s)
		return &s
	}
	dollar := with(func(s *metrics.DealState) { s.Currency = "USD" })
	huge := decimal.New(1, 1e9)
	c := chgAdd(t, chgQuarter(), metrics.DealChange{Start: &good, End: &good})
	before := accBinary(t, c)
	for name, deal := range map[string]metrics.DealChange{
		"neither":          {},
		"status":           {Start: with(func(s *metrics.DealState) { s.Status = "stalled" })},
		"due":              {End: with(func(s *metrics.DealState) { s.Due = salesops.Date{} })},
		"amount":           {Start: &good, End: with(func(s *metrics.DealState) { s.Amount = huge })},
		"initial":          {End: &good, Initial: &huge},
		"pushes":           {End: &good, Pushes: new(-1)},
		"currency":         {Start: dollar, End: dollar},
		"currency of end":  {Start: &good, End: with(func(s *metrics.DealState) { s.Currency = "" })},
		"currency outside": {End: with(func(s *metrics.DealState) { s.Currency, s.Due = "USD", on("2030-01-01") })},
	} {
		if err := c.Add(chgQuarter(), deal); !errors.Is(err, metrics.ErrInput) || accBinary(t, c) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none metrics.Changes
	bad := with(func(s *metrics.DealState) { s.Currency = "\xff" })
	if err := none.Add(chgQuarter(), metrics.DealChange{End: bad}); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("a currency that is no text: %v", err)
	}
	for _, p := range []salesops.Period{
		{}, {Start: on("2026-01-01")}, period("2026-02-01", "2026-02-01"), period("2026-03-01", "2026-02-01"),
	} {
		if err := c.Add(p, metrics.DealChange{End: &good}); !errors.Is(err, metrics.ErrInput) || accBinary(t, c) != before {
			t.Errorf("%v: %v", p, err)
		}
	}
	dollars := chgAdd(t, chgQuarter(), metrics.DealChange{End: with(func(s *metrics.DealState) { s.Currency = "USD" })})
	for name, err := range map[string]error{"merge": c.Merge(&dollars), "sub": c.Sub(&dollars)} {
		if !errors.Is(err, metrics.ErrMismatch) || accBinary(t, c) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	won := chgAdd(t, chgQuarter(), metrics.DealChange{End: with(func(s *metrics.DealState) { s.Status = metrics.Won })})
	if err := c.Sub(&won); !errors.Is(err, metrics.ErrMismatch) || accBinary(t, c) != before {
		t.Errorf("sub of what is not held: %v", err)
	}
	if err := errors.Join(c.Merge(nil), c.Sub(nil)); err != nil || accBinary(t, c) != before {
		t.Errorf("nil: %v", err)
	}
	if err := c.Sub(&c); err != nil || accBinary(t, c) != accBinary(t, metrics.Changes{}) {
		t.Errorf("c - c: %v", err)
	}
	// What nobody made by adding has no figures and no encoding.
	for i, c := range []metrics.Changes{
		{Deals: -1},
		{Deals: 1, DueWon: metrics.Part{Count: 1}},
		{Deals: 1, DueGone: metrics.Part{Count: 1, Amount: huge}},
		{Deals: math.MaxInt64, DuePushed: metrics.Part{Count: math.MaxInt64}, DueGone: metrics.Part{Count: math.MaxInt64}},
		{Deals: 1, Pushes: 3},
		{Currency: "EUR"},
	} {
		if _, err := c.MarshalBinary(); !errors.Is(err, metrics.ErrInput) {
			t.Errorf("case %d: %v", i, err)
		}
		for _, f := range chgFigures(c) {
			if f.Value != nil {
				t.Errorf("case %d: %s is %v", i, f.KPI, *f.Value)
			}
		}
		_ = c.Add(chgQuarter(), metrics.DealChange{Start: &good, End: &good})
		_ = c.Merge(&won)
		_ = won.Sub(&c)
	}
	full := metrics.Changes{Currency: "EUR", Deals: math.MaxInt64}
	err := full.Add(chgQuarter(), metrics.DealChange{Start: &good, End: &good})
	if !errors.Is(err, metrics.ErrInput) || full.DueOpen.Count != 0 {
		t.Errorf("2^63 deals: %v", err)
	}
}

// What no deals can have left are no changes.
func TestChanges_decode(t *testing.T) {
	good := accJSON(t, *chgSeedChanges(t))
	var c metrics.Changes
	if err := c.UnmarshalJSON([]byte(good)); err != nil {
		t.Fatal(err)
	}
	two := func(name, count string) [2]string {
		return [2]string{`"` + name + `":{"count":` + count, `"` + name + `":{"count":2`}
	}
	for _, change := range [][2]string{
		{`"currency":"EUR"`, `"more":1`},
		{`"deals":2`, `"deals":1`},
		{`"deals":2`, `"deals":-2`},
		two("dueWon", "1"), two("created", "1"), two("won", "1"), two("initial", "1"), two("forecast", "1"),
		{`"forecastWon":{"count":1`, `"forecastWon":{"count":0`}, // with an amount
		{`"open":{"count":1`, `"open":{"count":0`},
		{`"histories":1`, `"histories":0`},
		{`"histories":1`, `"histories":3`},
		{`"pushes":2`, `"pushes":-1`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if err := c.UnmarshalJSON([]byte(bad)); bad == good || !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	// Counts that are possible by themselves, but not together.
	one := `":{"count":1,"amount":"0"}`
	for what, bad := range map[string]string{
		"won from nowhere":       `{"deals":2,"won` + one + `}`,
		"reopened to nowhere":    `{"deals":2,"reopened` + one + `}`,
		"due and won, and open":  `{"deals":2,"dueWon` + one + `,"open` + one + `}`,
		"forecast won, and open": `{"deals":1,"dueOpen` + one + `,"open` + one + `,"forecast` + one + `,"forecastWon` + one + `}`,
	} {
		if err := c.UnmarshalJSON([]byte(bad)); !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func chgSeedChanges(t testing.TB) *metrics.Changes {
	t.Helper()
	start := metrics.DealState{Due: on("2026-02-01"), Amount: d("10.50"), Currency: "EUR", Forecast: true}
	end := start
	end.Status = metrics.Won
	c := chgAdd(t, chgQuarter(), metrics.DealChange{Start: &start, End: &end, Pushes: new(2)},
		metrics.DealChange{End: &start, Initial: new(d("7"))})
	return &c
}

func chgAskChanges(t *testing.T, c *metrics.Changes) {
	t.Helper()
	for _, f := range chgFigures(*c) {
		if (f.Value == nil) == (f.Reason == "") {
			t.Fatalf("%s: %v %q", f.KPI, f.Value, f.Reason)
		}
	}
}

func FuzzChanges_binary(f *testing.F) { accFuzzBinary(f, chgSeedChanges(f), chgAskChanges) }

func FuzzChanges_json(f *testing.F) { accFuzzJSON(f, chgSeedChanges(f), chgAskChanges) }
