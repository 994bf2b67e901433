package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
)

// Deal is an opportunity, as it was known at [Rules.AsOf].
type Deal struct {
	// ID names the deal in errors; it is not read otherwise.
	ID string `json:"id,omitempty"`
	// Owner is the rep to whom it belongs.
	Owner string `json:"owner,omitempty"`
	// Team is the rep's team.
	Team string `json:"team,omitempty"`
	// Segment is whatever the pipeline is cut by besides: a region, a product, a size of customer.
	Segment string `json:"segment,omitempty"`
	// Account is the customer, if the deal is won; it is not read otherwise.
	Account string `json:"account,omitempty"`
	// Status says whether it is open. "" is Open.
	Status Status `json:"status,omitempty"`
	// Amount is what the deal is worth: what it was sold for, or, when lost, the last amount before it was lost. CRM systems that set
	// it to 0 then make win rates by value meaningless.
	Amount decimal.Decimal `json:"amount"`
	// List is the amount before discount; 0 if it is not known.
	List decimal.Decimal `json:"list,omitzero"`
	// Currency is the ISO 4217 code of the amounts, the same in all rows; all may leave it out.
	Currency string `json:"currency,omitempty"`
	// Created is the day it was opened; the zero Date if it is not known: then it has no age and no cycle.
	Created salesops.Date `json:"created,omitzero"`
	// Close is the day it closed, or is expected to while it is open; the zero Date: no day is set.
	Close salesops.Date `json:"close,omitzero"`
	// Proposed is the day the proposal was sent; the zero Date: none was.
	Proposed salesops.Date `json:"proposed,omitzero"`
	// Chance is the probability that an open deal is won, 0 to 1, such as that of its stage; nil if it is not known.
	Chance *decimal.Decimal `json:"chance,omitempty"`
	// StageSince is the day an open deal came to its stage; the zero Date if it is not known.
	StageSince salesops.Date `json:"stageSince,omitzero"`
	// Active is the day of the last activity on an open deal; the zero Date: there was none.
	Active salesops.Date `json:"active,omitzero"`
	// NextStep says whether an open deal has a next step set.
	NextStep bool `json:"nextStep,omitempty"`
}

// Status says whether a deal is open.
type Status string

// The statuses of a deal.
const (
	Open    Status = "open"    // not decided; "" means the same
	Won     Status = "won"     // sold
	Lost    Status = "lost"    // lost, to a competitor or a no
	Dropped Status = "dropped" // ended without a decision: derailed, disqualified, gone silent
)

// The causes for which the lives of deals end.
const (
	causeWon lifetime.Cause = 1 + iota
	causeLost
	causeDropped
)

// closedFacts are the deals that closed in a period.
type closedFacts struct {
	won, lost, dropped                   int64
	unpriced                             int64 // lost deals with the amount 0
	wonAmount, lostAmount, droppedAmount exact.Num

	sizes    Sample[decimal.Decimal] // amounts of won deals
	ends     lives                   // days from creation to close
	undated  int64                   // without a day of creation
	reversed int64                   // closed before they were created
	accounts accountSums             // won amounts

	listed    int64 // won deals with a list price
	net, list exact.Num
	discounts Moments[decimal.Decimal] // of each, rounded to a millionth

	proposed, proposedWon int64 // deals with a proposal, and those of them that were won
}

// createdFacts are the deals that were created in a period.
type createdFacts struct {
	deals  int64
	amount exact.Num
	won    int64
	open   int64
	lives  lives // days until they ended, and how

	proposals, proposalsWon int64 // proposals sent in the period, and those of them that were won so far
}

// openFacts are the open deals that are due in a period.
type openFacts struct {
	deals            int64
	amount, weighted exact.Num
	unweighted       int64        // without a chance
	ages             multiset.Set // days since creation
	undated          int64
	stages           multiset.Set // days in the stage
	unstaged         int64
	idle             multiset.Set // days since the last activity, of those that had one
	overdue          int64        // due before the day of knowledge
	undue            int64        // with no day set
	aimless          int64        // with no next step
	tidy             multiset.Set // days since the last activity, of those with a day to come and a next step
}

