package metrics

import (
	"github.com/shopspring/decimal"
)

// Efficiency is what selling cost in a period, and what came of it: the sums from which go-to-market efficiency is computed. The
// period is usually a quarter, and must be one for [Efficiency.MagicNumber]; amounts "of the period before" are of one as long.
// Fill in what is known: a figure that needs more has no value.
//
// The zero value is that of nobody, and the identity of [Efficiency.Merge], which puts together parts of a company, such as
// regions, in the same period.
type Efficiency struct {
	// Currency is that of all amounts.
	Currency string `json:"currency"`
	// Spend is the spend on sales and marketing in the period.
	Spend decimal.Decimal `json:"spend"`
	// SpendBefore is the spend of the period before.
	SpendBefore decimal.Decimal `json:"spendBefore"`
	// NewCustomers is how many customers were won in the period.
	NewCustomers int64 `json:"newCustomers"`
	// NewMRR is what they pay a month.
	NewMRR decimal.Decimal `json:"newMRR"`
	// Customers is how many customers there are at the end of the period.
	Customers int64 `json:"customers"`
	// MRR is what they pay a month.
	MRR decimal.Decimal `json:"mrr"`
	// GrossMargin is gross profit ÷ the revenue that it was made of, in the period. It should be that of recurring revenue: with
	// services in it, it is too low for CAC payback and LTV.
	GrossMargin Ratio[decimal.Decimal] `json:"grossMargin"`
	// NetNewARR is the ARR won in the period, less that lost.
	NetNewARR decimal.Decimal `json:"netNewARR"`
	// GrossNewARR is the ARR won in the period from new customers and by expansion, losses not taken off.
	GrossNewARR decimal.Decimal `json:"grossNewARR"`
	// Revenue is the revenue recognised in the period (GAAP, IFRS).
	Revenue decimal.Decimal `json:"revenue"`
	// RevenueBefore is that of the period before.
	RevenueBefore decimal.Decimal `json:"revenueBefore"`
	// RevenueYearAgo is that of the same period a year before.
	RevenueYearAgo decimal.Decimal `json:"revenueYearAgo"`
	// Profit is the profit of the period, negative if it is a loss: EBITDA or free cash flow, always the same.
	Profit decimal.Decimal `json:"profit"`
	// NetBurn is the cash that went out in the period, less what came in without financing; negative if more came in.
	NetBurn decimal.Decimal `json:"netBurn"`
}

// Lag says of which period the spend is that a result is set against.
type Lag bool

// The lags.
const (
	SamePeriod   Lag = false // the spend of the period: for short sales cycles
	PeriodBefore Lag = true  // the spend of the period before: what sells today was paid for before
)

// Merge adds the sums of o, which stays as it is. nil is empty; e may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the currencies differ
//   - a count is negative, or would be beyond 2^63-1
//   - an amount is out of bounds, or would have more than 64 digits
func (e *Efficiency) Merge(o *Efficiency) error {
	if o == nil {
		return nil
	}
	return e.fields().merge(o.fields())
}

// Sub takes the sums of o away again, which stays as it is: the inverse of [Efficiency.Merge]. nil is empty; e may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if e holds fewer customers, an amount is out of bounds, or the
// currencies differ.
func (e *Efficiency) Sub(o *Efficiency) error {
	if o == nil {
		return nil
	}
	return e.fields().sub(o.fields())
}

func (e *Efficiency) fields() fields {
	return fields{
		what: "efficiency", kind: 'e', currency: &e.Currency,
		counts: []*int64{&e.NewCustomers, &e.Customers},
		amounts: []*decimal.Decimal{
			&e.Spend, &e.SpendBefore, &e.NewMRR, &e.MRR, &e.GrossMargin.Num, &e.GrossMargin.Den, &e.NetNewARR, &e.GrossNewARR,
			&e.Revenue, &e.RevenueBefore, &e.RevenueYearAgo, &e.Profit, &e.NetBurn,
		},
	}
}

func (e *Efficiency) check(kind error) error { return e.fields().check(kind) }

// MarshalBinary returns the sums in binary form, the same for equal ones. It returns an error ([ErrInput]) if a count is
// negative, or an amount out of bounds.
func (e Efficiency) MarshalBinary() ([]byte, error) { return marshalPlain(e) }

// UnmarshalBinary reads what [Efficiency.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and leaves e as it is, if
// data is anything else.
func (e *Efficiency) UnmarshalBinary(data []byte) error { return unmarshalPlain(e, data) }

// plainEfficiency is an Efficiency without its methods.
type plainEfficiency Efficiency

// MarshalJSON returns the sums as a JSON object of the fields, the same for equal ones. It returns an error ([ErrInput]) if a
// count is negative, or an amount out of bounds.
func (e Efficiency) MarshalJSON() ([]byte, error) {
	return marshalPlainJSON(e, func(e Efficiency) plainEfficiency { return plainEfficiency(e) })
}

// UnmarshalJSON reads what [Efficiency.MarshalJSON] wrote. Fields that are left out are 0; null changes nothing. It returns an
// error ([ErrEncoding]), and leaves e as it is, if text is no JSON of this form.
func (e *Efficiency) UnmarshalJSON(text []byte) error {
	return unmarshalPlainJSON(e, text, func(in plainEfficiency) Efficiency { return Efficiency(in) })
}
