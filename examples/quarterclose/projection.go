package main

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/forecast"
)

// projected is what the next quarter will bring by what became of deals so far.
type projected struct {
	closed, open, fresh, expected decimal.Decimal
	deals                         int             // open ones that count
	low, high                     decimal.Decimal // 80 % of what may come
	chance                        float64         // to reach the quota
	undated                       int             // open deals without a creation date, left out
	sizes                         int             // into how many groups by size the deals were put
}

// rangeLevel is the probability of the range.
const rangeLevel = 0.8

// fewestClosings is how many deals must have closed to learn from them.
const fewestClosings = 30

// inflowDays is how far back it is looked for how many deals are created.
const inflowDays = 90

// project learns from the deals known by the end of the quarter how deals close by size, by
// age and by the month of the quarter, and asks what that makes of the next one. It returns
// nil if there is nothing to learn from.
func (o *outlook) project() (*projected, error) {
	p := &projected{}
	seen := salesops.Period{End: o.asOf.AddDays(1)}
	deals := make([]forecast.Deal, 0, len(o.deals))
	closings := 0
	for _, d := range o.deals {
		if d.Created.IsZero() {
			if d.Status == forecast.Open {
				p.undated++
			}
			continue
		}
		if d.Status != forecast.Open {
			if d.Close.Before(d.Created) {
				d.Created = d.Close // entered after the event
			}
			// What closed before the first closing in the data is not in it.
			if closings++; seen.Start.IsZero() || d.Close.Before(seen.Start) {
				seen.Start = d.Close
			}
		}
		deals = append(deals, d)
	}
	if closings < fewestClosings {
		return nil, nil //nolint:nilnil // too little to learn from: there is no projection, and nothing is wrong
	}
	classes := sizeClasses(deals, min(closings/150, 5))
	p.sizes = len(classes)
	clock, err := forecast.FitCloseClock(deals, seen, forecast.CloseClockOptions{Group: classes.of})
	if err != nil {
		return nil, err
	}
	var chances []forecast.Chance
	for _, class := range classes {
		of := slices.DeleteFunc(slices.Clone(deals), func(d forecast.Deal) bool { return classes.of(d) != class.name })
		inflow, err := forecast.MeasureInflow(of, salesops.Period{Start: seen.End.AddDays(-inflowDays), End: seen.End})
		if err != nil {
			return nil, err
		}
		one, err := forecast.Project(of, o.next, o.asOf, clock.Closing(class.name), forecast.ProjectOptions{Inflow: inflow})
		if err != nil {
			return nil, err
		}
		p.closed, p.open, p.fresh = p.closed.Add(one.Closed), p.open.Add(one.Open), p.fresh.Add(one.New)
		p.expected = p.expected.Add(one.Expected)
		p.deals += len(one.Deals)
		chances = append(chances, one.Chances()...)
	}
	total, err := forecast.NewTotal(chances, forecast.TotalOptions{})
	if err != nil {
		return nil, err
	}
	if p.low, p.high, err = total.Interval(rangeLevel); err != nil {
		return nil, err
	}
	p.chance = total.AtLeast(o.quota)
	return p, nil
}

// sizes are classes of deals by their amount: large deals are won less often, and later, than
// small ones.
type sizes []sizeClass

type sizeClass struct {
	name string
	from decimal.Decimal // the first has no bound
}

// of names the class of a deal.
func (s sizes) of(d forecast.Deal) string {
	i := len(s) - 1
	for i > 0 && d.Amount.LessThan(s[i].from) {
		i--
	}
	return s[i].name
}

// sizeClasses makes at most n classes of about as many closings each.
func sizeClasses(deals []forecast.Deal, n int) sizes {
	var amounts []decimal.Decimal
	for _, d := range deals {
		if d.Status != forecast.Open {
			amounts = append(amounts, d.Amount)
		}
	}
	slices.SortFunc(amounts, decimal.Decimal.Cmp)
	out := sizes{{name: "smallest"}}
	for i := 1; i < n; i++ {
		if from := amounts[i*len(amounts)/n]; i == 1 || from.GreaterThan(out[len(out)-1].from) {
			out = append(out, sizeClass{"from " + from.StringFixed(2), from})
		}
	}
	return out
}

