package forecast

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Bridge is how the pipeline of a period came from its opening to its closing, part by part, as [Compare] tells it. Parts
// are what came or went: [Bridge.Net] and the moves give those that went a negative sign.
type Bridge struct {
	// From is the day of the opening.
	From salesops.Date `json:"from,omitzero"`
	// To is the day of the closing.
	To salesops.Date `json:"to,omitzero"`
	// Period is the period in which the deals of the pipeline close.
	Period salesops.Period `json:"period,omitzero"`
	// Currency is that of the amounts; "" if the deals have none, or there are none.
	Currency string `json:"currency,omitempty"`
	// Opening is the pipeline at the start.
	Opening Part `json:"opening"`
	// New are the deals that came in and were not there.
	New Part `json:"new"`
	// Reopened are the deals that came in and were won or lost.
	Reopened Part `json:"reopened"`
	// PulledIn are the deals that came in as they closed outside the period, before or after.
	PulledIn Part `json:"pulledIn"`
	// Included are the deals that came in and were omitted.
	Included Part `json:"included"`
	// Increased is by how much the amounts of deals rose.
	Increased Part `json:"increased"`
	// Decreased is by how much the amounts of deals fell, as a positive number.
	Decreased Part `json:"decreased"`
	// PushedOut are the deals that went out as they close outside the period, before or after.
	PushedOut Part `json:"pushedOut"`
	// Omitted are the deals that went out as they are omitted.
	Omitted Part `json:"omitted"`
	// Won are the deals that went out as they are won.
	Won Part `json:"won"`
	// Lost are the deals that went out as they are lost.
	Lost Part `json:"lost"`
	// Removed are the deals that went out as they are not there any more.
	Removed Part `json:"removed"`
	// Closing is the pipeline at the end.
	Closing Part `json:"closing"`
	// Moves are the parts deal by deal: Opening plus their amounts is Closing.
	Moves []Move `json:"moves"`
}

// Part is a part of a bridge.
type Part struct {
	// Deals is how many deals there are in it.
	Deals int `json:"deals"`
	// Amount is the sum of their amounts, or of the changes of these. It is negative only where amounts of deals are.
	Amount decimal.Decimal `json:"amount"`
}

// Move is what one deal did to the pipeline for one cause. A deal has at most two moves: one by which it came in or went
// out, and a change of its amount after it came in or before it went out.
type Move struct {
	// ID is that of the deal.
	ID string `json:"id"`
	// Cause is the part of the bridge that it belongs to.
	Cause Cause `json:"cause"`
	// Amount is what it adds to the pipeline: negative if it takes away.
	Amount decimal.Decimal `json:"amount"`
	// From is the deal as it was; the zero Deal if it was not there. It shares FX with the snapshot.
	From Deal `json:"from,omitzero"`
	// To is the deal as it is; the zero Deal if it is not there any more. It shares FX with the snapshot.
	To Deal `json:"to,omitzero"`
}

// Cause is why the pipeline changed: the part of a [Bridge] between its opening and its closing.
type Cause string

// The causes, in the order of the bridge. [Compare] says what they mean.
const (
	CauseNew       Cause = "new"        // came in: was not there
	CauseReopened  Cause = "reopened"   // came in: was won or lost
	CausePulledIn  Cause = "pulled in"  // came in: closed outside the period
	CauseIncluded  Cause = "included"   // came in: was omitted
	CauseIncreased Cause = "increased"  // its amount rose
	CauseDecreased Cause = "decreased"  // its amount fell
	CausePushedOut Cause = "pushed out" // went out: closes outside the period
	CauseOmitted   Cause = "omitted"    // went out: is omitted
	CauseWon       Cause = "won"        // went out: is won
	CauseLost      Cause = "lost"       // went out: is lost
	CauseRemoved   Cause = "removed"    // went out: is not there any more
)

