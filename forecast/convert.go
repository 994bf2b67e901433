package forecast

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// FX records a currency conversion.
type FX struct {
	// From is the original currency.
	From string `json:"from"`
	// Rate is how many units of the new currency one unit of the original one made.
	Rate decimal.Decimal `json:"rate"`
	// Amount is the original amount.
	Amount decimal.Decimal `json:"amount"`
}

// Convert returns the deals in the currency to. Amount is multiplied by the rate of each deal's own Close, exactly: nothing
// is rounded, so converting and then adding up is the same as the reverse. FX records the currency, rate and amount
// before; if the deal had been converted already, those before the first conversion, and the product of the rates. A deal
// that is in the currency already comes back as it is. The deals given are not changed.
//
// The function rate returns how many units of to one unit of from makes on a day, or false if there is no rate. It is
// called once for each currency and day; on is the zero Date for a deal without Close. The forecast then moves with the
// rates: where they are fixed for the year, or for open deals, which close on days that have no rate yet, rate returns the
// fixed one. Convert both snapshots of a [Compare] by the same rates, or their changes are changes of amounts.
//
// Convert returns an error ([ErrInput]) if:
//   - to is empty, or a deal has no currency
//   - there is no rate, or one that is not positive, for the currency and date of a deal; the first such deal is named
//   - a number, before or after, is out of bounds: an exponent beyond ±18 or more than 36 digits
func Convert(deals []Deal, to string, rate func(from, to string, on salesops.Date) (decimal.Decimal, bool)) ([]Deal, error) {
	c := converter{to: to, rate: rate, rates: make(map[quote]decimal.Decimal)}
	c.path = "deals"
	if to == "" {
		c.add(ErrInput, "", "to", "", "must name a currency")
	}
	if rate == nil {
		c.add(ErrInput, "", "rate", "", "must be set")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	out := make([]Deal, len(deals))
	for i := range deals {
		out[i] = deals[i]
		c.convert(i, &out[i])
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// converter is one run of Convert.
type converter struct {
	dealFaults
	to   string
	rate func(from, to string, on salesops.Date) (decimal.Decimal, bool)
	// rates holds the rates so far, zero if there is none that can be used; last and at are the latest.
	rates map[quote]decimal.Decimal
	last  quote
	at    decimal.Decimal
}

// quote is what a rate depends on.
type quote struct {
	from string
	on   salesops.Date
}

func (c *converter) convert(i int, d *Deal) {
	fx := FX{From: d.Currency, Amount: d.Amount}
	sound := c.bounded(i, d, "amount", d.Amount)
	if d.FX != nil {
		fx = *d.FX
		d.FX = &FX{From: fx.From, Rate: fx.Rate, Amount: fx.Amount} // not the caller's
		sound = c.bounded(i, d, "fx/rate", fx.Rate) && sound
		sound = c.bounded(i, d, "fx/amount", fx.Amount) && sound
	}
	switch {
	case d.Currency == "":
		c.bad(i, d, "currency", "", "must not be empty")
		return
	case d.Currency == c.to || !sound:
		return
	}
	q := quote{d.Currency, d.Close}
	if q != c.last {
		var fault string
		if c.at, fault = c.look(q); fault != "" {
			c.bad(i, d, "currency", d.Currency, "has no rate to "+quoted(c.to)+ofDay(q.on)+" that can be used: "+fault)
		}
		c.last = q
	}
	if c.at.IsZero() {
		return
	}
	rate := exact.From(c.at)
	if d.FX == nil {
		fx.Rate = c.at
	} else {
		fx.Rate = decimalOf(exact.From(fx.Rate).Mul(rate))
	}
	d.Currency, d.Amount, d.FX = c.to, decimalOf(exact.From(d.Amount).Mul(rate)), &fx
	if !exact.Bounded(d.Amount) || !exact.Bounded(fx.Rate) {
		c.bad(i, d, "amount", "", "times the rate "+shortened(c.at)+ofDay(q.on)+" is out of bounds; round the rate")
	}
}

// bounded tells of a number that is out of bounds.
func (c *converter) bounded(i int, d *Deal, field string, n decimal.Decimal) bool {
	if exact.Bounded(n) {
		return true
	}
	c.bad(i, d, field, "", outOfBounds)
	return false
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
		fault = "it " + outOfBounds
	case at.Sign() <= 0:
		fault = "it is " + shortened(at) + ", and must be positive"
	}
	if fault != "" {
		at = decimal.Decimal{}
	}
	c.rates[q] = at
	return at, fault
}

// ofDay names the date of a rate.
func ofDay(on salesops.Date) string {
	if on.IsZero() {
		return ""
	}
	return " of " + on.String()
}