// projection shows what the next quarter will bring.
func (r *report) projection(o *outlook, p *projected) error {
	if p == nil {
		r.title("What "+o.nextName+" will bring", "Fewer than "+page.Count(fewestClosings)+" deals with a creation date have closed by "+
			o.asOf.String()+": too few to learn from how deals close.")
		return nil
	}
	of := ""
	if p.sizes > 1 {
		of = " of their size"
	}
	r.title("What "+o.nextName+" will bring", "By how deals"+of+" closed up to "+o.asOf.String()+", at what age and in which month of a quarter, "+
		"with open deals counted as undecided. What people say, stages and expected days play no part.")
	t := page.NewTable(1, "Part", "Deals", "Amount")
	t.Add("Closed", page.None, page.Money(p.closed))
	t.Add("Open now", page.Count(p.deals), page.Money(p.open))
	t.Add("Still to be created", page.None, page.Money(p.fresh))
	t.Rule()
	t.Add("Expected", page.None, page.Amount(p.expected))
	t.Print(&r.out)
	r.printf("\n")
	text := "In 8 of 10 such quarters between " + rough(p.low) + " and " + rough(p.high) + ", if deals are independent of each other; " +
		"what moves all of them at once makes the range wider."
	if o.quota.IsPositive() {
		text += " The chance to reach the quotas of " + page.Whole(o.quota) + " is " + chanceText(p.chance) + "."
	}
	page.Wrap(&r.out, "  ", "  ", text)
	switch weighted, submitted := rough(o.weighted), rough(o.submitted); {
	case o.weighted.IsPositive() && o.submitted.IsPositive():
		page.Wrap(&r.out, "  ", "  ", "The CRM's probabilities make "+weighted+" of the open pipeline, and people say "+submitted+".")
	case o.weighted.IsPositive():
		page.Wrap(&r.out, "  ", "  ", "The CRM's probabilities make "+weighted+" of the open pipeline.")
	case o.submitted.IsPositive():
		page.Wrap(&r.out, "  ", "  ", "People say "+submitted+".")
	}
	if o.foreign > 0 {
		page.Wrap(&r.out, "  ", "  ", "Deals in other currencies than "+r.scheme.currency()+" are left out: "+page.Count(o.foreign)+".")
	}
	if p.undated > 0 {
		page.Wrap(&r.out, "  ", "  ", "Open deals without a creation date are left out: "+page.Count(p.undated)+".")
	}
	return r.record()
}

// record shows how the projection would have done in past quarters, with what was known
// before each.
func (r *report) record() error {
	const most = 8
	calendar := r.scheme.calendar()
	var rows [][]string // the last quarter first
	first := r.firstClosing()
	for q := r.quarter; len(rows) < most; {
		next := q
		q = calendar.Prev(salesops.Quarter, q)
		if q.IsEmpty() || q.End.DaysSince(first) < inflowDays {
			break
		}
		p, err := r.look(q).project()
		if err != nil {
			return err
		}
		if p == nil {
			break
		}
		var came decimal.Decimal
		for i := range r.Opportunities {
			if o := &r.Opportunities[i]; o.Status == crm.Won && next.Contains(o.Closed) {
				came = came.Add(o.Amount)
			}
		}
		inside := "yes"
		if came.LessThan(p.low) || came.GreaterThan(p.high) {
			inside = "no"
		}
		rows = append(rows, []string{
			calendar.Name(salesops.Quarter, next.Start), rough(p.expected), rough(p.low), rough(p.high), rough(came), inside,
		})
	}
	if len(rows) == 0 {
		return nil
	}
	t := page.NewTable(1, "Quarter", "Expected", "From", "To", "Came", "In range")
	for _, row := range slices.Backward(rows) {
		t.Add(row...)
	}
	r.printf("\n  How the same projection did before, made on the eve of each quarter:\n\n")
	t.Print(&r.out)
	return nil
}

// firstClosing is the first day on which a deal closed.
func (in *input) firstClosing() (first salesops.Date) {
	for i := range in.Opportunities {
		if o := &in.Opportunities[i]; o.Status != crm.Open && (first.IsZero() || o.Closed.Before(first)) {
			first = o.Closed
		}
	}
	return first
}

// rough is an amount to the thousand.
func rough(d decimal.Decimal) string { return page.Group(d.Round(-3).StringFixed(0)) }

// chanceText writes a probability in percent, and no more precisely than it is known.
func chanceText(p float64) string {
	switch {
	case p < 0.01:
		return "below 1%"
	case p > 0.99:
		return "above 99%"
	}
	return floatText(100*p, 0) + "%"
}

func floatText(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }

// share writes a ratio that may be undefined in percent, with its sign if signed.
func share(v *decimal.Decimal, signed bool) string {
	if v == nil {
		return page.None
	}
	text := v.Shift(2).StringFixed(1) + "%"
	if signed && v.IsPositive() {
		text = "+" + text
	}
	return text
}
