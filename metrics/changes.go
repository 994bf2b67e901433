package metrics

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// DealState is what a deal was at one time: a row of a snapshot of the pipeline.
type DealState struct {
	// Status says whether it is open; "" is Open. Dropped is as Lost.
	Status Status `json:"status,omitempty"`
	// Due is the day on which an open deal is expected to close, and the day on which one that ended did close. It must be set.
	Due salesops.Date `json:"due"`
	// Amount is what the deal is worth. It may be 0 or negative.
	Amount decimal.Decimal `json:"amount"`
	// Currency is that of Amount; "" is a currency like any other.
	Currency string `json:"currency,omitempty"`
	// Forecast says whether the deal was in the forecast: commit, or what else a team counts on. It is read at the start only.
	Forecast bool `json:"forecast,omitempty"`
}

// DealChange is one deal at the start and at the end of a period.
type DealChange struct {
	// ID names the deal in errors.
	ID string `json:"id,omitempty"`
	// Start is the deal at the start of the period; nil if it did not exist.
	Start *DealState `json:"start,omitempty"`
	// End is the deal at the end of the period; nil if it does not exist any more: deleted, or merged into another.
	End *DealState `json:"end,omitempty"`
	// Initial is what the deal was worth when it was created; nil if that is not known. It is read only if Start is nil.
	Initial *decimal.Decimal `json:"initial,omitempty"`
	// Pushes is how often the deal was pushed to a later period in its life, see [CountPushes]; nil if that is not known.
	Pushes *int `json:"pushes,omitempty"`
}

// Part is how many there are of something, and what they are worth together.
type Part struct {
	// Count is how many there are, 0 or more.
	Count int64 `json:"count"`
	// Amount is the sum of their amounts.
	Amount decimal.Decimal `json:"amount"`
}

// Changes is what became of the pipeline of a period between the start of the period and its end, for the rates of slippage,
// push and pull and for the creation of pipeline. The pipeline of a period is the open deals that are due in it.
//
// Those due at the start are told apart by what became of them, at the amounts that they had at the start. What came in since
// is told apart by where it came from, at the amounts at the end, so that what was created or pulled in and then won is worth
// the same in both. In counts everything balances:
//
//	DueWon + DueLost + DuePushed + DueAhead + DueGone + DueOpen = all that were due at the start
//	Won + Lost + Open = DueWon + DueLost + DueOpen + Created + Reopened + PulledIn + CarriedIn
//
// A deal is won or lost in the period if it closed before the end of it; one that closed after it was pushed, even if that is
// known already. (The waterfall of package funnel takes a deal out as won wherever its date has moved, and has what was
// pulled in at the amount before it grew.)
//
// The zero value holds no deals and is the identity of [Changes.Merge]. Changes is a plain value of fixed size: copy it freely,
// but do not change it from several goroutines at once. Deals of several periods may be added up, too: each was due in its own.
type Changes struct {
	// Currency is that of the amounts; "" if the deals have none, or there are none.
	Currency string `json:"currency,omitempty"`
	// Deals is how many deals were added, with those that were never due in the period.
	Deals int64 `json:"deals"`

	// DueWon are deals due at the start that were won in the period, at their amounts at the start.
	DueWon Part `json:"dueWon"`
	// DueLost are deals due at the start that were lost in the period, at their amounts at the start.
	DueLost Part `json:"dueLost"`
	// DuePushed are deals due at the start that are due after the period at the end, or closed after it.
	DuePushed Part `json:"duePushed"`
	// DueAhead are deals due at the start that are open at the end and due before the period, which is a fault of care.
	DueAhead Part `json:"dueAhead"`
	// DueGone are deals due at the start that do not exist any more.
	DueGone Part `json:"dueGone"`
	// DueOpen are deals due at the start that at the end are open and still due in the period.
	DueOpen Part `json:"dueOpen"`

	// Created are deals that did not exist at the start and are due, or closed, in the period.
	Created Part `json:"created"`
	// CreatedElsewhere are deals that did not exist at the start and are due, or closed, outside the period.
	CreatedElsewhere Part `json:"createdElsewhere"`
	// Reopened are deals that had ended at the start, and now are open or ended otherwise, and due in the period.
	Reopened Part `json:"reopened"`
	// PulledIn are deals that were due after the period at the start, and are due, or closed, in it.
	PulledIn Part `json:"pulledIn"`
	// CarriedIn are deals that were overdue at the start, and are due, or closed, in the period.
	CarriedIn Part `json:"carriedIn"`

	// Won are all deals of the pipeline that were won in the period, at their amounts at the end.
	Won Part `json:"won"`
	// Lost are all deals of the pipeline that were lost in the period, at their amounts at the end.
	Lost Part `json:"lost"`
	// Open are all deals that are open at the end and due in the period, at their amounts at the end.
	Open Part `json:"open"`

	// Initial are the deals of Created and CreatedElsewhere whose amount at creation is known, at that amount.
	Initial Part `json:"initial"`
	// Forecast are deals due at the start that were in the forecast, at their amounts at the start.
	Forecast Part `json:"forecast"`
	// ForecastWon are those of Forecast that were won in the period, at their amounts at the start.
	ForecastWon Part `json:"forecastWon"`

	// Histories is how many deals came with the number of their pushes.
	Histories int64 `json:"histories"`
	// Pushes is how often these were pushed together.
	Pushes int64 `json:"pushes"`
}

