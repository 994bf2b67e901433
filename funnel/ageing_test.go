package funnel_test

import (
	gocmp "cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// Against a baseline in which all visits ended, the shares are those that counting gives.
func TestAgeing_law(t *testing.T) {
	p := sloPipeline(t)
	rapid.Check(t, func(rt *rapid.T) {
		var base funnel.Flow
		history := funnel.View{Pipeline: p, AsOf: sloDay(1000)}
		type visit struct {
			days   int
			goesOn bool
		}
		var demos []visit
		for range rapid.IntRange(20, 60).Draw(rt, "history") {
			x := visit{rapid.IntRange(0, 30).Draw(rt, "days"), rapid.Bool().Draw(rt, "goes on")}
			demos = append(demos, x)
			way := "Demo 0 Lost " + strconv.Itoa(x.days)
			if x.goesOn {
				way = "Demo 0 Offer " + strconv.Itoa(x.days) + " Won 400"
			}
			if err := base.Add(history, sloJourney(t, "", way)); err != nil {
				rt.Fatal(err)
			}
		}
		slices.SortFunc(demos, func(a, b visit) int { return gocmp.Compare(a.days, b.days) })
		quantile := rapid.SampledFrom([]float64{0, 0.5, 0.9}).Draw(rt, "quantile")

		now := funnel.View{Pipeline: p, AsOf: sloDay(40)}
		journeys := make([]funnel.Journey, rapid.IntRange(0, 12).Draw(rt, "journeys"))
		for i := range journeys {
			way := rapid.SampledFrom([]string{"Demo", "Lead 0 Demo", "Lead", "Lead 0 Won", "Lead 0 Lost"}).Draw(rt, "way")
			journeys[i] = sloJourney(t, "D"+strconv.Itoa(i), way+" "+strconv.Itoa(rapid.IntRange(0, 50).Draw(rt, "since")))
			journeys[i].Amount = decimal.New(rapid.Int64Range(0, 20).Draw(rt, "amount"), -1)
		}
		got, err := funnel.Ageing(now, journeys, &base, funnel.AgeingOptions{Quantile: quantile})
		if err != nil {
			rt.Fatal(err)
		}
		if quantile == 0 {
			quantile = 0.75
		}
		overdue := map[string]funnel.AgedDeal{}
		var sum decimal.Decimal
		for i, deal := range got.Deals {
			overdue[deal.Deal] = deal
			sum = sum.Add(deal.Amount)
			if i > 0 && got.Deals[i-1].Amount.Cmp(deal.Amount) < 0 {
				rt.Errorf("%+v after a smaller one", deal)
			}
			if i > 0 && got.Deals[i-1].Amount.Equal(deal.Amount) && got.Deals[i-1].Longer > deal.Longer {
				rt.Errorf("%+v after one that more visits outlast", deal)
			}
		}
		if got.Overdue.Count != int64(len(got.Deals)) || !got.Overdue.Amount.Equal(sum) {
			rt.Errorf("overdue %v, want %d and %v", got.Overdue, len(got.Deals), sum)
		}
		inDemo, open := 0, 0
		for _, j := range journeys {
			var at funnel.Move
			for _, m := range j.Moves {
				if !m.At.After(now.AsOf) {
					at = m
				}
			}
			if at.To == "Lead" || at.To == "Demo" {
				open++
			}
			deal, is := overdue[j.ID]
			if at.To != "Demo" {
				if is {
					rt.Errorf("%s is in %q, but overdue", j.ID, at.To)
				}
				continue
			}
			inDemo++
			days := int(now.AsOf.Sub(at.At) / (24 * time.Hour))
			var longer, goesOn, asLong float64
			for _, x := range demos {
				if x.days >= days {
					asLong++
				}
				if x.days > days {
					longer++
					if x.goesOn {
						goesOn++
					}
				}
			}
			share := longer / float64(len(demos))
			// Overdue is what fewer visits than usual are as long as. If just as many are, the middle of the flat piece of the
			// curve decides: see Curve.Quantile.
			few := asLong / float64(len(demos))
			if edge := math.Abs(few-(1-quantile)) < 1e-7; is != (few < 1-quantile) && !edge {
				rt.Errorf("%s: overdue %t after %d days, %v of visits are as long; quantile %v", j.ID, is, days, few, quantile)
			}
			if !is {
				continue
			}
			if math.Abs(deal.Longer-share) > 1e-9 || deal.Ticks != days || float64(days) <= deal.Threshold {
				rt.Errorf("%+v, want %d days, %v longer", deal, days, share)
			}
			if (deal.Chance != nil) != (longer > 0) {
				rt.Errorf("%+v: chance of %v visits", deal, longer)
			} else if c := deal.Chance; c != nil && (c.Visits != int64(longer) || math.Abs(c.GoesOn-goesOn/longer) > 1e-9 || math.Abs(c.Win-goesOn/longer) > 1e-9) {
				rt.Errorf("chance %+v, want %v of %v: all who advance are won", *c, goesOn, longer)
			}
		}
		if demo := got.Stages[1]; demo.Open.Count != int64(inDemo) || demo.Ended != int64(len(demos)) || demo.Fresh.Visits != demo.Ended {
			rt.Errorf("demo: %+v, want %d open", demo, inDemo)
		}
		if got.Open.Count != int64(open) || got.Unjudged.Count != int64(open-inDemo) || got.Stages[0].Threshold != nil || got.Stages[0].Reason == "" {
			rt.Errorf("open %v, unjudged %v: %+v; want %d open, and none judged that is no demo", got.Open, got.Unjudged, got.Stages[0], open)
		}
		text, err := json.Marshal(got)
		if err != nil {
			rt.Fatal(err)
		}
		var back funnel.AgedDeals
		if err := json.Unmarshal(text, &back); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(got, back, cmp.Comparer(decimal.Decimal.Equal), cmp.Comparer(time.Time.Equal)); diff != "" {
			rt.Errorf("through JSON (-want +got):\n%s", diff)
		}
	})
}

// Where most visits are open, as they last long, the quantile is not known, and nothing is overdue.
func TestAgeing_notReached(t *testing.T) {
	p := sloPipeline(t)
	v := funnel.View{Pipeline: p, AsOf: sloDay(30)}
	var base funnel.Flow
	for i := range 60 {
		way := "Lead 0"
		if i < 25 {
			way = "Lead 0 Lost 9"
		}
		if err := base.Add(v, sloJourney(t, "", way)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := funnel.Ageing(v, []funnel.Journey{sloJourney(t, "old", "Lead 1")}, &base, funnel.AgeingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lead := got.Stages[0]
	if want := "fewer than 75.0 % of the baseline's visits end within the 30 ticks of which it tells"; lead.Reason != want || lead.Threshold != nil || got.Unjudged.Count != 1 {
		t.Errorf("%+v, want %q", lead, want)
	}
	if lead.Fresh == nil || lead.Fresh.GoesOn != 0 || lead.Fresh.Visits != 60 {
		t.Errorf("fresh %+v, want that none goes on", lead.Fresh)
	}
	// A lower share is reached; the chances of what has lasted longer are known only as far as the baseline goes.
	got, err = funnel.Ageing(v, []funnel.Journey{sloJourney(t, "old", "Lead 1")}, &base, funnel.AgeingOptions{Quantile: 0.4})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Deals) != 1 || got.Deals[0].Threshold != 9 || got.Deals[0].Ticks != 29 || math.Abs(got.Deals[0].Longer-35.0/60) > 1e-12 || got.Deals[0].Chance.Visits != 35 {
		t.Errorf("%+v", got.Deals)
	}
}

// A history that begins in the middle: of visits that began before, only the long ones are known.
func TestAgeing_since(t *testing.T) {
	p := sloPipeline(t)
	v := funnel.View{Pipeline: p, Since: sloDay(100), AsOf: sloDay(210)}
	flow := func(ways map[string]int) *funnel.Flow {
		var f funnel.Flow
		for way, n := range ways {
			for range n {
				if err := f.Add(v, sloJourney(t, "", way)); err != nil {
					t.Fatal(err)
				}
			}
		}
		return &f
	}
	deals := []funnel.Journey{sloJourney(t, "x", "Lead 100")}
	// Between 10 and 100 ticks nobody knows: of those that last longer nothing follows for the others.
	got, err := funnel.Ageing(v, deals, flow(map[string]int{"Lead 200 Lost 203": 35, "Lead 200": 5, "Lead 0 Lost 120": 30}), funnel.AgeingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Deals) != 1 || got.Deals[0].Threshold != 3 || got.Deals[0].Chance != nil || math.Abs(got.Deals[0].Longer-0.125) > 1e-12 {
		t.Errorf("%+v, want overdue after 3 ticks, which an eighth outlasts, and no chance", got.Deals)
	}
	// The only one that was watched from its start ends after a tick. That does not mean that all do.
	got, err = funnel.Ageing(v, deals, flow(map[string]int{"Lead 200 Lost 201": 1, "Lead 0 Lost 120": 30}), funnel.AgeingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s := got.Stages[0]; s.Threshold != nil || !strings.Contains(s.Reason, "within the 0 ticks of which it tells") || len(got.Deals) != 0 {
		t.Errorf("%+v, want no threshold", s)
	}
}

// Deals that leave by regressing, and come back, are worth what they come to.
func TestAgeing_win(t *testing.T) {
	// 10 of 40 demos go back to the lead, of whose visits 40 of 80 go on: each visit to a lead ends with a demo with p = 1/2.
	base := sloFlow(t, map[string]int{
		"Lead 0 Demo 5 Lead 15 Lost 20":         10,
		"Lead 0 Demo 5 Offer 9 Won 12":          15,
		"Lead 0 Demo 5 Won 9":                   5,
		"Lead 0 Demo 5 Lost 9":                  10,
		"Lead 0 Lost 3":                         30,
		"Offer 0 Lost 5":                        15,
		"Lead 0 Demo 5 Offer 9 Lost 12 Lost 12": 0,
	})
	v := funnel.View{Pipeline: sloPipeline(t), AsOf: sloDay(30)}
	got, err := funnel.Ageing(v, []funnel.Journey{sloJourney(t, "x", "Demo 24")}, base, funnel.AgeingOptions{Quantile: 0.7})
	if err != nil {
		t.Fatal(err)
	}
	// By hand: offer = 15/30; lead = demo/2; demo = 15/40 × offer + 5/40 + 10/40 × lead, so demo × 7/8 = 5/16.
	demo := 5.0 / 14
	fresh := got.Stages[1].Fresh
	if fresh == nil || math.Abs(fresh.Win-demo) > 1e-9 || math.Abs(fresh.GoesOn-0.5) > 1e-12 {
		t.Errorf("a demo: %+v, want half to go on, and %v to win", fresh, demo)
	}
	// After 6 days only those that went back after 10 are left.
	if c := got.Deals[0].Chance; c == nil || c.GoesOn != 0 || math.Abs(c.Win-demo/2) > 1e-9 || c.Visits != 10 {
		t.Errorf("an old demo: %+v, want that it goes back, and %v to win", c, demo/2)
	}
}

func TestAgeing_refuses(t *testing.T) {
	base := sloFlow(t, map[string]int{"Lead 0 Demo 5 Won 8": 1})
	v := funnel.View{Pipeline: sloPipeline(t), AsOf: sloDay(30)}
	other, err := funnel.NewPipeline(funnel.Stage{Key: "Lead"})
	if err != nil {
		t.Fatal(err)
	}
	ok := sloJourney(t, "ok", "Lead 3")
	huge := sloJourney(t, "huge", "Lead 3")
	huge.Amount = decimal.New(1, 1_000_000_000)
	euros := sloJourney(t, "euros", "Lead 3")
	euros.Currency = "EUR"
	back := func(from, to time.Time) int { return -1 }
	for name, c := range map[string]struct {
		v        funnel.View
		journeys []funnel.Journey
		base     *funnel.Flow
		o        funnel.AgeingOptions
		want     []string
		kind     error
	}{
		"faults by journey": {
			v,
			[]funnel.Journey{ok, sloJourney(t, "gap", "Nowhere 3"), huge, euros, sloJourney(t, "ok", "Lead 4"), sloJourney(t, "none", "")},
			base,
			funnel.AgeingOptions{},
			[]string{"gap: moves/0/to", "huge: amount", `euros: currency "EUR"`, "ok: journeys/4/id is that of journeys/0", "none: moves"},
			funnel.ErrInput,
		},
		"clock":          {funnel.View{Pipeline: v.Pipeline, AsOf: v.AsOf, Clock: back}, []funnel.Journey{ok}, base, funnel.AgeingOptions{}, []string{"ok: moves/0/at"}, funnel.ErrInput},
		"no view":        {funnel.View{}, []funnel.Journey{ok}, base, funnel.AgeingOptions{}, []string{"view/asOf"}, funnel.ErrInput},
		"no base":        {v, nil, nil, funnel.AgeingOptions{}, []string{"base holds no"}, funnel.ErrUndefined},
		"empty base":     {v, nil, new(funnel.Flow), funnel.AgeingOptions{}, []string{"base holds no"}, funnel.ErrUndefined},
		"other base":     {funnel.View{Pipeline: other, AsOf: v.AsOf}, nil, base, funnel.AgeingOptions{}, []string{"another pipeline"}, funnel.ErrMismatch},
		"quantile":       {v, nil, base, funnel.AgeingOptions{Quantile: 90}, []string{"quantile"}, funnel.ErrInput},
		"quantile NaN":   {v, nil, base, funnel.AgeingOptions{Quantile: math.NaN()}, []string{"quantile"}, funnel.ErrInput},
		"minimum":        {v, nil, base, funnel.AgeingOptions{MinN: -3}, []string{"minN"}, funnel.ErrInput},
		"quantile below": {v, nil, base, funnel.AgeingOptions{Quantile: -0.1}, []string{"quantile"}, funnel.ErrInput},
	} {
		got, err := funnel.Ageing(c.v, c.journeys, c.base, c.o)
		if !errors.Is(err, c.kind) || got.Stages != nil {
			t.Errorf("%s: error %v, want one of %v", name, err, c.kind)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v does not tell %q", name, err, want)
			}
		}
	}
	// Nothing is open, nothing is wrong.
	got, err := funnel.Ageing(v, nil, base, funnel.AgeingOptions{})
	if err != nil || len(got.Deals) != 0 || len(got.Stages) != 3 || got.Open.Count != 0 {
		t.Errorf("no journeys: %+v, %v", got, err)
	}
}