// dealRow is a deal on its way into cells.
type dealRow struct {
	amount, list, chance                    decimal.Decimal // the last two if the row has them
	coef                                    int64           // amount is coef × 10^exp, if isSmall: there is no way to big.Int then
	exp                                     int32
	account                                 int32 // the number of its name if the deal is won
	created, close, proposed, stage, active salesops.Date
	status                                  lifetime.Cause // Censored: open
	isSmall, hasList, hasChance, nextStep   bool
}

func (r *dealRow) isOpen() bool { return r.status == lifetime.Censored }

// dealNumbers are the amounts of a deal, which came through the door.
type dealNumbers struct{ amount, list, chance exact.Num }

func (r *dealRow) numbers() (n dealNumbers) {
	if r.isSmall {
		n.amount = exact.New(r.coef, r.exp)
	} else {
		n.amount = exact.From(r.amount)
	}
	if r.hasList {
		n.list = exact.From(r.list)
	}
	if r.hasChance {
		n.chance = exact.From(r.chance)
	}
	return n
}

// AddDeal counts a deal: by the period in which it closed, or is due, and by that in which it was created.
//
// AddDeal returns an error ([ErrInput]), and adds nothing, if:
//   - the status is none of those above
//   - an amount is out of bounds, or List is negative
//   - Chance is not from 0 to 1
//   - the currency is not that of the rows before
//   - a deal that is not open has no Close
//   - the rules have no AsOf and the deal is open, or it was created, proposed or closed after AsOf
//   - a name is not valid UTF-8
func (c *Scorecard) AddDeal(d Deal) error {
	c.begin()
	row, ok := c.admitDeal(&d)
	w := who{d.Owner, d.Team, d.Segment}
	g, at := c.recall(&w)
	if g == nil && ok {
		g = c.groups[whose{c.names.find(w.owner), c.names.find(w.team), c.names.find(w.segment)}]
	}
	if g == nil || !ok {
		if err := c.dealFaults(&d); err != nil {
			return err
		}
		g = c.group(c.whose(w)) // some names may be new
		if row.status == causeWon {
			row.account = c.names.of(d.Account)
		}
	}
	if at != nil && at.group != g {
		*at = recentGroup{w, g}
	}
	c.rows++
	c.pay(d.Currency)
	c.addRow(g, row)
	return nil
}

// admitDeal returns a deal as a row if all is well with it, but for new names, which are to be checked.
func (c *Scorecard) admitDeal(d *Deal) (row dealRow, ok bool) {
	row = dealRow{
		amount: d.Amount, created: d.Created, close: d.Close, proposed: d.Proposed, stage: d.StageSince, active: d.Active, nextStep: d.NextStep,
	}
	amount, ok := exact.Admit(d.Amount)
	if !ok {
		return row, false
	}
	row.coef, row.exp, row.isSmall = amount.Small()
	if !d.List.IsZero() {
		n, ok := exact.Admit(d.List)
		if !ok || n.Sign() < 0 {
			return row, false
		}
		row.list, row.hasList = d.List, true
	}
	if d.Chance != nil {
		n, ok := exact.Admit(*d.Chance)
		if !ok || n.Sign() < 0 || n.Cmp(exact.Int(1)) > 0 {
			return row, false
		}
		row.chance, row.hasChance = *d.Chance, true
	}
	today := c.today
	switch d.Status {
	case Open, "":
		row.status = lifetime.Censored
		if today.IsZero() {
			return row, false
		}
	case Won, Lost, Dropped:
		row.status = causeOf(d.Status)
		if d.Close.IsZero() || d.Close.After(today) && !today.IsZero() {
			return row, false
		}
	default:
		return row, false
	}
	if !today.IsZero() && (d.Created.After(today) || d.Proposed.After(today) || d.StageSince.After(today) || d.Active.After(today)) {
		return row, false
	}
	if !c.priced || d.Currency != c.currency || c.rows >= maxRows {
		return row, false // the first row is looked at more closely
	}
	if row.status != causeWon {
		return row, true // the account is not kept
	}
	row.account = c.names.find(d.Account)
	return row, row.account >= 0
}

