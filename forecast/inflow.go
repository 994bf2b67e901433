package forecast

import (
	"math"
	"slices"
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

const (
	// poissonShare is the greatest probability of the chances that stand for a Poisson number of wins: their variance is then
	// short of its by at most that share.
	poissonShare = 0.05
	// mostNewChances bounds the memory that the chances of new deals take.
	mostNewChances = 1 << 20
	// Of more different amounts than mostSizes, the largest are kept as they are and the others put into classes of about as
	// many deals.
	mostSizes, largestSizes = 256, 64
)

// size is an amount that deals to come may have, and how many deals of the inflow stand for it.
type size struct {
	amount exact.Num
	deals  int
}

// sizes returns the different amounts, or classes of them with their mean.
func (in Inflow) sizes() []size {
	all := make([]exact.Num, len(in.Amounts))
	finest := int32(0)
	for i, a := range in.Amounts {
		all[i] = exact.From(a)
		finest = max(finest, -a.Exponent())
	}
	slices.SortFunc(all, exact.Num.Cmp)
	var out []size
	for _, a := range all {
		if n := len(out); n > 0 && out[n-1].amount.Cmp(a) == 0 {
			out[n-1].deals++
			continue
		}
		out = append(out, size{a, 1})
	}
	if len(out) <= mostSizes {
		return out
	}
	slices.SortStableFunc(out, func(a, b size) int { return b.amount.Abs().Cmp(a.amount.Abs()) })
	few := slices.Clone(out[:largestSizes])
	rest := out[largestSizes:]
	slices.SortFunc(rest, func(a, b size) int { return a.amount.Cmp(b.amount) })
	left := len(all)
	for _, s := range few {
		left -= s.deals
	}
	seen := 0
	var class size
	for i, s := range rest {
		class.amount = class.amount.Add(s.amount.Mul(exact.Int(int64(s.deals))))
		class.deals += s.deals
		seen += s.deals
		// Classes end where their share of the deals does; a size with many deals may end several at once.
		if due := float64(len(few)-largestSizes+1) / (mostSizes - largestSizes); float64(seen) >= due*float64(left) || i == len(rest)-1 {
			class.amount, _ = exact.Quo(class.amount, exact.Int(int64(class.deals)), min(finest+4, 18), exact.HalfEven)
			few = append(few, class)
			class = size{}
		}
	}
	return few
}

// chances returns chances of deals to come when each deal of the inflow is expected to be won again so many times. The
// number of wins of each size is Poisson, as that of all is then, and made up of small independent chances.
func (in Inflow) chances(wins float64) ([]Chance, error) {
	if !(wins > 0) || len(in.Amounts) == 0 {
		return nil, nil
	}
	sizes := in.sizes()
	if most := float64(wins*float64(len(in.Amounts)))/poissonShare + float64(len(sizes)); !(most <= mostNewChances) {
		return nil, &Error{
			Path: "inflow", Value: strconv.Itoa(len(in.Amounts)) + " deals in " + strconv.Itoa(in.Days) + " days", Err: ErrTooLarge,
			Msg: "is so much for the days to come that their range needs more than a million chances: look at a part of the deals, or a shorter period",
		}
	}
	var out []Chance
	for _, s := range sizes {
		rate := float64(wins * float64(s.deals))
		n := math.Ceil(rate / poissonShare)
		c := Chance{Amount: s.amount.Decimal(), P: rate / n}
		for range int(n) {
			out = append(out, c)
		}
	}
	return out, nil
}
