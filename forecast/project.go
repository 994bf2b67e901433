package forecast

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// ProjectOptions are the options of [Project]. The zero value expects no new deals and rounds to whole units of money.
type ProjectOptions struct {
	// Inflow says how many deals are still to be created. Zero: none, or none that matter.
	Inflow Inflow `json:"inflow,omitzero"`
	// Places is the number of decimal places to which expected amounts are rounded, half away from zero; -3 rounds to
	// thousands. It lies between -18 and 18.
	Places int32 `json:"places,omitempty"`
}

// Projection is what a period will bring by the chances of its deals: what is closed, what the open deals are expected to bring,
// and what deals that do not exist yet will.
type Projection struct {
	// Period is the period projected.
	Period salesops.Period `json:"period"`
	// AsOf is the last day that is known.
	AsOf salesops.Date `json:"asOf"`
	// Currency is the currency of all amounts.
	Currency string `json:"currency,omitempty"`
	// Closed is the sum of the deals won in the period through AsOf, exactly.
	Closed decimal.Decimal `json:"closed"`
	// Open is what the deals open at AsOf are expected to bring in the period: the sum of amount × chance.
	Open decimal.Decimal `json:"open"`
	// New is what deals created after AsOf are expected to bring in the period (create-and-close).
	New decimal.Decimal `json:"new"`
	// Expected is the sum of the three.
	Expected decimal.Decimal `json:"expected"`
	// NewWins is the number of deals that are expected to be created after AsOf and won in the period.
	NewWins float64 `json:"newWins"`
	// Deals are the chances of the open deals, in the order of the deals.
	Deals []Chance `json:"deals,omitempty"`
	// NewDeals are chances that stand for the deals to come: each amount of the inflow may come again, any number of times,
	// so there are several small chances for it.
	NewDeals []Chance `json:"newDeals,omitempty"`
}

// mostHorizon is the number of days that a projection may look ahead: ten years.
const mostHorizon = 3653

// Project returns what a period will bring. The deals are those known at the end of the day asOf, as a snapshot has them, or
// [Rewind] makes them. IDs are not compared: a deal that is there twice counts twice. Every open deal counts with the chance that closing gives it, whatever its category and its expected
// closing date say; a Closing may read these. asOf may be before the period: then the chance is that of a win in the period, not
// before it.
//
// Deals to come are counted by the inflow: on each day left as many as in its days, each with the chance to be won in the
// rest of the period. Both parts are independent of what was said by people, and are to be compared with their calls.
//
// Project returns an error if:
//   - the period is open at an end, empty, or ends more than ten years after asOf ([ErrInput])
//   - asOf is no date, a deal was created or closed after it, or a won deal has no closing date ([ErrInput])
//   - a deal has an unknown status, an amount out of bounds, or another currency ([ErrInput])
//   - closing is nil, or gives an open deal or a deal to come no probability ([ErrInput])
//   - an option has no meaning ([ErrInput]), or the inflow is more than a million chances can stand for ([ErrTooLarge])
func Project(deals []Deal, p salesops.Period, asOf salesops.Date, closing Closing, o ProjectOptions) (Projection, error) {
	r := projector{
		dealFaults: dealFaults{path: "deals"}, closing: closing,
		Projection: Projection{Period: p, AsOf: asOf},
	}
	r.places(o.Places)
	worth := o.Inflow.check(&r.faults)
	if !r.time() {
		return Projection{}, r.err()
	}
	var closed, open exact.Num
	for i := range deals {
		r.deal(i, &deals[i], &closed, &open)
	}
	wins := r.newcomers(len(o.Inflow.Amounts))
	if r.currency.set && len(o.Inflow.Amounts) > 0 && o.Inflow.Currency != r.currency.currency {
		r.add(ErrInput, "", "inflow/currency", o.Inflow.Currency, "is not "+strconv.Quote(clip(r.currency.currency))+", the currency of the deals")
	}
	if err := r.err(); err != nil {
		return Projection{}, err
	}
	out := r.Projection
	out.Currency = r.currency.currency
	if !r.currency.set {
		out.Currency = o.Inflow.Currency
	}
	fresh := exact.Num{}
	if n := len(o.Inflow.Amounts); n > 0 {
		each := wins / float64(o.Inflow.Days) // of each amount
		out.NewWins = each * float64(n)
		fresh = worth.Mul(shortest(each))
		var err error
		if out.NewDeals, err = o.Inflow.chances(each); err != nil {
			return Projection{}, err
		}
	}
	expected := [...]exact.Num{closed, open.Round(o.Places, exact.HalfUp), fresh.Round(o.Places, exact.HalfUp)}
	out.Closed, out.Open, out.New = expected[0].Decimal(), expected[1].Decimal(), expected[2].Decimal()
	out.Expected = expected[0].Add(expected[1]).Add(expected[2]).Decimal()
	return out, nil
}

