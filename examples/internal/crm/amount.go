package crm

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

const (
	maxDigits   = 36
	maxExponent = 18
)

// A style is how a file writes numbers.
type style int

const (
	unknown      style = iota
	pointDecimal       // 1,234.50
	commaDecimal       // 1.234,50
)

// An amountCell is a number as its cell spells it.
type amountCell struct {
	value    decimal.Decimal // for open cells: read as a whole number with a group
	open     bool            // 1,234 or 1.234: a group or three decimals
	fraction decimal.Decimal // open cells read with three decimals
	sep      byte            // of open cells
	text     string          // of open cells
	proves   style           // what the cell proves about the file
	currency string          // ISO code found beside the number
}

// parseAmount reads a number with optional thousands separators (comma, point,
// blank, apostrophe), decimals after comma or point, sign (minus before or
// after, or parentheses), exponent (1.2E7) and currency sign or ISO code before
// or after. msg is not empty when the text is no number or is out of bounds.
func parseAmount(s string) (c amountCell, msg string) {
	body, negative, currency := strip(s)
	c.currency = currency
	exp := 0
	if i := strings.IndexAny(body, "eE"); i >= 0 {
		var ok bool
		if exp, ok = smallInt(body[i+1:]); !ok {
			return c, notNumber
		}
		body = body[:i]
	}
	whole, frac, open, proves, ok := splitNumber(body)
	if !ok || len(whole)+len(frac) == 0 {
		return c, notNumber
	}
	if open != 0 && exp != 0 {
		return c, notNumber // 1,234E3 is nobody's notation
	}
	c.proves, c.sep, c.open = proves, open, open != 0
	if c.value, ok = exact(whole, frac, exp, negative); !ok {
		return c, "out of range: at most 36 digits and 18 decimals or trailing zeros"
	}
	if c.open {
		c.text = body
		c.value, ok = exact(whole+frac, "", 0, negative)
		if !ok {
			return c, notNumber
		}
		c.fraction, _ = exact(whole, frac, 0, negative)
	}
	return c, ""
}

const notNumber = "not a number: write digits with at most one decimal sign, such as 1234.50"

// resolve returns the number of a cell, given how its file writes numbers.
func (c amountCell) resolve(st style) decimal.Decimal {
	if c.open && (c.sep == ',') == (st == commaDecimal) {
		return c.fraction
	}
	return c.value
}

// strip takes sign, currency and blanks off a number.
func strip(s string) (body string, negative bool, currency string) {
	if n := len(s); n > 2 && s[0] == '(' && s[n-1] == ')' {
		s, negative = s[1:n-1], true
	}
	plain := true
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != ',' {
			plain = false
			break
		}
	}
	if plain {
		return s, negative, ""
	}
	for range 3 { // sign and currency come in either order: -$5, $-5, 5 € -
		s = trimBlank(s)
		switch {
		case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "\u2212"):
			_, n := utf8.DecodeRuneInString(s)
			s, negative = s[n:], !negative
		case strings.HasPrefix(s, "+"):
			s = s[1:]
		case strings.HasSuffix(s, "-") && !strings.HasSuffix(s, "E-"):
			s, negative = s[:len(s)-1], !negative
		}
		s = trimBlank(s)
		if currency == "" {
			s, currency = trimCurrency(s)
		}
	}
	// Blanks and apostrophes between digits are thousands separators.
	if strings.ContainsAny(s, " '’\u00a0\u202f\u2009") {
		s = blanks.Replace(s)
	}
	return s, negative, strings.Trim(currency, "?")
}

var blanks = strings.NewReplacer(" ", "", "'", "", "’", "", "\u00a0", "", "\u202f", "", "\u2009", "")

func trimBlank(s string) string { return strings.Trim(s, " \u00a0\u202f\u2009") }

