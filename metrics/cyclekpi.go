package metrics

import (
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
)

// The KPIs of time: from the creation of a deal to its end.
const (
	SalesCycle             ID = "sales_cycle"               // mean days of won deals
	SalesCycleMedian       ID = "sales_cycle_median"        // their median
	SalesCycleP90          ID = "sales_cycle_p90"           // what one in ten exceeds
	SalesCycleClosed       ID = "sales_cycle_closed"        // mean days of all that ended
	SalesCycleClosedMedian ID = "sales_cycle_closed_median" // their median
	SalesCycleKM           ID = "sales_cycle_km"            // median days to any end, open deals included
)

const (
	noneCycle  = "no deal was won whose days are known"
	noneClose  = "no deal ended whose days are known"
	cycleRules = "no deal with a day of creation; deals that closed before they were created are left out and noted; 0 days count"
)

func cycleKPIs() []kpi {
	all := []ID{SalesCycle, SalesCycleMedian, SalesCycleP90, SalesCycleClosed, SalesCycleClosedMedian, SalesCycleKM}
	cycle := func(id ID, name, formula string, st stat, none string, days func(*reading) *multiset.Set) kpi {
		note := unknownNote
		if none == noneClose {
			note = undatedNote
		}
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: formula, Unit: UnitDays, Better: Lower, Additivity: st.additivity(), Undefined: cycleRules,
				Source: "HubSpot, Gong", Others: others(all, id),
			},
			none: none, days: days, stat: st, note: note,
		}
	}
	return []kpi{
		cycle(SalesCycle, "Mean sales cycle", "Σ (close − created) ÷ won deals", mean, noneCycle, (*reading).cycles),
		cycle(SalesCycleMedian, "Median sales cycle", "median of close − created of won deals", median, noneCycle, (*reading).cycles),
		cycle(SalesCycleP90, "90th percentile of the sales cycle", "0.9-quantile (type 7) of close − created of won deals", p90, noneCycle, (*reading).cycles),
		cycle(SalesCycleClosed, "Mean time to close", "Σ (close − created) ÷ deals that ended", mean, noneClose, (*reading).closes),
		cycle(SalesCycleClosedMedian, "Median time to close", "median of close − created of deals that ended", median, noneClose, (*reading).closes),
		{
			Definition: Definition{
				ID: SalesCycleKM, Name: "Median time to close with open deals", Formula: "Kaplan-Meier median of days to any end",
				Unit: UnitDays, Better: Lower, Additivity: Distribution,
				Undefined: "fewer than half of the deals have ended in the time in which they were watched", Source: "Kaplan and Meier 1958", Others: others(all, SalesCycleKM),
			},
			none: "no deal was created", lives: (*reading).lives, done: "closed", stat: median,
		},
	}
}

// cycles returns the days of won deals.
func (r *reading) cycles() *multiset.Set {
	return r.ends().ticks(func(c lifetime.Cause) bool { return c == causeWon })
}

// closes returns the days of deals that ended.
func (r *reading) closes() *multiset.Set {
	return r.ends().ticks(func(lifetime.Cause) bool { return true })
}

// ends returns the days and the outcome of deals that ended.
func (r *reading) ends() *lives {
	if r.ended == nil {
		r.ended = new(lives)
		for _, c := range r.cells {
			if c.closed != nil {
				r.ended.merge(&c.closed.ends)
			}
		}
		r.ended.set.Settle()
	}
	return r.ended
}

// unknownNote tells of won deals whose days are not known.
func unknownNote(r *reading, n int64) string {
	if left := r.closed.won - n; left > 0 {
		return count(left, "won deal that has no day of creation, or closed before it, is", "won deals that have no day of creation, or closed before it, are") + " left out"
	}
	return ""
}

// undatedNote tells of closed deals whose days are not known.
func undatedNote(r *reading, _ int64) string {
	note := ""
	if n := r.closed.reversed; n > 0 {
		note = count(n, "deal that closed before it was created is", "deals that closed before they were created are") + " left out"
	}
	if n := r.closed.undated; n > 0 {
		if note != "" {
			note += ", "
		}
		note += count(n, "deal without a day of creation is", "deals without a day of creation are") + " left out"
	}
	return note
}

// lives returns the days from creation to the end of deals, or the time of knowledge.
func (r *reading) lives() *lifetime.Histogram {
	if r.life == nil {
		all := new(lives)
		for _, c := range r.cells {
			if c.created != nil {
				all.merge(&c.created.lives)
			}
		}
		r.life = all.histogram()
	}
	return r.life
}
