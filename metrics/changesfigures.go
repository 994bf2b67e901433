package metrics

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// SlippageRate returns the share of the deals due in the period at its start that were neither won nor lost in it, with its
// 95 % interval: those pushed out, those still open, and those that do not exist any more, of which a note tells.
func (c Changes) SlippageRate() Figure {
	return c.share(SlippageRate, c.slipped(), c.dueAtStart(), noneDue).note(c.goneNote())
}

// SlippageRateValue returns the same share in money, at the amounts at the start.
func (c Changes) SlippageRateValue() Figure {
	return c.shareOfValue(SlippageRateValue, c.slipped(), c.dueAtStart(), noneDueValue).note(c.goneNote())
}

// PushRate returns the share of the deals due in the period at its start that were moved to a later period, or closed in one,
// with its 95 % interval. It is never above the slippage rate.
func (c Changes) PushRate() Figure {
	return c.share(PushRate, []Part{c.DuePushed}, c.dueAtStart(), noneDue)
}

// PushRateValue returns the same share in money, at the amounts at the start.
func (c Changes) PushRateValue() Figure {
	return c.shareOfValue(PushRateValue, []Part{c.DuePushed}, c.dueAtStart(), noneDueValue)
}

// PushRateOfClosed returns the deals that were moved from the period to a later one for each deal that closed in it, won or
// lost. It is no share, and may exceed 1.
func (c Changes) PushRateOfClosed() Figure {
	if !c.sound() {
		return noValue(PushRateOfClosed, 0, notSound)
	}
	closed := c.Won.Count + c.Lost.Count
	return quotient(PushRateOfClosed, exact.Int(c.DuePushed.Count), exact.Int(closed), closed, "no deal closed in the period")
}

// SlipRateForecast returns the share of the deals forecast to close in the period, as of its start, that were not won in it,
// with its 95 % interval. A deal that was lost slips here: it was forecast to be won.
func (c Changes) SlipRateForecast() Figure {
	if !c.sound() {
		return noValue(SlipRateForecast, 0, notSound)
	}
	slipped := c.Forecast.Count - c.ForecastWon.Count
	return shareOf(SlipRateForecast, slipped, c.Forecast.Count, 0, "no deal due at the start was forecast")
}

// PullInRate returns the share of the deals due in the period at its end, closed ones included, that had been due after the
// period at its start, with its 95 % interval. Deals that had been overdue are not pulled in.
func (c Changes) PullInRate() Figure {
	return c.share(PullInRate, []Part{c.PulledIn}, c.dueAtEnd(), "no deal is due in the period at its end")
}

// PullInRateValue returns the same share in money, at the amounts at the end.
func (c Changes) PullInRateValue() Figure {
	pulled := []Part{c.PulledIn}
	return c.shareOfValue(PullInRateValue, pulled, c.dueAtEnd(), "what is due in the period at its end is worth nothing")
}

// PushCount returns how often a deal was pushed to a later period in its life, on average over the deals that came with that
// number: see [CountPushes].
func (c Changes) PushCount() Figure {
	if !c.sound() {
		return noValue(PushCount, 0, notSound)
	}
	n := c.Histories
	return quotient(PushCount, exact.Int(c.Pushes), exact.Int(n), n, "no deal came with the number of its pushes")
}

// PipelineCreation returns what the deals that did not exist at the start are worth at the end of the period, whenever they are
// due and whatever became of them. Deals that were created and deleted in the period are in neither snapshot, and not in it.
func (c Changes) PipelineCreation() Figure {
	if !c.sound() {
		return noValue(PipelineCreation, 0, notSound)
	}
	n, amount := total(c.created())
	return sumFigure(PipelineCreation, amount, n).in(c.Currency)
}

// PipelineCreationCount returns how many deals did not exist at the start and do at the end.
func (c Changes) PipelineCreationCount() Figure {
	if !c.sound() {
		return noValue(PipelineCreationCount, 0, notSound)
	}
	n, _ := total(c.created())
	return sumFigure(PipelineCreationCount, exact.Int(n), n)
}

// PipelineCreationInitial returns what the deals created in the period were worth when they were created. Those for which that
// is not known are left out, and a note says how many; there is no value if it is known for none.
func (c Changes) PipelineCreationInitial() Figure {
	if !c.sound() {
		return noValue(PipelineCreationInitial, 0, notSound)
	}
	n, _ := total(c.created())
	_, amount := total([]Part{c.Initial})
	if n > 0 && c.Initial.Count == 0 {
		return noValue(PipelineCreationInitial, 0, "the amount at creation is not known for any deal")
	}
	f := sumFigure(PipelineCreationInitial, amount, c.Initial.Count).in(c.Currency)
	if n > c.Initial.Count {
		f = f.note(intText(n-c.Initial.Count) + " of " + intText(n) + " deals are left out: their amount at creation is not known")
	}
	return f
}

// PipelineEfficiency returns what was won in the period as a share of all pipeline that was handled in it: what was due at its
// start, at the amounts then, and what was created, reopened, pulled or carried into it, at the amounts at the end. It exceeds 1
// only if deals that were won grew by more than the rest was worth.
func (c Changes) PipelineEfficiency() Figure {
	handled := append(c.dueAtStart(), c.Created, c.Reopened, c.PulledIn, c.CarriedIn)
	return c.shareOfValue(PipelineEfficiency, []Part{c.Won}, handled, "no pipeline was handled, or it is worth nothing")
}

// The reasons why there is no value.
const (
	noneDue      = "no deal was due in the period at its start"
	noneDueValue = "what was due in the period at its start is worth nothing"
	notSound     = "the counts do not fit together: they were not made by adding deals"
)

// dueAtStart is what was due at the start.
func (c *Changes) dueAtStart() []Part { return append(c.slipped(), c.DueWon, c.DueLost) }

// slipped is what was due at the start, and neither won nor lost.
func (c *Changes) slipped() []Part { return []Part{c.DuePushed, c.DueAhead, c.DueGone, c.DueOpen} }

// dueAtEnd is what is due in the period at its end.
func (c *Changes) dueAtEnd() []Part { return []Part{c.Won, c.Lost, c.Open} }

func (c *Changes) created() []Part { return []Part{c.Created, c.CreatedElsewhere} }

// goneNote tells of deals that count as slipped though nobody knows.
func (c *Changes) goneNote() string {
	switch n := c.DueGone.Count; {
	case n <= 0:
		return ""
	case n == 1:
		return "1 deal due at the start does not exist any more and counts as slipped"
	default:
		return intText(n) + " deals due at the start do not exist any more and count as slipped"
	}
}

// total adds up parts of sound changes, none of them twice.
func total(parts []Part) (count int64, amount exact.Num) {
	for _, t := range parts {
		n, _ := admitSum(t.Amount)
		count, amount = count+t.Count, amount.Add(n)
	}
	return count, amount
}

// share is the share of deals.
func (c *Changes) share(id ID, part, whole []Part, reason string) Figure {
	if !c.sound() {
		return noValue(id, 0, notSound)
	}
	num, _ := total(part)
	den, _ := total(whole)
	return shareOf(id, num, den, 0, reason)
}

// shareOfValue is the share of money.
func (c *Changes) shareOfValue(id ID, part, whole []Part, reason string) Figure {
	if !c.sound() {
		return noValue(id, 0, notSound)
	}
	_, num := total(part)
	n, den := total(whole)
	return quotient(id, num, den, n, reason)
}
