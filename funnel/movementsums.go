package funnel

import (
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// bar is a part of a movement, as in the chart, from left to right.
type bar int8

const (
	barStart bar = iota
	barCreated
	barReopened
	barPulledIn
	barTransferredIn
	barIncreased
	barDecreased
	barPushedOut
	barWon
	barLost
	barLeft
	barRemoved
	barTransferredOut
	barEnd
	bars // how many there are
)

// parts returns the parts in the order of the bars.
func (m *Movement) parts() [bars]*Part {
	return [bars]*Part{
		&m.Start, &m.Created, &m.Reopened, &m.PulledIn, &m.TransferredIn, &m.Increased,
		&m.Decreased, &m.PushedOut, &m.Won, &m.Lost, &m.Left, &m.Removed, &m.TransferredOut, &m.End,
	}
}

// key is the name of the part in JSON.
func (at bar) key() string {
	return [bars]string{
		"start", "created", "reopened", "pulledIn", "transferredIn", "increased",
		"decreased", "pushedOut", "won", "lost", "left", "removed", "transferredOut", "end",
	}[at]
}

// out reports whether the part counts against those that come in.
func (at bar) out() bool { return at >= barDecreased }

// ofAmounts reports whether the part holds changes of amounts, which move no deal.
func (at bar) ofAmounts() bool { return at == barIncreased || at == barDecreased }

func (e Entry) bar() (at bar, ok bool) {
	switch e {
	case AtStart:
		return barStart, true
	case Created:
		return barCreated, true
	case Reopened:
		return barReopened, true
	case PulledIn:
		return barPulledIn, true
	case TransferredIn:
		return barTransferredIn, true
	}
	return 0, false
}

// bar is that of the exit of a change.
func (e Exit) bar() (at bar, ok bool) {
	switch e {
	case "", Open:
		return barEnd, true
	case PushedOut:
		return barPushedOut, true
	case Won:
		return barWon, true
	case Lost:
		return barLost, true
	case Left:
		return barLeft, true
	case Removed:
		return barRemoved, true
	case TransferredOut:
		return barTransferredOut, true
	default:
		return 0, false
	}
}

// movementSums is a movement to count with.
type movementSums struct {
	currency string
	count    [bars]int64
	amount   [bars]exact.Num
}

// add counts a change that was checked, and does something.
func (s *movementSums) add(c *Change) {
	in, _ := c.Entry.bar()
	out, _ := c.Exit.bar()
	first, last := exact.From(c.EntryAmount), exact.From(c.ExitAmount)
	s.put(in, first)
	if c.EntryGroup != c.ExitGroup {
		s.put(barTransferredOut, first)
		s.put(barTransferredIn, first)
	}
	switch change := last.Sub(first); change.Sign() {
	case 1:
		s.put(barIncreased, change)
	case -1:
		s.put(barDecreased, change.Neg())
	}
	s.put(out, last)
}

func (s *movementSums) put(at bar, n exact.Num) {
	s.count[at]++
	s.amount[at] = s.amount[at].Add(n)
}

func (s *movementSums) plus(t *movementSums) {
	for at := range s.count {
		s.count[at] += t.count[at]
		s.amount[at] = s.amount[at].Add(t.amount[at])
	}
}

func (s *movementSums) minus(t *movementSums) {
	for at := range s.count {
		s.count[at] -= t.count[at]
		s.amount[at] = s.amount[at].Sub(t.amount[at])
	}
}

// entries is how many times deals came in.
func (s *movementSums) entries() int64 {
	var n int64
	for _, v := range s.count[:barIncreased] {
		n += v
	}
	return n
}

func (s *movementSums) isEmpty() bool { return s.entries() == 0 }

// balance is 0 deals and 0 in amount for sums of changes.
func (s *movementSums) balance() (count int64, amount exact.Num) {
	for at := range bars {
		n, v := s.count[at], s.amount[at]
		if at.ofAmounts() {
			n = 0
		}
		if at.out() {
			n, v = -n, v.Neg()
		}
		count += n
		amount = amount.Add(v)
	}
	return count, amount
}

// movement returns the sums of m, and tells its faults. nil is the movement of no deals.
func (f *faults) movement(kind error, m *Movement) movementSums {
	if m == nil {
		return movementSums{}
	}
	s := movementSums{currency: m.Currency}
	bad := false
	for at, p := range m.parts() {
		n, ok := admitSum(p.Amount)
		if !ok {
			f.add(kind, "", bar(at).key()+"/amount", "", "is out of bounds: the exponent must be within -18 and 54, and the amount below 10^54")
			bad = true
		}
		s.count[at], s.amount[at] = p.Count, n
	}
	if bad || !f.sums(kind, &s) {
		return movementSums{}
	}
	return s
}

// sums checks whether changes can sum up to s.
func (f *faults) sums(kind error, s *movementSums) bool {
	sound := true
	bad := func(path, value, msg string) {
		f.add(kind, "", path, value, msg)
		sound = false
	}
	if !utf8.ValidString(s.currency) {
		bad("currency", s.currency, notUTF8)
	}
	limit := exact.New(1, maxSum)
	for at := range bars {
		n, v := s.count[at], s.amount[at]
		switch {
		case n == 0 && v.IsZero(): // as most are
		case n < 0 || n > maxCount:
			bad(at.key()+"/count", strconv.FormatInt(n, 10), "must be from 0 to 2^59")
		case n == 0:
			bad(at.key()+"/amount", "", "must be 0, as that of no deals")
		case v.Sign() <= 0 && at.ofAmounts():
			bad(at.key()+"/amount", "", "must be above 0, as all changes of amounts in it are")
		case v.Abs().Cmp(limit) >= 0:
			bad(at.key()+"/amount", "", "must be below 10^54")
		}
	}
	if !sound {
		return false
	}
	switch count, amount := s.balance(); {
	case count != 0:
		bad("end/count", strconv.FormatInt(s.count[barEnd], 10), "must be "+strconv.FormatInt(s.count[barEnd]+count, 10)+", to which the other parts add up")
	case !amount.IsZero():
		bad("end/amount", textOf(s.amount[barEnd]), "is not "+textOf(s.amount[barEnd].Add(amount))+", to which the other parts add up")
	case s.count[barIncreased]+s.count[barDecreased] > s.entries():
		bad("increased/count", strconv.FormatInt(s.count[barIncreased], 10), "and decreased/count are more than there are deals")
	}
	return sound
}

// store writes the sums to m, unless there were faults or they have some.
func (f *faults) store(kind error, m *Movement, s *movementSums) error {
	if err := f.err(); err != nil {
		return err
	}
	if !f.sums(kind, s) {
		return f.err()
	}
	s.write(m)
	return nil
}

// write writes sums that are sound to m.
func (s *movementSums) write(m *Movement) {
	if m.Currency = s.currency; s.isEmpty() {
		m.Currency = ""
	}
	for at, p := range m.parts() {
		if p.Count != s.count[at] { // else the amount is the same, as those of no deals are 0
			*p = Part{s.count[at], written(s.amount[at])}
		}
	}
}

// Bounds of sums. Numbers that pass the door are below 10^36, so that maxCount of them keep below 10^54.
const (
	maxCount = 1 << 59 // so that counts of all parts can be added up in an int64
	maxSum   = 54      // the power of ten that amounts do not reach
)

// admitSum is the door for sums of amounts: wider than that for amounts.
func admitSum(d decimal.Decimal) (n exact.Num, ok bool) {
	if n, ok = exact.Admit(d); ok {
		return n, true
	}
	exp := d.Exponent()
	if exp < -18 || exp > maxSum {
		return n, false
	}
	// Decimals of equal exponents compare by the length of their coefficients first.
	limit := decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(maxSum-exp)), nil), exp)
	if d.Cmp(limit) >= 0 || d.Cmp(limit.Neg()) <= 0 {
		return n, false
	}
	return exact.From(d), true
}

// written returns a sum as a decimal of the one form that equal sums have, with no zeros at the end behind the decimal point
// and none left out before it: 10^20 has more of them than a decimal that is to pass the door may leave out.
func written(n exact.Num) decimal.Decimal {
	if d := n.Decimal(); d.Exponent() <= 0 {
		return d
	}
	return n.Fixed(0)
}

// textOf returns a sum as text, with all its places.
func textOf(n exact.Num) string {
	d := written(n)
	return d.StringFixed(-d.Exponent())
}
