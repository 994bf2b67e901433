package page

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// None is the cell of a number that is zero or does not apply.
const None = "-"

// Money writes an amount with two decimal places, more if it has more, and None
// for zero.
func Money(d decimal.Decimal) string {
	if d.IsZero() {
		return None
	}
	return Amount(d)
}

// Amount is money that shows zero, too.
func Amount(d decimal.Decimal) string {
	places := max(2, -d.Exponent())
	for places > 2 && d.Equal(d.Truncate(places-1)) {
		places--
	}
	return Group(d.StringFixed(places))
}

// Trim is an amount without decimal places that are zero.
func Trim(d decimal.Decimal) string { return strings.TrimSuffix(Amount(d), ".00") }

// Whole is money, without decimal places that are zero.
func Whole(d decimal.Decimal) string { return strings.TrimSuffix(Money(d), ".00") }

// Number is a count, and None for zero.
func Number(n int) string {
	if n == 0 {
		return None
	}
	return Count(n)
}

// Count writes a number of things.
func Count(n int) string { return Group(fmt.Sprint(n)) }

// Percent writes a ratio in percent with one decimal place.
func Percent(a, b decimal.Decimal) string {
	if !b.IsPositive() {
		return None
	}
	return Group(a.Shift(2).DivRound(b, 1).StringFixed(1)) + "%"
}

// Group puts commas between thousands.
func Group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// Share writes a share in percent with one decimal place.
func Share(share float64) string { return fmt.Sprintf("%.1f%%", 100*share) }

// Things writes a number of things by the name of one: 1 deal, 2 deals.
func Things(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + one + "s"
}
