package forecast

import (
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// summarizer is one run of Summarize or SummarizeBy.
type summarizer struct {
	dealFaults
	q     *Query
	all   bool // the period is zero
	scale *scale
}

// totals is a Summary in the making.
type totals struct {
	cells [columns]struct {
		deals            int
		amount, weighted adder
	}
	money money
}

func newSummarizer(q *Query) *summarizer {
	s := &summarizer{q: q, all: q.Period.IsZero()}
	s.path = "deals"
	if q.Period.Check() != nil {
		s.add(ErrInput, "", "query/period", q.Period.String(), endsFirst)
	}
	s.scale = q.Weight.scale(&s.faults)
	return s
}

// counts returns the column of a deal, and whether it counts.
func (s *summarizer) counts(i int, d *Deal) (column, bool) {
	if !s.all && !s.within(s.q.Period, i, d) {
		return unknown, false
	}
	c := d.column()
	if c == unknown {
		s.unknown(i, d)
	}
	return c, c != unknown
}

// count adds a deal to its column.
func (s *summarizer) count(t *totals, i int, d *Deal, c column) {
	if t.money.currency != d.Currency || !t.money.set {
		s.meet(&t.money, i, d)
	}
	cell := &t.cells[c]
	cell.deals++
	weighs := s.scale.kind != noWeight && c.open()
	amount, ok := smallOf(d.Amount)
	if !ok {
		s.countLarge(t, i, d, c, weighs)
		return
	}
	cell.amount.add(amount)
	if weighs {
		if weight, ok := s.scale.of(&s.dealFaults, i, d, c); ok {
			cell.weighted.addProduct(amount, weight)
		}
	}
}

// countLarge adds the amount of a deal that takes more than 64 bits.
func (s *summarizer) countLarge(t *totals, i int, d *Deal, c column, weighs bool) {
	amount, ok := exact.Admit(d.Amount)
	if !ok {
		s.bad(i, d, "amount", "", outOfBounds)
	}
	cell := &t.cells[c]
	cell.amount.rest = cell.amount.rest.Add(amount)
	if weighs {
		if weight, ok := s.scale.of(&s.dealFaults, i, d, c); ok {
			cell.weighted.rest = cell.weighted.rest.Add(amount.Mul(weight.num()))
		}
	}
}

// summary is what the totals come to.
func (s *summarizer) summary(t *totals) Summary {
	sum := Summary{Currency: t.money.currency, HasWeights: s.scale.kind != noWeight}
	if sum.HasWeights {
		t.cells[closed].weighted = t.cells[closed].amount
	}
	for c, cell := range sum.cells() {
		if from := &t.cells[c]; from.deals > 0 {
			*cell = Cell{from.deals, decimalOf(from.amount.num()), decimalOf(from.weighted.num())}
		}
	}
	return sum
}

// small is a number with a coefficient of 64 bits.
type small struct {
	coef int64
	exp  int32
}

// smallOf returns d, if it is within bounds and is small.
func smallOf(d decimal.Decimal) (small, bool) {
	s := small{d.CoefficientInt64(), d.Exponent()} // all of the coefficient, or its low bits
	return s, -18 <= s.exp && s.exp <= 0 && d.Cmp(decimal.New(s.coef, s.exp)) == 0
}

func (s small) num() exact.Num { return exact.New(s.coef, s.exp) }

// adder adds up numbers, exactly and without memory: those with the exponent of the first in 64 bits, while they last.
type adder struct {
	small
	rest exact.Num
}

func (a *adder) num() exact.Num { return a.rest.Add(a.small.num()) }

func (a *adder) add(n small) {
	to := a.coef + n.coef
	switch {
	case n.exp == a.exp && (a.coef^to)&(n.coef^to) >= 0: // else the sum has neither sign, and overflows
		a.coef = to
	case a.coef == 0:
		a.small = n
	default:
		a.rest = a.rest.Add(n.num())
	}
}

// addProduct adds n times a weight, which is not negative.
func (a *adder) addProduct(n, weight small) {
	mag := uint64(max(n.coef, -n.coef))
	if hi, lo := bits.Mul64(mag, uint64(weight.coef)); hi == 0 && int64(lo) >= 0 {
		a.add(small{n.coef * weight.coef, n.exp + weight.exp})
		return
	}
	a.rest = a.rest.Add(n.num().Mul(weight.num()))
}