// Net returns what came in less what went out: Opening plus Net is Closing, in deals and in amount.
func (b Bridge) Net() Part {
	var net Part
	amounts := make([]decimal.Decimal, 0, bars)
	for at, p := range b.parts() {
		switch at := bar(at); {
		case at == opening || at == closing:
			continue
		case at == increased || at == decreased:
		case at.out():
			net.Deals -= p.Deals
		default:
			net.Deals += p.Deals
		}
		amount := p.Amount
		if bar(at).out() {
			amount = amount.Neg()
		}
		amounts = append(amounts, amount)
	}
	net.Amount = totalOf(amounts...)
	return net
}

// Add returns the bridge of the deals of both, where no deal is in both, as that of a region is the sum of those of its
// teams. The moves of b come before those of o. A zero Bridge changes nothing.
//
// Add returns an error ([ErrInput]) if the bridges differ in their days or their period, or both have deals and their
// currencies differ, or if a sum is out of bounds: an exponent beyond ±36 or more than 96 digits.
func (b Bridge) Add(o Bridge) (Bridge, error) {
	var f faults
	sum := b
	switch {
	case o.isZero():
	case b.isZero():
		sum = Bridge{From: o.From, To: o.To, Period: o.Period, Currency: o.Currency}
	case b.From != o.From || b.To != o.To:
		f.add(ErrInput, "", "from", o.From.String()+" to "+o.To.String(), "is not "+b.From.String()+" to "+b.To.String()+", the days of the other bridge")
	case b.Period != o.Period:
		f.add(ErrInput, "", "period", o.Period.String(), "is not "+b.Period.String()+", the period of the other bridge")
	case b.isEmpty():
		sum.Currency = o.Currency
	case !o.isEmpty() && b.Currency != o.Currency:
		f.add(ErrInput, "", "currency", o.Currency, "is not "+quoted(b.Currency)+"; convert the deals to one currency first")
	}
	to, from := sum.parts(), o.parts()
	for at := range to {
		*to[at] = Part{to[at].Deals + from[at].Deals, totalOf(to[at].Amount, from[at].Amount)}
	}
	sum.Moves = slices.Concat(b.Moves, o.Moves)
	for _, p := range to {
		if _, ok := admitSum(p.Amount); !ok {
			f.add(ErrInput, "", "parts", "", "add up to a number that "+sumOutOfBounds)
			break
		}
	}
	if err := f.err(); err != nil {
		return Bridge{}, err
	}
	return sum, nil
}

// isZero reports whether b is the zero Bridge.
func (b *Bridge) isZero() bool {
	return b.From.IsZero() && b.To.IsZero() && b.Period.IsZero() && b.isEmpty()
}

// isEmpty reports whether there are no deals in b.
func (b *Bridge) isEmpty() bool {
	for _, p := range b.parts() {
		if p.Deals != 0 {
			return false
		}
	}
	return len(b.Moves) == 0
}

// bar is a part of a bridge, as in the chart, from left to right.
type bar int8

const (
	opening bar = iota
	isNew
	reopened
	pulledIn
	included
	increased
	decreased
	pushedOut
	wasOmitted
	wasWon
	wasLost
	removed
	closing
	bars // how many there are
)

// out reports whether the part goes out of the pipeline.
func (at bar) out() bool { return decreased <= at && at <= removed }

func (at bar) cause() Cause {
	return [bars]Cause{
		isNew: CauseNew, reopened: CauseReopened, pulledIn: CausePulledIn, included: CauseIncluded,
		increased: CauseIncreased, decreased: CauseDecreased,
		pushedOut: CausePushedOut, wasOmitted: CauseOmitted, wasWon: CauseWon, wasLost: CauseLost, removed: CauseRemoved,
	}[at]
}

// parts are those of the bridge, from left to right.
func (b *Bridge) parts() [bars]*Part {
	return [bars]*Part{
		opening: &b.Opening, isNew: &b.New, reopened: &b.Reopened, pulledIn: &b.PulledIn, included: &b.Included,
		increased: &b.Increased, decreased: &b.Decreased,
		pushedOut: &b.PushedOut, wasOmitted: &b.Omitted, wasWon: &b.Won, wasLost: &b.Lost, removed: &b.Removed,
		closing: &b.Closing,
	}
}
