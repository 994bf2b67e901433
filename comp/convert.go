package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Convert returns the credits in the currency to. Amount and Margin are multiplied
// by the rate of each credit's own date, exactly: nothing is rounded until pay is.
// Units are left alone. FX records the currency, rate and amount before; if the
// credit had been converted already, those before the first conversion, and the
// product of the rates. A credit that is in the currency already comes back as it is.
//
// The function rate returns how many units of to one unit of from makes on a day, or
// false if there is no rate. It is called once for each currency and day. As a refund
// is converted at the rate of its own day, it takes back more or less than was credited
// when rates have changed; where plans fix a rate for the year, rate returns that one.
// The credits returned share the Tags of those given, which are not changed.
//
// Convert returns an error ([ErrInput]) if:
//   - to is empty, or a credit has no currency or no date
//   - there is no rate, or one that is not positive, for the currency and date of a
//     credit; the first such credit is named
//   - a number, before or after, is out of bounds
func Convert(credits []Credit, to string, rate func(from, to string, on salesops.Date) (decimal.Decimal, bool)) ([]Credit, error) {
	c := converter{to: to, rate: rate, rates: make(map[quote]decimal.Decimal)}
	if to == "" {
		c.add("to", "", "must name a currency")
	}
	if rate == nil {
		c.add("rate", "", "must be set")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	out := make([]Credit, len(credits))
	for i := range credits {
		out[i] = credits[i]
		c.convert(i, &out[i])
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// converter is one run of Convert.
type converter struct {
	faults
	to   string
	rate func(from, to string, on salesops.Date) (decimal.Decimal, bool)
	// rates holds the rates so far, zero if there is none that can be used; last and
	// at are the latest.
	rates map[quote]decimal.Decimal
	last  quote
	at    decimal.Decimal
}

// quote is what a rate depends on.
type quote struct {
	from string
	on   salesops.Date
}

func (c *converter) convert(i int, cr *Credit) {
	bad := func(field, value, format string, args ...any) {
		c.addFor(cr.Payee, cr.ID, "credits/"+itoa(i)+"/"+field, value, format, args...)
	}
	before := FX{From: cr.Currency, Rate: decimal.New(1, 0), Amount: cr.Amount}
	if cr.FX != nil {
		before = *cr.FX
		cr.FX = &FX{From: before.From, Rate: before.Rate, Amount: before.Amount} // not the caller's
	}
	sound := true
	for _, n := range [...]struct {
		field string
		value decimal.Decimal
	}{{"amount", cr.Amount}, {"margin", cr.Margin}, {"fx/rate", before.Rate}, {"fx/amount", before.Amount}} {
		if !exact.Bounded(n.value) {
			bad(n.field, "", outOfBounds)
			sound = false
		}
	}
	switch {
	case cr.Currency == "":
		bad("currency", "", "must not be empty")
		return
	case cr.Date.IsZero():
		bad("date", "", "must be set")
		return
	case cr.Currency == c.to || !sound:
		return
	}
	q := quote{cr.Currency, cr.Date}
	if q != c.last {
		var fault string
		if c.at, fault = c.look(q); fault != "" {
			bad("currency", cr.Currency, "has no rate to %s on %s that can be used: %s", clip(c.to), q.on, fault)
		}
		c.last = q
	}
	if c.at.IsZero() {
		return
	}
	by := exact.From(c.at)
	fx := &FX{From: before.From, Rate: exact.From(before.Rate).Mul(by).Decimal(), Amount: before.Amount}
	cr.Currency, cr.FX = c.to, fx
	cr.Amount = exact.From(cr.Amount).Mul(by).Decimal()
	cr.Margin = exact.From(cr.Margin).Mul(by).Decimal()
	for _, n := range [...]struct {
		field string
		value decimal.Decimal
	}{{"amount", cr.Amount}, {"margin", cr.Margin}, {"fx/rate", fx.Rate}} {
		if !exact.Bounded(n.value) {
			bad(n.field, "", "times the rate %s of %s is out of bounds; round the rate", show(c.at), q.on)
		}
	}
}

// look finds a rate, or says why it cannot be used; each is told of once.
func (c *converter) look(q quote) (at decimal.Decimal, fault string) {
	if at, ok := c.rates[q]; ok {
		return at, ""
	}
	at, ok := c.rate(q.from, c.to, q.on)
	switch {
	case !ok:
		fault = "there is none"
	case !exact.Bounded(at):
		fault = "it is out of bounds: an exponent within ±18 and at most 36 digits are allowed"
	case at.Sign() <= 0:
		fault = "it is " + show(at) + ", and must be positive"
	}
	if fault != "" {
		at = decimal.Decimal{}
	}
	c.rates[q] = at
	return at, fault
}
