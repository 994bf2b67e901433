package metrics

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Contract is a subscription for a term.
type Contract struct {
	// ID names the contract, in errors.
	ID string `json:"id"`
	// Currency is that of the value.
	Currency string `json:"currency"`
	// Value is what the term brings in recurring fees, all together. One-time fees do not belong here.
	Value decimal.Decimal `json:"value"`
	// Months is the length of the term in calendar months, 1 to 1200.
	Months int `json:"months"`
	// Start is the first day of the term.
	Start salesops.Date `json:"start"`
}

// maxMonths is the longest term: a century.
const maxMonths = 1200

// End returns the first day after the term; the zero date, if Start is zero or the end is after the year 9999.
func (c Contract) End() salesops.Date { return c.Start.AddMonths(c.Months) }

// ACV returns the annual contract value, 12 × Value ÷ Months: a contract for half a year counts as if it went on. Where it should
// not, see [Contract.ACVAsSold]. It has no value if Months is out of range, or Value negative or out of bounds.
func (c Contract) ACV() Figure { return c.figure(ACV, 12, c.Months) }

// ACVAsSold returns the annual contract value in which a contract of less than a year counts with its value, and no more:
// 12 × Value ÷ max(Months, 12). It has no value where [Contract.ACV] has none.
func (c Contract) ACVAsSold() Figure { return c.figure(ACVAsSold, 12, max(c.Months, 12)) }

// MonthlyValue returns Value ÷ Months, the contract's share of MRR. It has no value where [Contract.ACV] has none.
func (c Contract) MonthlyValue() Figure { return c.figure(MonthlyValue, 1, c.Months) }

func (c Contract) figure(id ID, times int64, months int) Figure {
	var f faults
	value := f.contract(c)
	if f.err() != nil {
		return noValue(id, 1, "the value is negative or out of bounds, or the term is not 1 to 1200 months").in(c.Currency)
	}
	return quotient(id, exact.Int(times).Mul(value), exact.Int(int64(months)), 1, "").in(c.Currency)
}

// contract admits the value of a contract, and tells what is wrong with it and the term.
func (f *faults) contract(c Contract) exact.Num {
	value, ok := f.amount(c.ID, "value", c.Value)
	if ok && value.Sign() < 0 {
		f.add(ErrInput, c.ID, "value", decimalText(c.Value), "must not be negative")
	}
	if c.Months < 1 || c.Months > maxMonths {
		f.add(ErrInput, c.ID, "months", intText(int64(c.Months)), "must be 1 to 1200")
	}
	return value
}

// ActiveARR returns the annual recurring revenue of the contracts that run on a day: Σ 12 × Value ÷ Months, rounded once; N is
// how many run. A contract runs from Start up to, but without, [Contract.End]; those of less than a year are annualised. It is 0
// if none runs. [Recurring.ARR] is the other reading of the name.
//
// ActiveARR returns an error ([ErrInput]) if:
//   - on is the zero date, or a contract has no start
//   - a value is negative or out of bounds
//   - a term is not 1 to 1200 months, or ends after the year 9999
//   - the currencies differ, also those of contracts that do not run
func ActiveARR(contracts []Contract, on salesops.Date) (Figure, error) {
	var f faults
	if on.IsZero() {
		f.add(ErrInput, "", "on", "", "must be a date")
	}
	sums := make([]exact.Num, maxMonths+1) // of values, by months
	var n int64
	for _, c := range contracts {
		value := f.contract(c)
		if c.Months >= 1 && c.Months <= maxMonths && c.End().IsZero() {
			f.add(ErrInput, c.ID, "start", c.Start.String(), "must be a date, with a term that ends before the year 10000")
			continue
		}
		if c.Currency != contracts[0].Currency {
			f.add(ErrInput, c.ID, "currency", c.Currency,
				"is not "+quoted(contracts[0].Currency)+", that of the first contract: convert to one currency first")
		}
		if m := c.Months; m >= 1 && m <= maxMonths && !on.Before(c.Start) && on.Before(c.End()) {
			sums[m] = sums[m].Add(value)
			n++
		}
	}
	if err := f.err(); err != nil {
		return Figure{}, err
	}
	total := wholeFraction(0)
	for months, sum := range sums {
		if !sum.IsZero() {
			total = total.plus(fractionOf(sum, exact.Int(int64(months))).times(wholeFraction(12)))
		}
	}
	total = total.reduced()
	fig := quotient(ContractARR, exact.FromBig(total.num, 0), exact.FromBig(total.den, 0), n, "")
	if len(contracts) > 0 {
		fig.Currency = contracts[0].Currency
	}
	return fig, nil
}
