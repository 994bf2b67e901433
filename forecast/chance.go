package forecast

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Chance is a deal that may bring its amount.
type Chance struct {
	// ID names the deal in errors. It may be empty, and it may occur more than once.
	ID string `json:"id,omitempty"`
	// Amount is what the deal brings when it is won. It may be zero; it may be negative, as a credit note is.
	Amount decimal.Decimal `json:"amount"`
	// P is the probability that the deal is won within the period, from 0 to 1. Where it enters an exact figure, it stands
	// for the shortest decimal that reads as it: 0.3 is three tenths.
	P float64 `json:"p"`
}

// mostDigits is how many digits a total may have, those of a fraction included.
const mostDigits = 36

// lot is a group of like deals with one uncertain event each. The event is the less likely of winning and not winning,
// so that what is likely needs no computation: it is in the base of the [book].
type lot struct {
	amount exact.Num // what an event adds to the base; never 0
	value  float64   // the amount
	prob   float64   // of the event, in (0, ½]
	fall   bool      // the event is not winning
	count  int       // of deals
}

// book is a list of chances without their names and their order, both of which do not matter to the total.
type book struct {
	lots []lot     // the most uncertain first
	base exact.Num // the total if no event happens
	mean exact.Num // Σ amount × p
}

// book reads chances that stand at a path of the arguments.
func (f *faults) book(path string, chances []Chance) book {
	var b book
	b.lots = make([]lot, 0, len(chances))
	var size exact.Num
	var places int32 // of the amounts, less than 0
	for i := range chances {
		c := &chances[i]
		at := func(field string) string { return path + "/" + strconv.Itoa(i) + "/" + field }
		amount, ok := exact.Admit(c.Amount)
		if !ok {
			f.number(c.ID, at("amount"), c.Amount)
		}
		if !(c.P >= 0 && c.P <= 1) {
			f.add(ErrInput, c.ID, at("p"), floatText(c.P), "is not a probability: it must be from 0 to 1")
			continue
		}
		size = size.Add(amount.Abs())
		if c.Amount.Exponent() < places {
			places = min(places, amount.Decimal().Exponent()) // without trailing zeros
		}
		b.add(amount, c.P)
	}
	if size.Cmp(exact.New(1, mostDigits+places)) >= 0 {
		f.add(ErrTooLarge, "", path, "", "need more than "+strconv.Itoa(mostDigits)+" digits for sums of their amounts: give amounts of fewer digits")
	}
	b.lots = grouped(b.lots)
	return b
}

// add counts a deal.
func (b *book) add(amount exact.Num, p float64) {
	if amount.IsZero() || p == 0 {
		return
	}
	b.mean = b.mean.Add(amount.Mul(shortest(p)))
	e := lot{amount: amount, prob: p, count: 1}
	if p > 0.5 {
		b.base = b.base.Add(amount)
		e.amount, e.prob, e.fall = amount.Neg(), 1-p, true
	}
	if e.prob > 0 {
		b.lots = append(b.lots, e)
	}
}

// grouped sorts lots and merges equal ones.
func grouped(lots []lot) []lot {
	slices.SortFunc(lots, func(a, b lot) int {
		if c := cmp.Compare(b.prob, a.prob); c != 0 {
			return c
		}
		if c := b.amount.Cmp(a.amount); c != 0 {
			return c
		}
		if a.fall != b.fall && b.fall {
			return -1
		}
		if a.fall != b.fall {
			return 1
		}
		return 0
	})
	n := 0
	for _, e := range lots {
		if n > 0 {
			if p := &lots[n-1]; p.prob == e.prob && p.fall == e.fall && p.amount.Cmp(e.amount) == 0 {
				p.count += e.count
				continue
			}
		}
		e.value = floatOf(e.amount)
		lots[n] = e
		n++
	}
	return lots[:n]
}

// shortest returns the decimal with the fewest digits that reads as p, which is finite; 0 if p is not above 0.
func shortest(p float64) exact.Num {
	if !(p > 0) { // also -0, which has a sign
		return exact.Num{}
	}
	var buf [32]byte
	var coef int64
	var places, exp int32
	for text := strconv.AppendFloat(buf[:0], p, 'e', -1, 64); ; text = text[1:] { // such as 1.25e-07
		switch c := text[0]; c {
		case '.':
			places = int32(len(text))
		case 'e':
			if places > 0 {
				places -= int32(len(text)) + 1
			}
			for _, digit := range text[2:] {
				exp = 10*exp + int32(digit-'0')
			}
			if text[1] == '-' {
				exp = -exp
			}
			return exact.New(coef, exp-places)
		default:
			coef = 10*coef + int64(c-'0')
		}
	}
}