// trimCurrency takes a currency off either end. It returns the ISO code, or "?"
// for a sign that several currencies share.
func trimCurrency(s string) (rest, code string) {
	for _, sign := range [...]struct{ text, code string }{
		{"€", "EUR"}, {"£", "GBP"}, {"US$", "USD"}, {"CA$", "CAD"}, {"A$", "AUD"}, {"R$", "BRL"}, {"$", "?"}, {"¥", "?"}, {"₹", "INR"}, {"kr", "?"}, {"zł", "PLN"},
	} {
		if r, ok := strings.CutPrefix(s, sign.text); ok {
			return r, sign.code
		}
		if r, ok := strings.CutSuffix(s, sign.text); ok {
			return r, sign.code
		}
	}
	if n := len(s); n > 3 {
		if isCode(s[:3]) {
			return s[3:], s[:3]
		}
		if isCode(s[n-3:]) {
			return s[:n-3], s[n-3:]
		}
	}
	return s, ""
}

// isCode reports whether s has the form of an ISO 4217 code.
func isCode(s string) bool {
	if len(s) != 3 {
		return false
	}
	for i := range 3 {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// splitNumber splits digits with commas and points into whole and fraction.
// open is the separator when the text could be read in two ways.
func splitNumber(s string) (whole, frac string, open byte, proves style, ok bool) {
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != ',' && c != '.' {
			return "", "", 0, unknown, false
		}
	}
	switch {
	case commas == 0 && points == 0:
		return s, "", 0, unknown, true
	case commas > 0 && points > 0:
		dec, group, st := ".", ",", pointDecimal
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			dec, group, st = ",", ".", commaDecimal
		}
		whole, frac, _ = strings.Cut(s, dec)
		if strings.Contains(frac, dec) || strings.Contains(frac, group) || !grouped(whole, group) {
			return "", "", 0, unknown, false
		}
		return strings.ReplaceAll(whole, group, ""), frac, 0, st, true
	}
	sep, st, other := ",", commaDecimal, pointDecimal
	if points > 0 {
		sep, st, other = ".", pointDecimal, commaDecimal
	}
	if commas+points > 1 {
		if !grouped(s, sep) {
			return "", "", 0, unknown, false
		}
		return strings.ReplaceAll(s, sep, ""), "", 0, other, true
	}
	whole, frac, _ = strings.Cut(s, sep)
	if len(frac) == 3 && len(whole) >= 1 && len(whole) <= 3 && whole[0] != '0' {
		return whole, frac, sep[0], unknown, true
	}
	return whole, frac, 0, st, true
}

// grouped reports whether the separators stand where thousands, or the lakhs
// and crores of India, are grouped.
func grouped(s, sep string) bool {
	for first := true; ; first = false {
		part, rest, more := strings.Cut(s, sep)
		switch n := len(part); {
		case first && (n < 1 || n > 3), !first && !more && n != 3, !first && more && n != 3 && n != 2:
			return false
		case !more:
			return true
		}
		s = rest
	}
}

// exact builds ± whole.frac × 10^exp without rounding, within the bounds.
func exact(whole, frac string, exp int, negative bool) (decimal.Decimal, bool) {
	digits := strings.TrimLeft(whole+frac, "0")
	exp -= len(frac)
	if digits == "" {
		exp = max(min(exp, 0), -maxExponent)
	}
	if len(digits) > maxDigits || exp < -maxExponent || exp > maxExponent {
		return decimal.Decimal{}, false
	}
	var d decimal.Decimal
	if len(digits) <= maxExponent {
		var n int64
		for i := range len(digits) {
			n = n*10 + int64(digits[i]-'0')
		}
		d = decimal.New(n, int32(exp))
	} else {
		n, ok := new(big.Int).SetString(digits, 10)
		if !ok {
			return decimal.Decimal{}, false
		}
		d = decimal.NewFromBigInt(n, int32(exp))
	}
	if negative {
		d = d.Neg()
	}
	return d, true
}

// smallInt reads an exponent of one or two digits with optional sign.
func smallInt(s string) (int, bool) {
	sign := 1
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) < 1 || len(s) > 2 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return sign * n, true
}