// Chances returns the chances that make up the projection: that of what is closed, which is sure, those of the open deals, and
// those that stand for the deals to come.
func (p Projection) Chances() []Chance {
	out := make([]Chance, 0, 1+len(p.Deals)+len(p.NewDeals))
	out = append(out, Chance{ID: "closed", Amount: p.Closed, P: 1})
	return append(append(out, p.Deals...), p.NewDeals...)
}

// Add returns the projection of the deals of both, such as those of two segments that were projected with curves of their own. The
// chances are those of p, then those of o.
//
// Add returns an error ([ErrInput]) if the projections are of different periods, days or currencies; one without deals has
// any currency.
func (p Projection) Add(o Projection) (Projection, error) {
	var f faults
	if p.Period != o.Period || p.AsOf != o.AsOf {
		f.add(ErrInput, "", "projection", o.Period.String()+" as of "+o.AsOf.String(), "is not "+p.Period.String()+" as of "+p.AsOf.String())
	}
	if p.Currency != o.Currency && !p.empty() && !o.empty() {
		f.add(ErrInput, "", "projection/currency", o.Currency, "is not "+strconv.Quote(clip(p.Currency)))
	}
	sums := [...]*decimal.Decimal{&p.Closed, &p.Open, &p.New, &p.Expected}
	for i, d := range [...]decimal.Decimal{o.Closed, o.Open, o.New, o.Expected} {
		a, b := exact.Num{}, exact.Num{}
		if f.number("", "projection", d) && f.number("", "projection", *sums[i]) {
			a, b = exact.From(*sums[i]), exact.From(d)
		}
		*sums[i] = a.Add(b).Decimal()
	}
	if err := f.err(); err != nil {
		return Projection{}, err
	}
	if p.empty() {
		p.Currency = o.Currency
	}
	p.NewWins += o.NewWins
	p.Deals = append(slices.Clip(p.Deals), o.Deals...)
	p.NewDeals = append(slices.Clip(p.NewDeals), o.NewDeals...)
	return p, nil
}

// empty reports whether nothing in the projection has a currency.
func (p *Projection) empty() bool {
	return len(p.Deals) == 0 && len(p.NewDeals) == 0 && p.Closed.IsZero()
}

// Total returns the distribution of what the period will bring: its range, and the chance to reach a target. It is [NewTotal] of
// Chances, so its mean is Expected up to the rounding of that.
//
// The number of deals to come is Poisson in it, up to about 5 % of its variance, and if they have more than 256 different amounts,
// then all but the largest are put into classes. It holds the chance of each deal, not the doubt
// about the chances themselves: what makes whole periods better or worse than the history that closing and inflow were
// estimated from is the business of TotalOptions.Correlation. Without one the range is that of the best case, in which the
// future is like the past, and too narrow in practice.
//
// Total returns an error if [NewTotal] does.
func (p Projection) Total(o TotalOptions) (Total, error) { return NewTotal(p.Chances(), o) }

// Rewind returns the deals as they were known at the end of a day, as far as today's deals tell: those created later are
// left out, and those that closed later are open, without stage, category and expected closing date, which are not
// known. Amounts are those of today. Deals without a creation date stay. The deals themselves are not changed.
func Rewind(deals []Deal, asOf salesops.Date) []Deal {
	out := make([]Deal, 0, len(deals))
	for _, d := range deals {
		if d.Created.After(asOf) {
			continue
		}
		if (d.Status == Won || d.Status == Lost) && d.Close.After(asOf) {
			d.Status, d.Stage, d.Category, d.Close = Open, "", "", salesops.Date{}
		}
		out = append(out, d)
	}
	return slices.Clip(out)
}