// Add counts what became of one deal in the period p.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - p is empty, or open at an end
//   - the deal has neither a start nor an end
//   - a status is unknown, a due date is missing, an amount is out of bounds, or the number of pushes is negative
//   - a currency is not that of the rest, or not valid UTF-8
//   - a count would be beyond 2^63-1, or a sum of more than 64 digits
func (c *Changes) Add(p salesops.Period, d DealChange) error {
	var f faults
	f.span("period", p)
	f.dealChange(&d)
	if c.Deals > 0 {
		f.sameCurrency(&d, c.Currency)
	}
	if err := f.err(); err != nil {
		return err
	}
	s := changeSteps{pushes: d.Pushes}
	c.classify(&s, p, &d)
	return s.apply(c, d.currency())
}

// dealChange checks a deal for itself.
func (f *faults) dealChange(d *DealChange) {
	if d.Start == nil && d.End == nil {
		f.add(ErrInput, d.ID, "start", "", "or end must be given: a deal in neither snapshot does not exist")
		return
	}
	f.dealState(d.ID, "start", d.Start)
	f.dealState(d.ID, "end", d.End)
	if d.Initial != nil {
		f.amount(d.ID, "initial", *d.Initial)
	}
	if d.Pushes != nil && *d.Pushes < 0 {
		f.add(ErrInput, d.ID, "pushes", strconv.Itoa(*d.Pushes), "must be 0 or more")
	}
	f.sameCurrency(d, d.currency())
}

func (f *faults) dealState(id, path string, s *DealState) {
	if s == nil {
		return
	}
	switch s.Status {
	case "", Open, Won, Lost, Dropped:
	default:
		f.add(ErrInput, id, path+"/status", string(s.Status), `is not that of a deal: use "open", "won", "lost" or "dropped"`)
	}
	if s.Due.IsZero() {
		f.add(ErrInput, id, path+"/due", "", "must be set: the day on which the deal is expected to close, or did")
	}
	f.amount(id, path+"/amount", s.Amount)
	if !utf8.ValidString(s.Currency) {
		f.add(ErrInput, id, path+"/currency", s.Currency, "must be valid UTF-8, as JSON holds no other")
	}
}

// sameCurrency checks that a deal has the currency of the rest.
func (f *faults) sameCurrency(d *DealChange, rest string) {
	if d.Start != nil && d.Start.Currency != rest {
		f.add(ErrInput, d.ID, "start/currency", d.Start.Currency, otherCurrency(rest))
	}
	if d.End != nil && d.End.Currency != rest {
		f.add(ErrInput, d.ID, "end/currency", d.End.Currency, otherCurrency(rest))
	}
}

func otherCurrency(rest string) string {
	return "is not " + quoted(rest) + ", the currency of the rest: convert to one first"
}

// currency is that of the earlier state there is.
func (d *DealChange) currency() string {
	switch {
	case d.Start != nil:
		return d.Start.Currency
	case d.End != nil:
		return d.End.Currency
	}
	return ""
}

