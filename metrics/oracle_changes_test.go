package metrics_test

import (
	"encoding/json"
	"os"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/testenv"
	"github.com/salesops-go/salesops/metrics"
)

// chgParts lists counts and amounts by name, without those that are nothing.
func chgParts(c metrics.Changes) map[string]string {
	out := map[string]string{}
	for name, t := range map[string]metrics.Part{
		"due won": c.DueWon, "due lost": c.DueLost, "due pushed": c.DuePushed, "due ahead": c.DueAhead, "due gone": c.DueGone,
		"due open": c.DueOpen, "created": c.Created, "created elsewhere": c.CreatedElsewhere, "reopened": c.Reopened,
		"pulled in": c.PulledIn, "carried in": c.CarriedIn, "won": c.Won, "lost": c.Lost, "open": c.Open,
		"initial": c.Initial, "forecast": c.Forecast, "forecast won": c.ForecastWon,
	} {
		if t.Count != 0 || !t.Amount.IsZero() {
			out[name] = chgInt(t.Count) + ": " + t.Amount.Rat().RatString()
		}
	}
	return out
}

func chgInt(n int64) string { return decimal.New(n, 0).StringFixed(0) }

// chgAdd adds deals.
func chgAdd(t testing.TB, p salesops.Period, deals ...metrics.DealChange) metrics.Changes {
	t.Helper()
	var c metrics.Changes
	for _, deal := range deals {
		if err := c.Add(p, deal); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// chgValue is the value of a figure that must have one, as an exact fraction.
func chgValue(t testing.TB, f metrics.Figure) string {
	t.Helper()
	if f.Value == nil || f.Parts == nil {
		t.Fatalf("%s has no exact value: %s", f.KPI, f.Reason)
	}
	return f.Parts.Num.Rat().Quo(f.Parts.Num.Rat(), f.Parts.Den.Rat()).RatString()
}

// TestE60_waterfall replays the histories of 24 deals, of every kind of movement. The parts of each deal are those of an
// independent implementation of the pipeline waterfall. Amounts at the start are those of its part "start"; what came in is at
// the amount at the end here: its pulled in + increased - decreased.
func TestE60_waterfall(t *testing.T) {
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/waterfall/waterfall_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		T0     int    `json:"t0"`
		T1     int    `json:"t1"`
		Period [2]int `json:"period"`
		Deals  []struct {
			ID      string   `json:"id"`
			Created int      `json:"created"`
			Amount  int64    `json:"amount"`
			Close   int      `json:"close"`
			Changes [][3]any `json:"changes"` // day, field, value
		} `json:"deals"`
		Want struct {
			Totals  map[string]int64 `json:"totals"`
			PerDeal []struct {
				ID      string           `json:"id"`
				Buckets map[string]int64 `json:"buckets"`
			} `json:"per_deal"`
		} `json:"period_pipeline"`
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	day := func(n int) salesops.Date { return on("2026-01-01").AddDays(n) }
	p := salesops.Period{Start: day(cases.Period[0]), End: day(cases.Period[1])}
	// at is what a deal was at the start of a day, with what happened before it.
	at := func(i, now int) *metrics.DealState {
		deal := cases.Deals[i]
		if deal.Created >= now {
			return nil
		}
		s := metrics.DealState{Amount: decimal.New(deal.Amount, 0), Due: day(deal.Close)}
		for _, c := range deal.Changes {
			if int(c[0].(float64)) >= now {
				break
			}
			switch c[1].(string) {
			case "amount":
				s.Amount = decimal.New(int64(c[2].(float64)), 0)
			case "close":
				s.Due = day(int(c[2].(float64)))
			case "status":
				s.Status = metrics.Status(c[2].(string))
			}
		}
		return &s
	}
	buckets := map[string]map[string]int64{}
	for _, deal := range cases.Want.PerDeal {
		buckets[deal.ID] = deal.Buckets
	}
	if len(cases.Deals) != 24 || len(buckets) != 24 {
		t.Fatalf("%d deals with %d results, want 24", len(cases.Deals), len(buckets))
	}
	var whole metrics.Changes
	var want metrics.Changes
	add := func(to *metrics.Part, amount int64) {
		to.Count++
		to.Amount = to.Amount.Add(decimal.New(amount, 0))
	}
	for i, deal := range cases.Deals {
		c := metrics.DealChange{ID: deal.ID, Start: at(i, cases.T0), End: at(i, cases.T1)}
		if err := whole.Add(p, c); err != nil {
			t.Fatal(err)
		}
		// A deal has an entry and an exit at most.
		b := buckets[deal.ID]
		entry := b["start"]
		for name, to := range map[string]*metrics.Part{
			"created": &want.Created, "reopened": &want.Reopened, "pulled_in": &want.PulledIn,
		} {
			if b[name] != 0 {
				add(to, b[name]+b["increased"]-b["decreased"])
			}
		}
		for name, to := range map[string][2]*metrics.Part{
			"won": {&want.DueWon, &want.Won}, "lost": {&want.DueLost, &want.Lost}, "end": {&want.DueOpen, &want.Open},
			"pushed_out": {&want.DuePushed, nil},
		} {
			if b[name] == 0 {
				continue
			}
			if entry != 0 {
				add(to[0], entry)
			}
			if to[1] != nil {
				add(to[1], b[name])
			}
		}
	}
	want.CreatedElsewhere = metrics.Part{Count: 1, Amount: d("70")} // created_out_of_period, which a waterfall does not show
	if diff := gocmp.Diff(chgParts(want), chgParts(whole)); diff != "" {
		t.Errorf("parts (-want +got)\n%s", diff)
	}
	totals := map[string]int64{
		"start":   chgSum(whole.DueWon, whole.DueLost, whole.DuePushed, whole.DueOpen),
		"end":     chgSum(whole.Open),
		"won":     chgSum(whole.Won),
		"lost":    chgSum(whole.Lost),
		"created": chgSum(whole.Created), "reopened": chgSum(whole.Reopened),
	}
	for name, got := range totals {
		if got != cases.Want.Totals[name] {
			t.Errorf("%s is %d, want %d", name, got, cases.Want.Totals[name])
		}
	}
	if whole.Deals != 24 {
		t.Errorf("%d deals, want 24", whole.Deals)
	}
}

// chgSum adds up whole amounts.
func chgSum(parts ...metrics.Part) (n int64) {
	for _, p := range parts {
		n += p.Amount.Rat().Num().Int64()
	}
	return n
}

// TestE61_slipRate is the example of Chief, Slip Rate (getchief.com/sales-glossary-terms/slip-rate): 10 deals forecast for Q1, of
// which 4 closed on time, 3 closed late and 3 are still open: 60 %.
func TestE61_slipRate(t *testing.T) {
	q1 := period("2026-01-01", "2026-04-01")
	var c metrics.Changes
	for i := range 10 {
		end := metrics.DealState{Due: on("2026-03-20"), Status: metrics.Won}
		switch {
		case i >= 7:
			end = metrics.DealState{Due: on("2026-03-20")}
		case i >= 4:
			end.Due = on("2026-04-17")
		}
		start := metrics.DealState{Due: on("2026-03-20"), Forecast: true}
		if err := c.Add(q1, metrics.DealChange{Start: &start, End: &end}); err != nil {
			t.Fatal(err)
		}
	}
	for f, want := range map[*metrics.Figure]string{
		new(c.SlipRateForecast()): "3/5",
		new(c.SlippageRate()):     "3/5",
		new(c.PushRate()):         "3/10",
		new(c.PushRateOfClosed()): "3/4",
	} {
		if got := chgValue(t, *f); got != want {
			t.Errorf("%s is %s, want %s", f.KPI, got, want)
		}
	}
}

// TestE62_pushCounter is the example of DealCoach, Push Counter (dealcoach.io/coaching-push-counter): from March to May the
// counter goes to 1.
func TestE62_pushCounter(t *testing.T) {
	dues := []salesops.Date{on("2026-03-31"), on("2026-05-15")}
	if n, ok := metrics.CountPushes(salesops.Calendar{}, salesops.Month, dues); n != 1 || !ok {
		t.Errorf("%d %t, want 1", n, ok)
	}
}
