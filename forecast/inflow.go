package forecast

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Inflow says how many deals are created, and of what size, by those that were created within some days. The zero value is
// none.
type Inflow struct {
	// Days is the number of days.
	Days int `json:"days"`
	// Amounts are the amounts of the deals that were created on them.
	Amounts []decimal.Decimal `json:"amounts"`
	// Currency is the currency of the amounts.
	Currency string `json:"currency,omitempty"`
}

// MeasureInflow collects the deals that were created within a period, whatever became of them. Take a period up to the last day
// that is known, and long enough for chance to even out: 60 days, or a year if creation has seasons.
//
// MeasureInflow returns an error ([ErrInput]) if:
//   - the period is open at an end, or empty
//   - a deal has no creation date, or one that counts has an amount out of bounds or another currency than those before
func MeasureInflow(deals []Deal, p salesops.Period) (Inflow, error) {
	f := dealFaults{path: "deals"}
	days, ok := p.Days()
	if !ok || days == 0 {
		f.add(ErrInput, "", "period", p.String(), "must have a start, an end, and a day in between")
	}
	in := Inflow{Days: days}
	var m money
	for i := range deals {
		d := &deals[i]
		if d.Created.IsZero() {
			f.bad(i, d, "created", "", "must be a date")
			continue
		}
		if !p.Contains(d.Created) {
			continue
		}
		if !exact.Bounded(d.Amount) {
			f.bad(i, d, "amount", "", outOfBounds)
		}
		f.meet(&m, i, d)
		in.Amounts = append(in.Amounts, d.Amount)
		in.Currency = d.Currency
	}
	if err := f.err(); err != nil {
		return Inflow{}, err
	}
	return in, nil
}

// PerDay returns the number of deals created in a day, 0 if there are no days.
func (in Inflow) PerDay() float64 {
	if in.Days <= 0 {
		return 0
	}
	return float64(len(in.Amounts)) / float64(in.Days)
}

// check checks an Inflow and returns the sum of its amounts.
func (in Inflow) check(f *faults) exact.Num {
	var sum exact.Num
	if in.Days < 0 || in.Days == 0 && len(in.Amounts) > 0 {
		f.add(ErrInput, "", "inflow/days", strconv.Itoa(in.Days), "must be above 0")
	}
	for i, a := range in.Amounts {
		n, ok := exact.Admit(a)
		if !ok {
			f.add(ErrInput, "", "inflow/amounts/"+strconv.Itoa(i), "", outOfBounds)
		}
		sum = sum.Add(n)
	}
	return sum
}

// poissonShare is the greatest probability of the chances that stand for a Poisson number of wins: their variance is then short of
// it by at most that share.
const poissonShare = 0.02

// mostNewChances bounds the memory that chances of new deals take.
const mostNewChances = 1 << 20

// chances returns chances of deals to come when each amount is expected to be won so many times: the number of wins of each is
// Poisson, as that of all is then, and it is made up of small independent chances of the same sum.
func (in Inflow) chances(wins float64) ([]Chance, error) {
	if !(wins > 0) || len(in.Amounts) == 0 {
		return nil, nil
	}
	each := 1.0
	if wins > poissonShare {
		each = wins / poissonShare
	}
	if each*float64(len(in.Amounts)) > mostNewChances {
		return nil, &Error{
			Path: "inflow", Value: strconv.Itoa(len(in.Amounts)) + " deals in " + strconv.Itoa(in.Days) + " days", Err: ErrTooLarge,
			Msg: "is so much for the days to come that their range needs more than a million chances: look at more days, or at a part of the deals",
		}
	}
	n := int(each)
	if float64(n) < each {
		n++
	}
	out := make([]Chance, 0, n*len(in.Amounts))
	for _, a := range in.Amounts {
		for range n {
			out = append(out, Chance{Amount: a, P: wins / float64(n)})
		}
	}
	return out, nil
}