// causeOf returns why a deal that is not open ended.
func causeOf(s Status) lifetime.Cause {
	switch s {
	case Won:
		return causeWon
	case Lost:
		return causeLost
	default:
		return causeDropped
	}
}

// dealFaults tells what is wrong with a deal.
func (c *Scorecard) dealFaults(d *Deal) error {
	var f faults
	c.checkWho(&f, d.ID, who{d.Owner, d.Team, d.Segment})
	if d.Status == Won {
		c.names.check(&f, d.ID, "account", d.Account)
	}
	open := false
	switch d.Status {
	case Open, "":
		open = true
	case Won, Lost, Dropped:
	default:
		f.add(ErrInput, d.ID, "status", string(d.Status), `is not a status: use "open", "won", "lost" or "dropped"`)
	}
	f.amount(d.ID, "amount", d.Amount)
	if n, ok := f.amount(d.ID, "list", d.List); ok && n.Sign() < 0 {
		f.add(ErrInput, d.ID, "list", decimalText(d.List), "must not be negative; 0 is a price that is not known")
	}
	c.checkCurrency(&f, d.ID, d.Currency)
	if d.Chance != nil {
		if n, ok := f.amount(d.ID, "chance", *d.Chance); ok && (n.Sign() < 0 || n.Cmp(exact.Int(1)) > 0) {
			f.add(ErrInput, d.ID, "chance", decimalText(*d.Chance), "must be from 0 to 1; 30 % is 0.3")
		}
	}
	switch {
	case open && c.rules.AsOf.IsZero():
		f.add(ErrInput, d.ID, "status", "open", "needs Rules.AsOf, the time as of which the deal is open: see NewScorecard")
	case !open && d.Close.IsZero():
		f.add(ErrInput, d.ID, "close", "", "must be the day on which the deal ended")
	case !open:
		c.known(&f, d.ID, "close", d.Close)
	}
	c.known(&f, d.ID, "created", d.Created)
	c.known(&f, d.ID, "proposed", d.Proposed)
	c.known(&f, d.ID, "stageSince", d.StageSince)
	c.known(&f, d.ID, "active", d.Active)
	c.room(&f, d.ID, 1)
	return f.err()
}

// add counts a deal that closed.
func (c *closedFacts) add(r *dealRow, n dealNumbers) {
	won := r.status == causeWon
	switch r.status {
	case causeWon:
		c.won++
		add(&c.wonAmount, n.amount)
		c.sizes.add(r.amount, n.amount)
		c.accounts.add(r.account, n.amount)
		if r.hasList {
			c.discount(n)
		}
	case causeLost:
		c.lost++
		add(&c.lostAmount, n.amount)
		if n.amount.IsZero() {
			c.unpriced++
		}
	default:
		c.dropped++
		add(&c.droppedAmount, n.amount)
	}
	if !r.proposed.IsZero() {
		c.proposed++
		if won {
			c.proposedWon++
		}
	}
	switch days := int64(r.close.DaysSince(r.created)); {
	case r.created.IsZero():
		c.undated++
	case days < 0:
		c.reversed++
	default:
		c.ends.add(days, r.status)
	}
}

// millionths is the unit of the discounts of deals.
const millionths = 6

// discount counts the discount of a deal: exactly in the sums, and rounded to a millionth by itself.
func (c *closedFacts) discount(n dealNumbers) {
	c.listed++
	add(&c.net, n.amount)
	add(&c.list, n.list)
	q, _ := exact.Quo(n.list.Sub(n.amount), n.list, millionths, exact.HalfUp)
	c.discounts.addNum(q)
}

