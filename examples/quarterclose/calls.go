package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
)

// calls tells how good the calls of past quarters were.
func (r *report) calls(o *outlook) error {
	var past []forecast.Call
	for _, c := range o.calls {
		if !c.Period.End.After(r.quarter.End) {
			past = append(past, c)
		}
	}
	if len(past) == 0 {
		return nil
	}
	var reps, managers []forecast.Call
	for _, c := range past {
		if r.isManager(c.By) {
			managers = append(managers, c)
		} else {
			reps = append(reps, c)
		}
	}
	outcomes := r.outcomes(past)
	accuracy, err := forecast.CallAccuracy(reps, outcomes, forecast.CallOptions{})
	if err != nil {
		return err
	}
	r.title("How good the calls were", "Calls of the reps for the quarters up to "+r.name+", against what they won. The error is the sum of "+
		"the misses, over and under, of what was won; the bias is what was called too much (+) or too little (-).")
	t := page.NewTable(1, "Weeks before the end", "Calls", "Called", "Won", "Error", "Bias")
	for _, row := range accuracy.Rows {
		if row.By == "" && row.WeeksOut%3 == 0 && row.WeeksOut > 0 {
			t.Add(page.Count(row.WeeksOut), page.Count(row.Periods), page.Whole(row.Called), page.Money(row.Actual), share(row.WAPE, false), share(row.Bias, true))
		}
	}
	t.Print(&r.out)
	const weeks = 6
	bias, err := forecast.FitCallBias(reps, outcomes, forecast.BiasOptions{WeeksOut: weeks})
	if err != nil {
		return nil //nolint:nilerr // too few calls to learn from: there is nothing to add
	}
	r.leanings(bias, weeks)
	return r.managersCalls(managers, outcomes)
}

// leanings names the reps whose calls are off by more than chance, those who are off most.
func (r *report) leanings(bias forecast.CallBias, weeks int) {
	const most = 10
	proven := slices.DeleteFunc(slices.Clone(bias.Reps), func(b forecast.RepBias) bool { return b.Leaning == forecast.Unproven })
	if len(proven) == 0 {
		return
	}
	off := func(b forecast.RepBias) float64 { return math.Abs(math.Log(b.Factor)) }
	slices.SortStableFunc(proven, func(a, b forecast.RepBias) int { return cmp.Compare(off(b), off(a)) })
	text := "Calls " + page.Count(weeks) + " weeks before the end that are off by more than chance, and what to multiply the next ones with"
	if len(proven) > most {
		text += ": the " + page.Count(most) + " that are off most, of " + page.Count(len(proven))
		proven = proven[:most]
	}
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", text+".")
	r.printf("\n")
	t := page.NewTable(2, "Rep", "Reading", "Quarters", "Called", "Won", "Times", "90% range")
	for _, b := range proven {
		t.Add(b.By, string(b.Leaning), page.Count(b.Periods), page.Whole(b.Called), page.Money(b.Actual), floatText(b.Factor, 2),
			floatText(*b.Low, 2)+" to "+floatText(*b.High, 2))
	}
	t.Print(&r.out)
}

// managersCalls adds how good the calls of the managers were.
func (r *report) managersCalls(calls []forecast.Call, outcomes []forecast.Outcome) error {
	if len(calls) == 0 {
		return nil
	}
	accuracy, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{})
	if err != nil {
		return err
	}
	r.printf("\n  Calls of managers for their teams, 6 weeks before the end:\n\n")
	t := page.NewTable(1, "Manager", "Quarters", "Called", "Won", "Error", "Bias")
	var everybody []string // comes last
	for _, row := range accuracy.Rows {
		if row.WeeksOut == 6 {
			cells := []string{cmp.Or(row.By, everybodyNode), page.Count(row.Periods), page.Whole(row.Called), page.Money(row.Actual), share(row.WAPE, false), share(row.Bias, true)}
			if row.By == "" {
				everybody = cells
				continue
			}
			t.Add(cells...)
		}
	}
	t.Rule()
	t.Add(everybody...)
	t.Print(&r.out)
	return nil
}

// outcomes are what those who called won in their quarters, and their teams.
func (r *report) outcomes(calls []forecast.Call) []forecast.Outcome {
	type key struct {
		by     string
		period salesops.Period
	}
	won := map[key]decimal.Decimal{}
	calendar := r.scheme.calendar()
	for i := range r.Opportunities {
		o := &r.Opportunities[i]
		if o.Status != crm.Won {
			continue
		}
		p := calendar.Period(salesops.Quarter, o.Closed)
		won[key{o.Owner, p}] = won[key{o.Owner, p}].Add(o.Amount)
		if manager := r.managerOn(o.Owner, o.Closed); manager != "" {
			won[key{manager, p}] = won[key{manager, p}].Add(o.Amount)
		}
	}
	var out []forecast.Outcome
	seen := map[key]bool{}
	for _, c := range calls {
		if k := (key{c.By, c.Period}); !seen[k] {
			seen[k] = true
			out = append(out, forecast.Outcome{By: c.By, Period: c.Period, Amount: won[k]})
		}
	}
	return out
}

// managerOn is whom somebody reported to on a day.
func (r *report) managerOn(name string, day salesops.Date) string {
	for i := range r.Reps {
		if rep := &r.Reps[i]; rep.Name == name && (salesops.Period{Start: rep.Start, End: rep.End}).Contains(day) {
			return rep.Manager
		}
	}
	return ""
}
