package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Case is all that a statement follows from, besides the plan.
type Case struct {
	// Payee is who is paid, with the terms of the job.
	Payee Payee `json:"payee"`
	// Period is the pay period to close, a unit of the plan's Every.
	Period salesops.Period `json:"period"`
	// Credits are the payee's credits and the events of their deals, in any
	// order: all from Since on, not only the new ones, so that late deals,
	// refunds and changes of quota, plan or crediting find their way into the
	// statement as differences to what was booked. Those dated after the period
	// are set aside.
	Credits []Credit `json:"credits,omitempty"`
	// Since is the day from which Credits are complete. A deal that was booked
	// on or after that day, and is not among them, is taken out again; earlier
	// credits are only looked up, by the events that refer to them. It must be
	// the start of a window of every component (see [Calculator.Since]). Empty:
	// Credits are complete as far back as they go, and a booked deal that is
	// missing is an error.
	Since salesops.Date `json:"since,omitzero"`
	// Scores are numbers computed elsewhere: MBOs, surveys, attainment.
	Scores []Score `json:"scores,omitempty"`
	// Manual are amounts entered by hand.
	Manual []Manual `json:"manual,omitempty"`
	// Prior is the state that the statement before returned.
	Prior State `json:"prior,omitzero"`
	// Explain fills Line.Why. It costs several times the calculation itself.
	Explain bool `json:"explain,omitempty"`
}

// Score is a measured number, such as the degree to which an objective was
// reached. It replaces earlier ones of its name in the same window.
type Score struct {
	// Name is what [Measure.Score] refers to.
	Name string `json:"name"`
	// Date is the day that the score is for: it picks the window.
	Date salesops.Date `json:"date"`
	// Value is the position of components that measure the score.
	Value decimal.Decimal `json:"value"`
}

// Manual is an amount entered by hand. It is booked once for its ID; the same
// ID with another amount books the difference.
type Manual struct {
	// ID names the amount, for good.
	ID string `json:"id"`
	// Amount is a multiple of the plan's rounding unit, and may be negative.
	Amount decimal.Decimal `json:"amount"`
	// Note stands on the line.
	Note string `json:"note,omitempty"`
}

// Since returns the day from which credits must be complete to close a period
// when nothing earlier has changed: the start of the longest window that the
// period lies in.
func (c *Calculator) Since(period salesops.Period) salesops.Date {
	return c.align(period.Start)
}

// align returns the latest day, not after d, that no window straddles. Events
// after the end of the plan or of a component count on its last day, so it is
// not after the window of that day either.
func (c *Calculator) align(d salesops.Date) salesops.Date {
	for i := range c.comps {
		span := c.plan.Span
		if k := &c.comps[i]; k.reset != PerDeal {
			span = span.Intersect(k.Span)
		}
		if last := span.Last(); !span.IsEmpty() && d.After(last) {
			d = last
		}
	}
	for range 8 { // windows nest, but for weeks: few rounds settle it
		from := c.window(PerPeriod, d).Start
		earlier := func(w Window) {
			if w == PerDeal {
				return
			}
			if s := c.window(w, d).Start; s.Before(from) {
				from = s
			}
		}
		for i := range c.comps {
			earlier(c.comps[i].reset)
			for _, l := range c.comps[i].limits {
				earlier(l.per)
			}
		}
		for _, l := range c.limits {
			earlier(l.per)
		}
		if from == d {
			break
		}
		d = from
	}
	return d
}
