// Package chart draws what package funnel computes, as tables for the reports of the examples.
package chart

import (
	"fmt"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

// FunnelText says how to read [Funnel].
const FunnelText = "How many deals were in each stage, and how many of these came to the next one, of those of which it is known, " +
	"with the interval in which the true share lies with 95% confidence. Pending are open deals that may still come."

// Funnel draws how many of all deals were in each stage, and how many of those of a stage came to the next.
func Funnel(f *funnel.Flow) (*page.Table, error) {
	t := page.NewTable(2, "Stage", "", "Deals", "Of all", "To next", "95% interval", "Pending")
	stages := f.Pipeline().Stages()
	for i, s := range stages {
		reached, err := f.Reached(s.Key, funnel.Visited)
		if err != nil {
			return nil, err
		}
		all, _ := reached.Least().Float()
		row := []string{page.Clip(s.Key, 26), page.Bar(all, 22), page.Count(int(reached.Reached)), page.Share(all)}
		switch to := next(stages, i); {
		case len(to) > 0:
			var on funnel.Share
			for _, key := range to {
				c, err := f.Conversion(s.Key, key, funnel.Visited)
				if err != nil {
					return nil, err
				}
				on = funnel.Share{Entered: c.Entered, Reached: on.Reached + c.Reached, Pending: c.Pending}
			}
			share, interval := Ratio(on.Settled())
			row = append(row, share, interval, page.Number(int(on.Pending)))
		case i > 0 && worked(stages[i-1]):
			t.Rule() // before the ends
		}
		t.Add(row...)
	}
	return t, nil
}

// next is what follows a stage that is worked: the next one, or after the last those in which deals are won.
func next(stages []funnel.Stage, i int) (keys []string) {
	if !worked(stages[i]) {
		return nil
	}
	for _, s := range stages[i+1:] {
		if worked(s) {
			return []string{s.Key}
		}
		if s.End == funnel.Won {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

func worked(s funnel.Stage) bool { return s.End == "" || s.End == funnel.Open }

// Horizons tells how many deals are won and lost by some ages in days, with open ones undecided.
func Horizons(lives *funnel.Lifetimes, ages []int) (*page.Table, error) {
	won, err := lives.Incidence(funnel.Won, funnel.CI{})
	if err != nil {
		return nil, err
	}
	lost, err := lives.Incidence(funnel.Lost, funnel.CI{})
	if err != nil {
		return nil, err
	}
	t := page.NewTable(1, "By age", "Won", "95% interval", "Lost", "Neither")
	for _, age := range ages {
		p, q := won.At(age), lost.At(age)
		name := fmt.Sprintf("%d days", age)
		if !p.Supported {
			t.Add(name, "not known: no deal was watched that long")
			continue
		}
		interval := page.None
		if p.Bounded {
			interval = Interval(p.Low, p.High)
		}
		t.Add(name, page.Share(p.Value), interval, page.Share(q.Value), page.Share(max(1-p.Value-q.Value, 0)))
	}
	return t, nil
}

// Findings tells what is worse in a comparison of stages and no chance, the first ones of it, how many are shown, and how many more
// there are.
func Findings(findings []funnel.Finding, most int) (t *page.Table, shown, more int) {
	t = page.NewTable(2, "Stage", "What", "Now", "Baseline", "Comes to", "P")
	for _, f := range findings {
		if f.Verdict != funnel.Worse {
			continue
		}
		if shown == most {
			more++
			continue
		}
		shown++
		what, now, base, comes := "goes on less", page.Share(f.Current.Value), page.Share(f.Baseline.Value), fmt.Sprintf("%.1f wins lost", f.Effect.LostWins)
		switch f.Cause {
		case funnel.CauseTime:
			what, now, base = "takes longer", fmt.Sprintf("%.1f d", f.Current.Value), fmt.Sprintf("%.1f d", f.Baseline.Value)
			comes = fmt.Sprintf("%.0f days", f.Effect.ExtraTime)
		case funnel.CauseRework:
			what, comes = "repeated more", fmt.Sprintf("%.0f days", f.Effect.ExtraTime)
		}
		t.Add(page.Clip(f.Stage, 26), what, now, base, comes, P(f.Effect.AdjustedP))
	}
	return t, shown, more
}

// Ratio writes a share with its 95 % interval.
func Ratio(v funnel.Ratio) (share, interval string) {
	p, ok := v.Float()
	if !ok {
		return page.None, page.None
	}
	lo, hi, ok := v.Wilson(0.95)
	if !ok {
		return page.Share(p), page.None
	}
	return page.Share(p), Interval(lo, hi)
}

// Interval writes an interval of shares.
func Interval(lo, hi float64) string { return fmt.Sprintf("%.1f to %.1f%%", 100*lo, 100*hi) }

// Days writes a quantile of a curve in days.
func Days(c funnel.Curve, p float64) string {
	q, ok := c.Quantile(p)
	if !ok {
		return page.None
	}
	return fmt.Sprintf("%.0f", q.Tick)
}

// P writes a p-value.
func P(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// Aged tells which open deals have been in their stage for longer than is usual there, the largest amounts first. name
// gives the cells that say which deal it is.
func Aged(a *funnel.AgedDeals, most int, header []string, name func(id string) []string) *page.Table {
	t := page.NewTable(len(header)+1, append(header, "Stage", "Days", "Usual", "Outlast", "Chance", "Amount")...)
	for _, d := range a.Deals[:min(most, len(a.Deals))] {
		chance := page.None
		if d.Chance != nil {
			chance = page.Share(d.Chance.Win)
		}
		t.Add(append(name(d.Deal), page.Clip(d.Stage, 18), page.Count(d.Ticks), fmt.Sprintf("%.0f", d.Threshold), page.Share(d.Longer), chance, page.Whole(d.Amount.Round(0)))...)
	}
	return t
}
