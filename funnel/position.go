package funnel

import (
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Position is what a deal was at one time: a row of a snapshot.
type Position struct {
	// ID tells which deal of another snapshot is the same. It must not be empty.
	ID string `json:"id"`
	// Status is Open, Won, Lost or Left; "" is Open.
	Status Exit `json:"status,omitempty"`
	// Amount is what the deal is worth. It may be 0 or negative.
	Amount decimal.Decimal `json:"amount"`
	// Currency is that of Amount; "" is a currency like any other.
	Currency string `json:"currency,omitempty"`
	// Due is the day on which an open deal is expected to close, and the day on which one that ended did close. It must be
	// set unless the scope is rolling, which does not read it.
	Due salesops.Date `json:"due,omitzero"`
	// Group is the owner, the team or whatever else the pipeline is divided by; "" is a group like any other.
	Group string `json:"group,omitempty"`
}

// standing is where a position is, as seen from the pipeline of a scope.
type standing int8

const (
	absent    standing = iota
	outside            // open, but due outside the scope
	inside             // open and due in the scope: in the pipeline
	endedOut           // ended, and due outside the scope
	endedHere          // ended, and due in the scope
)

// standing returns where the position is. p is nil if the deal does not exist.
func (p *Position) standing(scope salesops.Period) standing {
	if p == nil {
		return absent
	}
	here := scope.IsZero() || scope.Contains(p.Due)
	switch open := p.Status.isOpen(); {
	case open && here:
		return inside
	case open:
		return outside
	case here:
		return endedHere
	}
	return endedOut
}

// checkScope checks that a scope is a period with days, or rolling.
func (f *faults) checkScope(scope salesops.Period) {
	switch {
	case scope.Check() != nil:
		f.add(ErrInput, "", "scope", scope.String(), "ends before it starts; an end is the day after the last")
	case scope.IsEmpty():
		f.add(ErrInput, "", "scope", scope.String(), "holds no day; leave both ends open for all deals")
	}
}

// checkPosition checks a position, which is the i-th of a list; -1: it is in no list.
func (f *faults) checkPosition(list string, i int, p *Position, scope salesops.Period) {
	if p.ID == "" {
		f.add(ErrInput, "", pathOf(list, i, "id"), "", "must not be empty, as it tells which deal of the other snapshot is the same")
	}
	switch p.Status {
	case "", Open, Won, Lost, Left:
	default:
		f.add(ErrInput, p.ID, pathOf(list, i, "status"), string(p.Status), `is not that of a deal: use "open", "won", "lost" or "left"`)
	}
	if !exact.Bounded(p.Amount) { // else no path need be made
		f.amount(p.ID, pathOf(list, i, "amount"), p.Amount)
	}
	if p.Due.IsZero() && !scope.IsZero() {
		f.add(ErrInput, p.ID, pathOf(list, i, "due"), "", "must be set, as the scope is a period; deals that had ended before may be left out of both snapshots")
	}
}

// checkCurrency checks that a position that is seen in a pipeline has the currency of the rest.
func (f *faults) checkCurrency(list string, i int, p *Position, rest string) {
	switch {
	case p == nil:
	case p.Currency != rest:
		f.add(ErrInput, p.ID, pathOf(list, i, "currency"), p.Currency, notCurrency(rest))
	case !utf8.ValidString(rest):
		f.add(ErrInput, p.ID, pathOf(list, i, "currency"), rest, notUTF8)
	}
}

// currencyOf is the currency of the earlier of two positions that exists.
func currencyOf(before, after *Position) string {
	if before != nil {
		return before.Currency
	}
	return after.Currency
}

func notCurrency(rest string) string {
	return "is not " + strconv.Quote(rest) + ", the currency of the rest; convert to one first"
}

const notUTF8 = "must be valid UTF-8, as JSON holds no other"

// pathOf is the path of a field of an element of a list, or of a single value for i < 0.
func pathOf(list string, i int, field string) string {
	if i < 0 {
		return list + "/" + field
	}
	return list + "/" + strconv.Itoa(i) + "/" + field
}
