package main

import (
	"fmt"

	"github.com/salesops-go/salesops/examples/internal/chart"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

// chart draws the funnel: how many came how far.
func (r *report) chart() error {
	t, err := chart.Funnel(&r.flow)
	if err != nil {
		return err
	}
	r.title("The funnel", chart.FunnelText)
	t.Print(&r.out)
	return nil
}

// visits tells what became of the visits of each stage, and how long they took.
func (r *report) visits() error {
	r.title("What became of the visits of each stage", "A deal that came back has a second visit. Each visit ended in one way, or is "+
		"open. Days are the median, and what 9 of 10 stay at most, with open visits counted as such; - where not enough have ended.")
	t := page.NewTable(1, "Stage", "Entered", "Forward", "Back", "Won", "Lost", "Left", "Open", "Days", "9 of 10")
	for _, s := range r.flow.Stages() {
		times, err := r.flow.Times(s.Stage)
		if err != nil {
			return err
		}
		half, most := page.None, page.None
		if curve, err := times.Survival(funnel.CI{}); err == nil {
			half, most = chart.Days(curve, 0.5), chart.Days(curve, 0.9)
		}
		t.Add(page.Clip(s.Stage, 26), number(s.Entered), number(s.Advanced), number(s.Regressed), number(s.Won), number(s.Lost), number(s.Left), number(s.Open), half, most)
	}
	t.Print(&r.out)
	return nil
}

func number(p funnel.Part) string { return page.Number(int(p.Count)) }

// horizon tells what becomes of deals by some age.
func (r *report) horizon() error {
	var lives funnel.Lifetimes
	for _, j := range r.journeys {
		s, ok, err := r.view.Lifetime(j)
		if err != nil {
			return err
		}
		if ok {
			if err := lives.Add(s); err != nil {
				return err
			}
		}
	}
	t, err := chart.Horizons(&lives, r.horizons)
	if err != nil {
		return err
	}
	r.title("What becomes of a deal, and when", "The share won and lost by each age, of all deals, with open ones counted as undecided "+
		"and losses as what keeps a deal from being won (Aalen-Johansen).")
	t.Print(&r.out)
	o := r.flow.Outcome()
	closed := funnel.Ratio{Num: o.Won.Count, Den: o.Won.Count + o.Lost.Count}
	if share, ok := closed.Float(); ok {
		r.text(fmt.Sprintf("Won of closed, %s of %s, is %s; it leaves out the %s that are open.", page.Count(int(closed.Num)),
			page.Count(int(closed.Den)), page.Share(share), page.Count(int(o.Open.Count))))
	}
	return nil
}
