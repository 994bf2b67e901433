package comp

import (
	"github.com/shopspring/decimal"
)

// Diff compares two statements line by line, by ID: of the same case before and
// after a change of plan, quota or credits, say. Each line it returns has the
// amount before in Booked and the difference in Amount; lines that pay the same
// are left out. The Amounts sum to
// is.Net − was.Net. Lines are in the order of is, then those that only was has.
// The statements should be in the same currency. It takes O(n).
func Diff(was, is Statement) []Line {
	before := make(map[string]decimal.Decimal, len(was.Lines))
	for _, l := range was.Lines {
		before[l.ID] = l.Amount
	}
	var out []Line
	add := func(l Line, old, now decimal.Decimal) {
		change := wide(now).Sub(wide(old))
		if change.IsZero() {
			return
		}
		l.Booked, l.Amount, l.Why = old, change.Fixed(places(old, now)), nil
		out = append(out, l)
	}
	after := make(map[string]bool, len(is.Lines))
	for _, l := range is.Lines {
		add(l, before[l.ID], l.Amount)
		after[l.ID] = true
	}
	for _, l := range was.Lines {
		if !after[l.ID] {
			add(l, l.Amount, decimal.Decimal{})
		}
	}
	return out
}

// places is the larger number of decimal places of two sums of money.
func places(a, b decimal.Decimal) int32 {
	return min(max(-a.Exponent(), -b.Exponent(), 0), 18)
}
