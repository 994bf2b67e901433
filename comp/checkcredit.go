package comp

import (
	"github.com/salesops-go/salesops/internal/exact"
)

// check checks what can be seen in a row alone, but for its currency.
func (d *Deal) check(bad func(field, value, format string, args ...any)) {
	if d.ID == "" {
		bad("id", "", "must not be empty")
	}
	if d.Date.IsZero() {
		bad("date", "", "must be set")
	}
	if !exact.Bounded(d.Amount) {
		bad("amount", "", outOfBounds)
	}
	if !exact.Bounded(d.Margin) {
		bad("margin", "", outOfBounds)
	}
	if !exact.Bounded(d.Units) {
		bad("units", "", outOfBounds)
	}
	switch d.event() {
	case Booking, Invoice, Payment, Release:
	case Refund, Cancel:
		if d.Ref == "" {
			bad("ref", "", "of a %s must name what it takes back; a credit note for no deal in particular is a booking with a negative amount", d.Event)
		}
		if d.Amount.IsPositive() && exact.Bounded(d.Amount) {
			bad("amount", show(d.Amount), "of a %s must be negative: it takes back what it refers to", d.Event)
		}
	default:
		bad("event", string(d.Event), "is not an event: use booking, invoice, payment, refund, cancel or release")
	}
}

// checkCredit checks what can be seen in a credit of the case alone.
func (r *run) checkCredit(i int, cr *Credit) bool {
	before := len(r.list) + r.more
	bad := func(field, value, format string, args ...any) {
		r.addDeal(cr.ID, "credits/"+itoa(i)+"/"+field, value, format, args...)
	}
	cr.check(bad)
	if cr.Payee != "" && cr.Payee != r.in.Payee.ID {
		bad("payee", cr.Payee, "is not the payee of the case; pass each payee's own credits")
	}
	if cr.Currency != r.c.plan.Currency && (cr.Currency != "" || cr.event() != Release) {
		bad("currency", cr.Currency, "is not the plan's %s; convert the credits first, with Convert", r.c.plan.Currency)
	}
	// These two are told in explanations, and nowhere counted with.
	if !exact.Bounded(cr.Share) {
		bad("share", "", outOfBounds)
	}
	if fx := cr.FX; fx != nil {
		if !exact.Bounded(fx.Rate) {
			bad("fx/rate", "", outOfBounds)
		}
		if !exact.Bounded(fx.Amount) {
			bad("fx/amount", "", outOfBounds)
		}
	}
	switch cr.kind() {
	case Direct, Overlay, RolledUp:
	default:
		bad("kind", string(cr.Kind), "is not a kind of credit: use direct, overlay or rollup")
	}
	return len(r.list)+r.more == before
}

// same reports whether two credits with the same ID say the same.
func (c *Credit) same(o *Credit) bool {
	return c.Ref == o.Ref && c.event() == o.event() && c.Date == o.Date && c.Currency == o.Currency &&
		c.Amount.Equal(o.Amount) && c.Margin.Equal(o.Margin) && c.Units.Equal(o.Units) && sameTags(c.Tags, o.Tags)
}

func sameTags(a, b Tags) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}