// add counts a deal that was created, and what has become of it by the day.
func (c *createdFacts) add(r *dealRow, n dealNumbers, today salesops.Date) {
	c.deals++
	add(&c.amount, n.amount)
	end := r.close
	switch {
	case r.status == causeWon:
		c.won++
	case r.isOpen():
		c.open++
		end = today
	}
	if days := end.DaysSince(r.created); !r.created.IsZero() && days >= 0 {
		c.lives.add(int64(days), r.status)
	}
}

// propose counts a proposal.
func (c *createdFacts) propose(r *dealRow) {
	c.proposals++
	if r.status == causeWon {
		c.proposalsWon++
	}
}

// add counts a deal that is open on the day.
func (o *openFacts) add(r *dealRow, n dealNumbers, today salesops.Date) {
	o.deals++
	add(&o.amount, n.amount)
	if r.hasChance {
		add(&o.weighted, n.amount.Mul(n.chance))
	} else {
		o.unweighted++
	}
	since := func(day salesops.Date, days *multiset.Set, none *int64) {
		if day.IsZero() {
			*none++
		} else {
			days.Add(int64(today.DaysSince(day)))
		}
	}
	since(r.created, &o.ages, &o.undated)
	since(r.stage, &o.stages, &o.unstaged)
	timely := false
	switch {
	case r.close.IsZero():
		o.undue++
	case r.close.Before(today):
		o.overdue++
	default:
		timely = true
	}
	if !r.nextStep {
		o.aimless++
	}
	if !r.active.IsZero() {
		o.idle.Add(int64(today.DaysSince(r.active)))
		if timely && r.nextStep {
			o.tidy.Add(int64(today.DaysSince(r.active)))
		}
	}
}

// sum adds the counts and the amounts of o, but not the values behind distributions.
func (c *closedFacts) sum(o *closedFacts) {
	c.won += o.won
	c.lost += o.lost
	c.unpriced += o.unpriced
	c.dropped += o.dropped
	add(&c.wonAmount, o.wonAmount)
	add(&c.lostAmount, o.lostAmount)
	add(&c.droppedAmount, o.droppedAmount)
	c.undated += o.undated
	c.reversed += o.reversed
	c.listed += o.listed
	add(&c.net, o.net)
	add(&c.list, o.list)
	c.proposed += o.proposed
	c.proposedWon += o.proposedWon
}

// merge adds all of o, in which accounts have the numbers as[i].
func (c *closedFacts) merge(o *closedFacts, as []int32) {
	c.sum(o)
	_ = c.sizes.Merge(&o.sizes) // of the same limit
	c.ends.merge(&o.ends)
	_ = c.discounts.Merge(&o.discounts)
	for _, a := range o.accounts.sums {
		c.accounts.add(as[a.account], a.amount)
	}
}

// sum adds the counts and the amounts of o, but not the lives.
func (c *createdFacts) sum(o *createdFacts) {
	c.deals += o.deals
	add(&c.amount, o.amount)
	c.won += o.won
	c.open += o.open
	c.proposals += o.proposals
	c.proposalsWon += o.proposalsWon
}

func (c *createdFacts) merge(o *createdFacts) {
	c.sum(o)
	c.lives.merge(&o.lives)
}

// sum adds the counts and the amounts of o, but not the days.
func (o *openFacts) sum(p *openFacts) {
	o.deals += p.deals
	add(&o.amount, p.amount)
	add(&o.weighted, p.weighted)
	o.unweighted += p.unweighted
	o.undated += p.undated
	o.unstaged += p.unstaged
	o.overdue += p.overdue
	o.undue += p.undue
	o.aimless += p.aimless
}

func (o *openFacts) merge(p *openFacts) {
	o.sum(p)
	o.ages.Merge(&p.ages)
	o.stages.Merge(&p.stages)
	o.idle.Merge(&p.idle)
	o.tidy.Merge(&p.tidy)
}
