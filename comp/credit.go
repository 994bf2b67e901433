package comp

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Event is what happened to a deal.
type Event string

// The events. The empty Event is Booking.
const (
	// Booking is the deal itself.
	Booking Event = "booking"
	// Invoice bills a deal, or a part of it.
	Invoice Event = "invoice"
	// Payment is cash received for a deal or an invoice.
	Payment Event = "payment"
	// Refund takes back a part of what Ref refers to: its amounts are negative,
	// or zero.
	Refund Event = "refund"
	// Cancel takes back what Ref refers to, like Refund, and counts as -1 deal. Its
	// amounts are to be given: a cancellation of 0 takes back only the count.
	Cancel Event = "cancel"
	// Release ends a hold; it has no amount.
	Release Event = "release"
)

// Tags are what plans and crediting rules can ask about a deal: product,
// territory, type, term and so on.
type Tags map[string]string

// Deal is one event in the source system, with its amounts: an order, an
// invoice, a payment, a refund.
type Deal struct {
	// ID is unique among all rows.
	ID string `json:"id"`
	// Ref is the row that this one belongs to: the deal of an invoice, the deal
	// or invoice of a payment or a refund. A chain of Refs leads to the booking.
	Ref string `json:"ref,omitempty"`
	// Event is what happened; empty: Booking.
	Event Event `json:"event,omitempty"`
	// Date is when it happened: it picks the window and the pay period. The
	// date of the booking picks the plan.
	Date salesops.Date `json:"date"`
	// Currency is that of Amount and Margin.
	Currency string `json:"currency"`
	// Amount, Margin and Units are what measures can add up.
	Amount decimal.Decimal `json:"amount"`
	// Margin is the profit, in money; it may be negative.
	Margin decimal.Decimal `json:"margin,omitzero"`
	// Units is the number of things sold, or any other quantity.
	Units decimal.Decimal `json:"units,omitzero"`
	// Tags of a row with a Ref default to those of the row it refers to.
	Tags Tags `json:"tags,omitempty"`
}

// CreditKind says by what right a payee has a credit.
type CreditKind string

// The kinds of credit. The empty CreditKind is Direct.
const (
	// Direct credits are the 100 % of a deal.
	Direct CreditKind = "direct"
	// Overlay credits come besides the 100 %.
	Overlay CreditKind = "overlay"
	// RolledUp credits come from the people that a manager is responsible for.
	RolledUp CreditKind = "rollup"
)

// Credit is the portion of a deal that is associated with a person. The amounts
// of its Deal are the credited portion, not those of the whole deal.
type Credit struct {
	// Deal is the row, with the credited portion of its amounts.
	Deal
	// Payee is whose credit it is; empty in a Case: the payee of the case.
	Payee string `json:"payee"`
	// Kind says by what right; empty: Direct.
	Kind CreditKind `json:"kind,omitempty"`
	// Share is the portion, for the record; zero: not recorded.
	Share decimal.Decimal `json:"share,omitzero"`
	// Via is the crediting rule, or the payee that the credit rolled up from.
	Via string `json:"via,omitempty"`
	// FX records the conversion that made the amounts; nil: none.
	FX *FX `json:"fx,omitempty"`
}

// FX records a currency conversion.
type FX struct {
	// From is the original currency, Rate the units of the new currency that
	// one unit of it made.
	From string          `json:"from"`
	Rate decimal.Decimal `json:"rate"`
	// Amount is the original amount.
	Amount decimal.Decimal `json:"amount"`
}

// kind and event resolve the defaults.
func (c *Credit) kind() CreditKind {
	if c.Kind == "" {
		return Direct
	}
	return c.Kind
}

func (d *Deal) event() Event {
	if d.Event == "" {
		return Booking
	}
	return d.Event
}

// holds reports whether tags satisfy the match.
func (m Match) holds(tags Tags) bool {
	for key, values := range m {
		if !slices.Contains(values, tags[key]) {
			return false
		}
	}
	return true
}