// span checks that a period has days and both ends.
func (f *faults) span(path string, p salesops.Period) {
	if n, ok := p.Days(); !ok || n == 0 {
		f.add(ErrInput, "", path, p.String(), "must have a start, and an end after it")
	}
}

func (s *DealState) isOpen() bool { return s.Status == "" || s.Status == Open }

// classify finds the tallies in which a deal counts.
func (c *Changes) classify(s *changeSteps, p salesops.Period, d *DealChange) {
	before, after := d.Start, d.End
	switch {
	case before != nil && before.isOpen() && p.Contains(before.Due):
		c.due(s, p, before, after)
	case after == nil:
	case before == nil:
		if d.Initial != nil {
			s.add(&c.Initial, *d.Initial)
		}
		if !p.Contains(after.Due) {
			s.add(&c.CreatedElsewhere, after.Amount)
			return
		}
		s.add(&c.Created, after.Amount)
		c.end(s, after)
	case !p.Contains(after.Due):
	case !before.isOpen():
		if before.Status != after.Status {
			s.add(&c.Reopened, after.Amount)
			c.end(s, after)
		}
	default:
		from := &c.PulledIn
		if before.Due.Before(p.Start) {
			from = &c.CarriedIn
		}
		s.add(from, after.Amount)
		c.end(s, after)
	}
}

// due counts a deal that was due in the period at its start.
func (c *Changes) due(s *changeSteps, p salesops.Period, before, after *DealState) {
	if before.Forecast {
		s.add(&c.Forecast, before.Amount)
	}
	switch {
	case after == nil:
		s.add(&c.DueGone, before.Amount)
	case !after.Due.Before(p.End):
		s.add(&c.DuePushed, before.Amount)
	case after.Status == Won:
		s.add(&c.DueWon, before.Amount)
		if before.Forecast {
			s.add(&c.ForecastWon, before.Amount)
		}
		c.end(s, after)
	case !after.isOpen():
		s.add(&c.DueLost, before.Amount)
		c.end(s, after)
	case after.Due.Before(p.Start):
		s.add(&c.DueAhead, before.Amount)
	default:
		s.add(&c.DueOpen, before.Amount)
		c.end(s, after)
	}
}

// end counts a deal that is in the pipeline at the end, or was won or lost from it.
func (c *Changes) end(s *changeSteps, after *DealState) {
	to := &c.Open
	switch after.Status {
	case Won:
		to = &c.Won
	case Lost, Dropped:
		to = &c.Lost
	default:
	}
	s.add(to, after.Amount)
}

// changeSteps are the tallies in which one deal counts, each of them once.
type changeSteps struct {
	tally  [4]*Part
	amount [4]decimal.Decimal
	n      int
	pushes *int
}

func (s *changeSteps) add(to *Part, amount decimal.Decimal) {
	s.tally[s.n], s.amount[s.n] = to, amount
	s.n++
}

// apply counts the deal, or nothing if it fails.
func (s *changeSteps) apply(c *Changes, currency string) error {
	var sums [4]decimal.Decimal
	for i := range s.n {
		a, ok := admitSum(s.tally[i].Amount)
		if ok {
			sums[i] = a.Add(exact.From(s.amount[i])).Decimal()
			_, ok = admitSum(sums[i])
		}
		if !ok || s.tally[i].Count < 0 || s.tally[i].Count == math.MaxInt64 {
			return &Error{Path: "changes", Msg: "get too large with this deal: a sum of 64 digits or 2^63-1 deals at most", Err: ErrInput}
		}
	}
	deals, histories, pushes := c.Deals, c.Histories, c.Pushes
	ok := addCount(&deals, 1)
	if s.pushes != nil {
		ok = addCount(&histories, 1) && addCount(&pushes, int64(*s.pushes)) && ok
	}
	if !ok {
		return &Error{Path: "changes", Msg: "count 2^63-1 at most: merge fewer", Err: ErrInput}
	}
	for i := range s.n {
		s.tally[i].Count++
		s.tally[i].Amount = sums[i]
	}
	c.Currency, c.Deals, c.Histories, c.Pushes = currency, deals, histories, pushes
	return nil
}
