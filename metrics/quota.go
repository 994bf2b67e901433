package metrics

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Quota is what a rep, a team or the company is to sell in a period.
type Quota struct {
	// Owner is the rep; "" is the quota of a team, or of the company.
	Owner string `json:"owner,omitempty"`
	// Team is the team whose deals count towards it; "" counts those of all teams.
	Team string `json:"team,omitempty"`
	// Segment is the segment whose deals count towards it; "" counts those of all segments.
	Segment string `json:"segment,omitempty"`
	// Period is the time for which it is; it must consist of whole units of the card's rules.
	Period salesops.Period `json:"period"`
	// Amount is the quota, 0 or more. One of 0 has no attainment. For who was there for a part of the period, or is still on the
	// ramp, prorate it first: see [Prorate].
	Amount decimal.Decimal `json:"amount"`
	// Currency is the ISO 4217 code of the amounts, the same in all rows.
	Currency string `json:"currency,omitempty"`
	// Credited is what was credited towards it, as commission systems count it, with splits and overlays; nil: the won deals that
	// belong to the owner, and to the team and segment where these are named.
	Credited *decimal.Decimal `json:"credited,omitempty"`
}

// quotaSum are the rows of one quota.
type quotaSum struct {
	period           salesops.Period
	rows, credits    int64 // how many there are, and how many say what was credited
	amount, credited exact.Num
}

// AddQuota counts a quota. Quotas of the same owner, team, segment and period add up, such as those of several products.
//
// AddQuota returns an error ([ErrInput]), and adds nothing, if:
//   - the amount is negative or out of bounds, or Credited is out of bounds
//   - the period is open at an end, or does not consist of whole units of the rules, such as months
//   - it overlaps another one of the same owner, team and segment without being the same: it would count twice
//   - the currency is not that of the rows before
//   - a name is not valid UTF-8
func (c *Scorecard) AddQuota(q Quota) error {
	c.begin()
	var f faults
	c.checkWho(&f, q.Owner, who{q.Owner, q.Team, q.Segment})
	amount, ok := f.amount(q.Owner, "amount", q.Amount)
	if ok && amount.Sign() < 0 {
		f.add(ErrInput, q.Owner, "amount", decimalText(q.Amount), "must not be negative")
	}
	credited, rows := exact.Num{}, int64(0)
	if q.Credited != nil {
		credited, _ = f.amount(q.Owner, "credited", *q.Credited)
		rows = 1
	}
	c.checkCurrency(&f, q.Owner, q.Currency)
	c.checkQuotaPeriod(&f, &q)
	c.room(&f, q.Owner, 1)
	if err := f.err(); err != nil {
		return err
	}
	of := c.whose(who{q.Owner, q.Team, q.Segment})
	if err := c.addQuota(of, quotaSum{q.Period, 1, rows, amount, credited}, ErrInput); err != nil {
		return err
	}
	c.pay(q.Currency)
	c.rows++
	return nil
}

// checkQuotaPeriod tells of a period that does not consist of whole units.
func (c *Scorecard) checkQuotaPeriod(f *faults, q *Quota) {
	p := q.Period
	switch {
	case p.Start.IsZero() || p.End.IsZero() || p.IsEmpty():
		f.add(ErrInput, q.Owner, "period", p.String(), "must have a first and a last day")
	case !c.whole(p):
		f.add(ErrInput, q.Owner, "period", p.String(), "must consist of whole "+string(c.rules.Unit)+"s, the unit of the card's rules")
	}
}

// whole reports whether a period consists of whole units; open ends are whole.
func (c *Scorecard) whole(p salesops.Period) bool {
	cal, unit := c.Rules().Calendar, c.Rules().Unit
	return (p.Start.IsZero() || cal.Period(unit, p.Start).Start == p.Start) &&
		(p.End.IsZero() || cal.Period(unit, p.End.AddDays(-1)).End == p.End)
}

// addQuota adds to the quota of its period, and keeps those of others in order. It refuses one that overlaps another.
func (c *Scorecard) addQuota(of whose, q quotaSum, kind error) error {
	all := c.quotas[of]
	at, same := slices.BinarySearchFunc(all, q.period.Start, func(s quotaSum, start salesops.Date) int { return s.period.Start.Compare(start) })
	if same && all[at].period == q.period {
		s := &all[at]
		s.rows += q.rows
		s.credits += q.credits
		add(&s.amount, q.amount)
		add(&s.credited, q.credited)
		return nil
	}
	for _, i := range []int{at - 1, at} {
		if i >= 0 && i < len(all) && all[i].period.Overlaps(q.period) {
			return c.overlap(of.owner, q.period, all[i].period, kind)
		}
	}
	if c.quotas == nil {
		c.quotas = map[whose][]quotaSum{}
	}
	c.quotas[of] = slices.Insert(all, at, q)
	return nil
}

// overlap tells of a quota that overlaps another one.
func (c *Scorecard) overlap(owner int32, p, other salesops.Period, kind error) error {
	return &Error{
		ID: c.names.name(owner), Path: "period", Value: p.String(), Err: kind,
		Msg: "overlaps the quota for " + other.String() + " of the same owner, team and segment: they would count twice",
	}
}

// Prorate returns the part of a quota that falls on the days of its period on which it was carried, rounded half away from zero
// to so many decimal places, from -18 to 18: for who came or left within it. A rep who starts on 1 June carries 214 of the 365
// days of the year.
//
// Prorate returns an error ([ErrInput]) if the quota is out of bounds, the period is open or empty, or places is out of range.
func Prorate(quota decimal.Decimal, period, carried salesops.Period, places int32) (decimal.Decimal, error) {
	var f faults
	n, _ := f.amount("", "quota", quota)
	days, ok := period.Days()
	if !ok || days == 0 {
		f.add(ErrInput, "", "period", period.String(), "must have a first and a last day")
	}
	if places < -18 || places > 18 {
		f.add(ErrInput, "", "places", intText(int64(places)), "must be between -18 and 18")
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	there, _ := period.Intersect(carried).Days()
	q, _ := exact.Quo(n.Mul(exact.Int(int64(there))), exact.Int(int64(days)), places, exact.HalfUp)
	return q.Fixed(max(places, 0)), nil
}