// projector makes a Projection.
type projector struct {
	dealFaults
	Projection
	closing  Closing
	currency money
	before   salesops.Date // the last day before the period, if that is still to come, else zero
	through  salesops.Date // the last day of the period
}

// time checks the days.
func (r *projector) time() bool {
	p := r.Period
	switch _, ok := p.Days(); {
	case !ok || p.IsEmpty():
		r.add(ErrInput, "", "period", p.String(), "must have a start, an end, and a day in between")
	case r.AsOf.IsZero():
		r.add(ErrInput, "", "asOf", "", "must be a date: the last day that is known")
	case p.End.DaysSince(r.AsOf) > mostHorizon:
		r.add(ErrInput, "", "period", p.String(), "must end at most ten years after "+r.AsOf.String())
	}
	if r.closing == nil {
		r.add(ErrInput, "", "closing", "", "must be a function")
	}
	r.through = p.Last()
	if r.before = p.Start.AddDays(-1); !r.before.After(r.AsOf) {
		r.before = salesops.Date{}
	}
	return r.err() == nil
}

// deal counts a deal.
func (r *projector) deal(i int, d *Deal, closed, open *exact.Num) {
	if d.Created.After(r.AsOf) {
		r.bad(i, d, "created", d.Created.String(), "is after "+r.AsOf.String()+", the last day that is known; rewind the deals")
		return
	}
	switch d.Status {
	case Won, Lost:
		switch {
		case d.Close.IsZero() && d.Status == Won:
			r.bad(i, d, "close", "", "must be the day on which the deal closed")
			return
		case d.Close.After(r.AsOf):
			r.bad(i, d, "close", d.Close.String(), "is after "+r.AsOf.String()+", the last day that is known; rewind the deals")
			return
		case d.Status == Lost || !r.Period.Contains(d.Close):
			return
		}
	case "", Open:
	default:
		r.bad(i, d, "status", string(d.Status), `is not a status: use "open", "won" or "lost"`)
		return
	}
	amount, ok := exact.Admit(d.Amount)
	if !ok {
		r.bad(i, d, "amount", "", outOfBounds)
		return
	}
	r.meet(&r.currency, i, d)
	if d.Status == Won {
		*closed = closed.Add(amount)
		return
	}
	p, ok := r.chance(*d, r.AsOf)
	if !ok {
		r.bad(i, d, "closing", "", "gives the deal no probability from 0 to 1; by age, it must have a creation date")
		return
	}
	*open = open.Add(amount.Mul(shortest(p)))
	r.Deals = append(r.Deals, Chance{ID: d.ID, Amount: d.Amount, P: p})
}

// newcomers returns how many deals are won in the period if one is created on each day to come.
func (r *projector) newcomers(amounts int) float64 {
	wins := 0.0
	for day := r.AsOf.AddDays(1); amounts > 0 && !day.After(r.through) && !day.IsZero(); day = day.AddDays(1) {
		p, ok := r.chance(Deal{Created: day}, day.AddDays(-1))
		if !ok {
			r.add(ErrInput, "", "closing", "", "gives a deal created on "+day.String()+" no probability from 0 to 1")
			return 0
		}
		wins += p
	}
	return wins
}

// chance returns the probability that a deal open at the end of a day is won in the period.
func (r *projector) chance(d Deal, asOf salesops.Date) (p float64, ok bool) {
	if !asOf.Before(r.through) {
		return 0, true
	}
	p, ok = r.closing(d, asOf, r.through)
	if !ok || !(p >= 0 && p <= 1) {
		return 0, false
	}
	if r.before.After(asOf) {
		early, ok := r.closing(d, asOf, r.before)
		if !ok || !(early >= 0 && early <= 1) {
			return 0, false
		}
		p = max(p-early, 0)
	}
	return max(p, 0), true // without the sign of -0
}
