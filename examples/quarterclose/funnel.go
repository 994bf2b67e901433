package main

import (
	"fmt"

	"github.com/salesops-go/salesops/examples/internal/chart"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

// funnel shows how far deals come, and by when.
func (r *report) funnel(v *review) error {
	if v == nil {
		return nil
	}
	scope := fmt.Sprintf("The %s deals created from %s to %s, as of that day. ", page.Count(len(v.journeys)), v.from, r.quarter.Last())
	if v.staged {
		t, err := chart.Funnel(&v.all)
		if err != nil {
			return err
		}
		r.title("The funnel", scope+chart.FunnelText)
		t.Print(&r.out)
		r.printf("\n")
	} else {
		r.title("The funnel", scope+"The data has no history of stages, so that a deal is open until it closes.")
	}
	t, err := chart.Horizons(&v.lives, []int{30, 60, 90, 180})
	if err != nil {
		return err
	}
	t.Print(&r.out)
	o := v.all.Outcome()
	closed := funnel.Ratio{Num: o.Won.Count, Den: o.Won.Count + o.Lost.Count}
	if share, ok := closed.Float(); ok {
		r.printf("\n")
		page.Wrap(&r.out, "  ", "  ", fmt.Sprintf("Open deals are undecided in these chances. Of those that have closed, %s were won; %s are open.",
			page.Share(share), page.Count(int(o.Open.Count))))
	}
	if n := len(v.broken); n > 0 {
		r.printf("\n")
		page.Wrap(&r.out, "  ", "  ", fmt.Sprintf("Left out, as their history makes no sense: %s. The first: %v", page.Count(n), v.broken[0]))
	}
	return nil
}
