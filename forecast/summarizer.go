package forecast

import (
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
	amount, ok := smallOf(d.Amount)
	if !ok {
		s.countLarge(t, i, d, c)
		return
	}
	if to := cell.amount.coef + amount.coef; amount.exp == cell.amount.exp && (cell.amount.coef^to)&(amount.coef^to) >= 0 {
		cell.amount.coef = to // as add does, without a call
	} else {
		cell.amount.addApart(amount)
	}
	if s.scale.kind == noWeight || !c.open() {
		return
	}
	if weight, ok := s.scale.of(&s.dealFaults, i, d, c); ok {
		cell.weighted.addProduct(amount, weight)
	}
}

// countLarge adds the amount of a deal that takes more than 64 bits.
func (s *summarizer) countLarge(t *totals, i int, d *Deal, c column) {
	amount, ok := exact.Admit(d.Amount)
	if !ok {
		s.bad(i, d, "amount", "", outOfBounds)
	}
	cell := &t.cells[c]
	cell.amount.rest = cell.amount.rest.Add(amount)
	if s.scale.kind == noWeight || !c.open() {
		return
	}
	if weight, ok := s.scale.of(&s.dealFaults, i, d, c); ok {
		cell.weighted.rest = cell.weighted.rest.Add(amount.Mul(weight.num()))
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
