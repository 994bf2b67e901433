package comp

import (
	"slices"
)

// place decides which credits take part: it finds the plan of each by the
// booking date of its deal, and where recomputing starts.
func (r *run) place() {
	end := r.in.Period.End
	earliest := r.in.Period.Start
	kept := r.order[:0]
	terms := r.in.Payee.Terms
	near := 0 // the term of the credit before
	for _, i := range r.order {
		w := &r.rows[i]
		if w.scope == aside {
			continue
		}
		if !w.Date.Before(end) {
			r.setAside(int(i), unusedLater)
			continue
		}
		booked := w.booked
		if near >= len(terms) || !terms[near].Span.Contains(booked) {
			near = slices.IndexFunc(terms, func(t Term) bool { return t.Span.Contains(booked) })
		}
		if near < 0 {
			near = 0
			if w.root >= 0 || !r.isBooked(w.deal, r.in.Period.End) { // a deal of the ledger is this plan's
				r.addDeal(w.ID, "credits/"+itoa(int(i))+"/date", booked.String(), "is outside every term of the payee; add a term, or correct the date")
				continue
			}
		} else if terms[near].Plan != r.c.plan.ID && (w.root >= 0 || !r.isBooked(w.deal, r.in.Period.End)) {
			r.setAside(int(i), unusedPlan)
			continue
		} else if !r.c.plan.Span.Contains(booked) && w.root >= 0 {
			r.addDeal(w.ID, "credits/"+itoa(int(i))+"/date", booked.String(), "is outside the plan's span %s; give the payee a term with the plan of that day", r.c.plan.Span)
			continue
		}
		if day := r.onPlan(w.Date); day.Before(earliest) {
			earliest = day
			if start := r.c.plan.Span.Start; earliest.Before(start) {
				earliest = start
			}
		}
		w.origin = r.c.window(PerPeriod, w.Date)
		kept = append(kept, i)
	}
	r.order = kept
	r.since = r.c.align(earliest)
	if given := r.in.Since; !given.IsZero() {
		if aligned := r.c.align(given); aligned != given {
			r.add("since", given.String(), "lies inside a window of the plan; use %s", aligned)
		} else if latest := r.c.Since(r.in.Period); given.After(latest) {
			r.add("since", given.String(), "is too late: credits must be complete from %s, when the longest window of the period starts", latest)
		}
		r.since = given
		for _, i := range r.order {
			if r.rows[i].Date.Before(given) {
				r.rows[i].scope = lookedUp
			}
		}
	}
}
