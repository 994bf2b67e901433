package metrics

import (
	"math"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Growth is an amount at two times, such as the bookings of two quarters.
type Growth struct {
	// From is the earlier amount.
	From decimal.Decimal `json:"from"`
	// To is the later one, of a period of the same length, in the same currency.
	To decimal.Decimal `json:"to"`
}

// Rate returns the growth (To − From) ÷ |From|. It has no value if From is 0, or an amount is out of bounds. By |From| a loss
// that shrinks is growth, too; where the amounts have different signs the size of the rate says little, and a note tells so.
func (g Growth) Rate() Figure { return g.rate(GrowthRate) }

// YearOverYear is [Growth.Rate] under its own name, for a From that is the same period a year before To.
func (g Growth) YearOverYear() Figure { return g.rate(YearOverYear) }

func (g Growth) rate(id ID) Figure {
	from, to, ok := g.admit()
	if !ok {
		return noValue(id, 0, numberOutOfBounds)
	}
	f := quotient(id, to.Sub(from), from.Abs(), 0, "the earlier amount is 0")
	if from.Sign()*to.Sign() < 0 {
		f = f.note("the amounts have different signs")
	}
	return f
}

// CAGR returns the compound annual growth rate (To ÷ From)^(1 ÷ years) − 1: the steady rate that leads from one to the other. It
// has no value unless both amounts and years are above 0, years being finite and the amounts within bounds.
func (g Growth) CAGR(years float64) Figure { return g.compound(CAGR, years) }

// CMGR returns the compound monthly growth rate (To ÷ From)^(1 ÷ months) − 1. It has no value where [Growth.CAGR] has none.
func (g Growth) CMGR(months float64) Figure { return g.compound(CMGR, months) }

func (g Growth) compound(id ID, n float64) Figure {
	from, to, ok := g.admit()
	switch {
	case !ok:
		return noValue(id, 0, numberOutOfBounds)
	case from.Sign() <= 0 || to.Sign() <= 0:
		return noValue(id, 0, "both amounts must be above 0")
	case !(n > 0) || math.IsInf(n, 1):
		return noValue(id, 0, "the number of periods must be above 0")
	}
	// Near 1 the logarithm of the quotient keeps its digits only if it is taken of the difference.
	change, _ := exact.QuoFloat(to.Sub(from), from)
	log := math.Log1p(change)
	if change < -0.5 || change > 1 {
		q, _ := exact.QuoFloat(to, from)
		log = math.Log(q)
	}
	return valueOf(id, math.Expm1(log/n), 0)
}

// numberOutOfBounds is why figures of hostile numbers have no value.
const numberOutOfBounds = "a number is out of bounds"

func (g Growth) admit() (from, to exact.Num, ok bool) {
	from, okFrom := admitSum(g.From)
	to, okTo := admitSum(g.To)
	return from, to, okFrom && okTo
}

// LeadMonth is how many qualified leads came in a month.
type LeadMonth struct {
	// Qualified is how many leads were qualified in the month, by the same rule in all months.
	Qualified int64 `json:"qualified"`
	// Days is the length of the month in days: calendar days or business days. Only [LeadVelocityPerDay] needs it.
	Days int `json:"days"`
}

// LeadVelocity returns the lead velocity rate (after − before) ÷ before of the qualified leads of two months (Lemkin). It has no
// value if before has none, or a count is negative. N is the leads of both months.
func LeadVelocity(before, after LeadMonth) Figure {
	return leadVelocity(LeadVelocityRate, before, after, exact.Int(1), exact.Int(1))
}

// LeadVelocityPerDay is [LeadVelocity] with qualified leads per day, so that February is not a month of decline: 100 leads in
// the 31 days of January and 95 in 28 days are a growth of 5.2 %. It has no value, too, if a month has no days.
func LeadVelocityPerDay(before, after LeadMonth) Figure {
	if before.Days < 1 || after.Days < 1 {
		return noValue(LeadVelocityRateDaily, 0, "a month has no days")
	}
	return leadVelocity(LeadVelocityRateDaily, before, after, exact.Int(int64(before.Days)), exact.Int(int64(after.Days)))
}

func leadVelocity(id ID, before, after LeadMonth, daysBefore, daysAfter exact.Num) Figure {
	if before.Qualified < 0 || after.Qualified < 0 {
		return noValue(id, 0, "a count is negative")
	}
	n := before.Qualified
	if !addCount(&n, after.Qualified) {
		return noValue(id, 0, numberOutOfBounds)
	}
	base := exact.Int(before.Qualified).Mul(daysAfter)
	more := exact.Int(after.Qualified).Mul(daysBefore).Sub(base)
	return quotient(id, more, base, n, "no lead was qualified in the month before")
}
